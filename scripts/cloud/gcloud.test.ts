/** What is told of a command of gcloud's that failed. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { createGcloud } from './gcloud.ts';

/** What is told where gcloud says that on standard error, and fails. */
async function told(stderr: string): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'gcloud-'));
  try {
    writeFileSync(join(folder, 'stderr'), stderr);
    writeFileSync(join(folder, 'gcloud'), `#!/bin/sh\ncat '${folder}/stderr' >&2\nexit 1\n`, { mode: 0o755 });
    const env = { ...process.env, PATH: `${folder}${delimiter}${process.env.PATH}` };
    const ran = await createGcloud({ emulator: undefined }, env).run(['builds', 'submit']);
    assert.is(ran.exitCode, 1);
    return ran.stderr;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

test('the error, without the account', async () => {
  for (const account of [
    'authenticated as you@example.com which is the active account specified by the [core/account] property.',
    'authenticated with an access token from /tmp/token specified by the [auth/access_token_file] property.',
    'unauthenticated because the [auth/disable_credentials] property is True',
  ])
    assert.is(
      await told(`Deploying...failed.\nERROR: (gcloud.run) NOT_FOUND: it. This command is ${account}\n`),
      'ERROR: (gcloud.run) NOT_FOUND: it.',
    );
});

test('a word within a line is no error', async () => {
  const said = 'BUILD FAILURE: step 1 said npm ERROR: no space';
  assert.is(
    await told(`${said}\nERROR: (gcloud.builds.submit) FAILURE\n`),
    `ERROR: (gcloud.builds.submit) FAILURE\n${said}`,
  );
});

test('of a build that failed why, and where its log is', async () => {
  const logs =
    'Logs are available at [ https://console.cloud.google.com/cloud-build/builds/1?project=acme ].';
  assert.is(
    await told(
      `Creating temporary archive of 3 file(s)\n${logs}\n\nBUILD FAILURE: npm ci failed\nERROR: (gcloud.builds.submit) build 1 completed with status "FAILURE"\n`,
    ),
    `ERROR: (gcloud.builds.submit) build 1 completed with status "FAILURE"\nBUILD FAILURE: npm ci failed\n${logs}`,
  );
});

test.run();
