/** skopeo, which nobody here wrote, pushes to the emulator and pulls from it. */
import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { seed } from '../emulator/registry/seed.ts';
import { startEmulator } from '../emulator/server.ts';
import { digestOf, image, index, writeLayout } from './images.ts';
import { testWith } from './parts.ts';
import { send } from './rest.ts';

const run = promisify(execFile);
const skopeo = async (...args: string[]) => (await run('skopeo', ['--insecure-policy', ...args])).stdout;
const insecure = ['--src-tls-verify=false', '--dest-tls-verify=false'];

testWith(test, ['skopeo'], 'an image and an index go up and come back with equal digests', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'skopeo-'));
  const emulator = await startEmulator();
  try {
    const { registry, host, url } = emulator;
    seed(registry, 'projects/p/locations/us/repositories/r');
    seed(registry, 'projects/example.com:q/locations/europe/repositories/s');
    const single = image('single');
    const multi = index([image('multi'), image('multi', { architecture: 'arm64' })]);
    const up = join(folder, 'up');
    writeLayout(up, { single, multi });
    await skopeo('copy', ...insecure, `oci:${up}:single`, `docker://${host}/us/p/r/team/app:single`);
    await skopeo('copy', '--all', ...insecure, `oci:${up}:multi`, `docker://${host}/us/p/r/team/app:multi`);
    // From one repository of the registry to another, where blobs are mounted rather than sent.
    const copy = `docker://${host}/europe/example.com/q/s/app:multi`;
    await skopeo('copy', '--all', ...insecure, `docker://${host}/us/p/r/team/app:multi`, copy);

    const raw = await skopeo('inspect', '--raw', '--tls-verify=false', copy);
    assert.is(digestOf(Buffer.from(raw)), multi.digest);
    const down = join(folder, 'down');
    await skopeo('copy', ...insecure, `docker://${host}/us/p/r/team/app:single`, `oci:${down}:single`);
    await skopeo('copy', '--all', ...insecure, copy, `oci:${down}:multi`);
    const { manifests } = JSON.parse(readFileSync(join(down, 'index.json'), 'utf8'));
    assert.equal(
      manifests.map((each: { digest: string }) => each.digest),
      [single.digest, multi.digest],
    );
    const tags = JSON.parse(
      await skopeo('list-tags', '--tls-verify=false', `docker://${host}/us/p/r/team/app`),
    );
    assert.equal(tags.Tags, ['multi', 'single']);

    const { body } = await send(`${url}/v1/projects/p/locations/us/repositories/r/dockerImages`);
    assert.is(body.dockerImages.length, 4);
    const missing = await skopeo(
      'copy',
      ...insecure,
      `oci:${up}:single`,
      `docker://${host}/us/p/none/app:1`,
    ).catch((error) => error.stderr);
    assert.match(missing, /name unknown: Repository \\"none\\" not found/);
  } finally {
    await emulator.close();
    rmSync(folder, { recursive: true });
  }
});

test.run();
