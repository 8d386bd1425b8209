/**
 * The main job with other people's programs at both ends: skopeo pushes to the leader, gcloud creates repositories,
 * deploys what the generator wrote and runs it, skopeo reads the followers.
 */

import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { startEmulator } from '../emulator/server.ts';
import { gcloudAt } from './gcloud.ts';
import type { Summary } from './harness.ts';
import { digestOf, image, index, writeLayout } from './images.ts';
import { testWith } from './parts.ts';

const test = suite('whole product');
const run = promisify(execFile);
const root = fileURLToPath(new URL('..', import.meta.url));

const config = `
import { defineConfig } from '${root}generator/config.ts';
export default defineConfig({
  name: 'images',
  project: 'acme',
  region: 'europe-west1',
  source: 'europe-west1-docker.pkg.dev/acme/leader',
  destinations: [
    'projects/acme/locations/us-central1/repositories/follower',
    { project: 'acme-dr', location: 'asia-east1', repository: 'follower' },
  ],
  poll: { initialDelay: 1, maxDelay: 1 },
});
`;

testWith(
  test,
  ['gcloud', 'skopeo'],
  'skopeo pushes, gcloud deploys and runs, skopeo reads equal digests from each follower',
  async () => {
    const folder = mkdtempSync(join(tmpdir(), 'whole-'));
    const emulator = await startEmulator({ behavior: { copyStartSeconds: 0, copyMinimumSeconds: 0 } });
    const { url, host } = emulator;
    const gcloud = gcloudAt(url, 'acme', join(folder, 'gcloud'));
    const skopeo = async (...args: string[]) => (await run('skopeo', ['--insecure-policy', ...args])).stdout;
    const node = (...args: string[]) => run(process.execPath, ['--import', 'tsx', ...args], { cwd: root });
    try {
      writeFileSync(join(folder, 'replicator.config.ts'), config);
      await node('scripts/generate.ts', '--config', join(folder, 'replicator.config.ts'), '--out', folder);

      await gcloud(
        'artifacts',
        'repositories',
        'create',
        'leader',
        '--location=europe-west1',
        '--repository-format=docker',
      );
      await gcloud(
        'artifacts',
        'repositories',
        'create',
        'follower',
        '--location=us-central1',
        '--repository-format=docker',
      );
      await gcloud(
        'artifacts',
        'repositories',
        'create',
        'follower',
        '--project=acme-dr',
        '--location=asia-east1',
        '--repository-format=docker',
      );

      const single = image('single');
      const multi = index([image('multi'), image('multi', { architecture: 'arm64' })]);
      const layout = join(folder, 'layout');
      writeLayout(layout, { single, multi });
      const leader = `docker://${host}/europe-west1/acme/leader/team/app`;
      await skopeo('copy', '--dest-tls-verify=false', `oci:${layout}:single`, `${leader}:single`);
      await skopeo('copy', '--all', '--dest-tls-verify=false', `oci:${layout}:multi`, `${leader}:multi`);

      await gcloud(
        'workflows',
        'deploy',
        'images',
        '--location=europe-west1',
        `--source=${join(folder, 'images.yaml')}`,
      );
      const dry = await gcloud<{ state: string; result: string }>(
        'workflows',
        'run',
        'images',
        '--location=europe-west1',
        '--data={"dryRun": true}',
      );
      assert.is((JSON.parse(dry.result) as Summary).state, 'dryRun');
      const done = await gcloud<{ name: string; state: string; result: string }>(
        'workflows',
        'run',
        'images',
        '--location=europe-west1',
      );
      assert.is(done.state, 'SUCCEEDED');
      assert.is(
        (JSON.parse(done.result) as Summary).message,
        '2 of 2 destinations copied to; versions copied: 8',
      );

      const listed = await gcloud<{ state: string }[]>(
        'workflows',
        'executions',
        'list',
        'images',
        '--location=europe-west1',
      );
      assert.equal(
        listed.map(({ state }) => state),
        ['SUCCEEDED', 'SUCCEEDED'],
      );
      const described = await gcloud<{ state: string }>('workflows', 'executions', 'describe', done.name);
      assert.is(described.state, 'SUCCEEDED');

      for (const follower of ['us-central1/acme', 'asia-east1/acme-dr']) {
        const name = `docker://${host}/${follower}/follower/team/app`;
        for (const [tag, { digest }] of [
          ['single', single],
          ['multi', multi],
        ] as const)
          assert.is(
            digestOf(Buffer.from(await skopeo('inspect', '--raw', '--tls-verify=false', `${name}:${tag}`))),
            digest,
          );
        const down = join(folder, follower.replace('/', '-'));
        await skopeo('copy', '--all', '--src-tls-verify=false', `${name}:multi`, `oci:${down}:multi`);
        const { manifests } = JSON.parse(readFileSync(join(down, 'index.json'), 'utf8'));
        assert.is(manifests[0].digest, multi.digest);
      }
      const images = await gcloud<unknown[]>(
        'artifacts',
        'docker',
        'images',
        'list',
        'us-central1-docker.pkg.dev/acme/follower',
        '--include-tags',
      );
      assert.ok(images.length >= 2);
      const facts = await gcloud<{ format: string }>(
        'artifacts',
        'repositories',
        'describe',
        'follower',
        '--location=us-central1',
      );
      assert.is(facts.format, 'DOCKER');
    } finally {
      await emulator.close();
      rmSync(folder, { recursive: true, force: true });
    }
  },
);

test('the demo ends with followers that equal the leader, in under 30 s', async () => {
  const began = Date.now();
  const { stdout } = await run(process.execPath, ['--import', 'tsx', 'scripts/demo.ts'], { cwd: root });
  assert.match(stdout, /copy_to_us_central1_prod › start_copy/);
  assert.match(stdout, /succeeded {2}3 of 3 destinations copied to/);
  assert.is(stdout.match(/ yes$/gm)?.length, 3);
  assert.match(stdout, /Every follower is equal to the leader\./);
  assert.ok(Date.now() - began < 30_000);
  assert.not.ok(stdout.includes('\u001b['), 'no colour without a terminal');
});

test.run();
