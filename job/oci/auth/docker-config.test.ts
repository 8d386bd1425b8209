import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { dockerLogins, type Login } from './docker-config.ts';

const base64 = (text: string) => Buffer.from(text).toString('base64');

async function withConfig(
  config: unknown,
  body: (logins: (host: string) => Promise<Login | undefined>, folder: string) => Promise<void>,
  helper = '',
): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'docker-config-'));
  try {
    if (config !== undefined)
      writeFileSync(
        join(folder, 'config.json'),
        typeof config === 'string' ? config : JSON.stringify(config),
      );
    writeFileSync(join(folder, 'docker-credential-test'), `#!/bin/sh\n${helper}\n`);
    chmodSync(join(folder, 'docker-credential-test'), 0o755);
    await body(dockerLogins({ DOCKER_CONFIG: folder, PATH: `${folder}:${process.env.PATH}` }), folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

async function failure(work: Promise<unknown>): Promise<string> {
  return work.then(
    () => 'it did not fail',
    (error: Error) => error.message,
  );
}

test('users and passwords, by host, as old and new clients write it', () =>
  withConfig(
    {
      auths: {
        'one.example': { auth: base64('user:pass:word') },
        'https://two.example:5000/v1/': { auth: base64('other:secret') },
        'https://index.docker.io/v1/': { auth: base64('hub:secret') },
        'three.example': { identitytoken: 'refresh' },
        'four.example': {},
      },
    },
    async (logins) => {
      assert.equal(await logins('one.example'), { user: 'user', password: 'pass:word' });
      assert.equal(await logins('two.example:5000'), { user: 'other', password: 'secret' });
      assert.equal(await logins('docker.io'), { user: 'hub', password: 'secret' });
      assert.equal(await logins('three.example'), { identityToken: 'refresh' });
      for (const host of ['four.example', 'five.example', 'two.example', 'one.example.evil', 'constructor'])
        assert.is(await logins(host), undefined, host);
    },
  ));

test('without a file nobody has credentials', () =>
  withConfig(undefined, async (logins) => assert.is(await logins('one.example'), undefined)));

test('a helper for a host, and one for all', async () => {
  const answer = `read host; echo "{\\"Username\\":\\"$1\\",\\"Secret\\":\\"for $host\\"}"`;
  const both = { credHelpers: { 'one.example': 'test' }, auths: { 'two.example': { auth: base64('a:b') } } };
  await withConfig(
    both,
    async (logins) => {
      assert.equal(await logins('one.example'), { user: 'get', password: 'for one.example' });
      assert.equal(await logins('two.example'), { user: 'a', password: 'b' });
    },
    answer,
  );
  await withConfig(
    { credsStore: 'test' },
    async (logins) =>
      assert.equal(await logins('docker.io'), { user: 'get', password: 'for https://index.docker.io/v1/' }),
    answer,
  );
  await withConfig(
    { credsStore: 'test' },
    async (logins) => assert.equal(await logins('x.example'), { identityToken: 'refresh' }),
    'echo \'{"Username":"<token>","Secret":"refresh"}\'',
  );
});

test('a helper that has none, fails, or says something else', async () => {
  const of = (helper: string, body: (logins: (host: string) => Promise<unknown>) => Promise<void>) =>
    withConfig({ credsStore: 'test' }, body, helper);
  await of('echo credentials not found in native keychain; exit 1', async (logins) =>
    assert.is(await logins('one.example'), undefined),
  );
  await of('echo s3cret; exit 3', async (logins) => {
    const message = await failure(logins('one.example'));
    assert.is(message, 'docker-credential-test failed for one.example (exit 3)');
  });
  await of('echo s3cret', async (logins) => {
    const message = await failure(logins('one.example'));
    assert.is(message, 'docker-credential-test gave no credentials for one.example');
  });
});

test('nothing that could become a path or a command is run', async () => {
  for (const helper of ['../evil', 'a b', '/bin/sh', '$(id)', '-x', ''])
    await withConfig({ credHelpers: { 'one.example': helper } }, async (logins) => {
      const message = await failure(logins('one.example'));
      if (helper === '') assert.is(message, 'it did not fail');
      else assert.match(message, /is no name of a program/);
    });
  await withConfig({ credsStore: 'not-installed-anywhere' }, async (logins) =>
    assert.match(
      await failure(logins('one.example')),
      /cannot run docker-credential-not-installed-anywhere.*ENOENT/,
    ),
  );
});

test('a broken file is named, and not shown', async () => {
  for (const text of ['{"auths": s3cret', '[', '"s3cret"'])
    await withConfig(text, async (logins) => {
      const message = await failure(logins('one.example'));
      assert.match(message, /config\.json is no JSON object/);
      assert.not.ok(message.includes('s3cret'));
    });
  await withConfig({ auths: { 'one.example': { auth: 'czNjcmV0' } } }, async (logins) =>
    assert.match(await failure(logins('one.example')), /is not the Base64 of USER:PASSWORD/),
  );
});

test.run();
