/** gcloud, which nobody here wrote, works with the emulator's Artifact Registry. */
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { startEmulator } from '../emulator/server.ts';
import { image, index, push } from './images.ts';
import { testWith } from './parts.ts';
import { type Json, send } from './rest.ts';

const run = promisify(execFile);

testWith(test, ['gcloud'], 'repositories, images, tags and policies', async () => {
  const config = mkdtempSync(join(tmpdir(), 'gcloud-'));
  const emulator = await startEmulator();
  const { url } = emulator;
  const gcloud = async (line: string): Promise<Json> => {
    const { stdout } = await run('gcloud', ['artifacts', ...line.split(' '), '--format=json'], {
      env: {
        PATH: process.env.PATH,
        CLOUDSDK_API_ENDPOINT_OVERRIDES_ARTIFACTREGISTRY: `${url}/`,
        CLOUDSDK_AUTH_DISABLE_CREDENTIALS: 'true',
        CLOUDSDK_CORE_PROJECT: 'p',
        CLOUDSDK_CORE_DISABLE_PROMPTS: '1',
        CLOUDSDK_CONFIG: config,
      },
    });
    return stdout.trim() === '' ? undefined : JSON.parse(stdout);
  };
  try {
    const at = '--location=europe-west1';
    await gcloud(`repositories create leader --repository-format=docker ${at} --labels=team=a`);
    const described = await gcloud(`repositories describe leader ${at}`);
    assert.is(described.name, 'projects/p/locations/europe-west1/repositories/leader');
    assert.equal(described.labels, { team: 'a' });

    const child = image('one');
    const both = index([child, image('two', { architecture: 'arm64' })]);
    await push(url, 'europe-west1/p/leader/team/app', both, 'v1');
    const repository = 'europe-west1-docker.pkg.dev/p/leader';
    // The commands don't depend on each other from here on, and each takes most of a second.
    const [images, files] = await Promise.all([
      gcloud(`docker images list ${repository} --include-tags`),
      gcloud(`files list --repository=leader ${at}`),
      gcloud(
        `repositories add-iam-policy-binding leader ${at} --member=user:a@example.com --role=roles/artifactregistry.reader`,
      ),
      gcloud(`repositories update leader ${at} --description=changed`),
    ]);
    assert.is(images.length, 3);
    const listed = images.find((each: Json) => each.version === both.digest);
    assert.is(listed.package, `${repository}/team/app`);
    assert.match(JSON.stringify(listed.tags), 'v1');
    assert.is(files.length, 7);
    const name = 'projects/p/locations/europe-west1/repositories/leader';
    const policy = await send(`${url}/v1/${name}:getIamPolicy`);
    assert.equal(policy.body.bindings, [
      { role: 'roles/artifactregistry.reader', members: ['user:a@example.com'] },
    ]);
    assert.is((await send(`${url}/v1/${name}`)).body.description, 'changed');

    const refused = await gcloud(`docker images delete ${repository}/team/app@${child.digest}`).catch(
      (error) => error.stderr,
    );
    assert.match(refused, /GOOGLE_MANIFEST_DANGLING_PARENT_IMAGE/);
    await gcloud(`docker images delete ${repository}/team/app:v1 --delete-tags`);
    assert.is((await send(`${url}/v1/${name}/packages/team%2Fapp/versions/${both.digest}`)).status, 404);
    await gcloud(`repositories delete leader ${at}`);
    assert.is((await send(`${url}/v1/${name}`)).status, 404);
  } finally {
    await emulator.close();
    rmSync(config, { recursive: true });
  }
});

test.run();
