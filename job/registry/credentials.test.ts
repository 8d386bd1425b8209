import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import {
  anonymous,
  applicationDefault,
  emulatorCredentials,
  isGoogle,
  type Token,
  tokenCredentials,
} from './credentials.ts';
import { failureOf, skippingClock } from './testing.ts';

const test = suite('credentials');
const api = new URL('https://artifactregistry.googleapis.com/v1/x');

test('a token goes to Google’s hosts, encrypted, and nowhere else', () => {
  const yes = [
    'https://artifactregistry.googleapis.com/v1/x',
    'https://europe-west1-docker.pkg.dev/v2/',
    'https://artifactregistry-psc.p.googleapis.com/',
  ];
  const no = [
    'http://artifactregistry.googleapis.com/',
    'https://googleapis.com.example.org/',
    'https://evilgoogleapis.com/',
    'https://pkg.dev.evil.com/',
    'https://storage.example.com/?x=.googleapis.com',
    'http://127.0.0.1:8787/',
    'http://169.254.169.254/',
  ];
  for (const url of yes) assert.ok(isGoogle(new URL(url)), url);
  for (const url of no) assert.not(isGoogle(new URL(url)), url);
});

test('a token is kept until shortly before it ends', async () => {
  const clock = skippingClock();
  let count = 0;
  const source = async (): Promise<Token> => ({ value: `t${++count}`, expires: clock.now() + 3600_000 });
  const credentials = tokenCredentials(source, isGoogle, clock);
  assert.is(await credentials.authorization(api), 'Bearer t1');
  await clock.sleep(54 * 60_000);
  assert.is(await credentials.authorization(api), 'Bearer t1');
  await clock.sleep(2 * 60_000);
  assert.is(await credentials.authorization(api), 'Bearer t2');
  assert.is(await credentials.authorization(api, true), 'Bearer t3');
  assert.is(await credentials.authorization(api), 'Bearer t3');
});

test('many requests at once get one token', async () => {
  let count = 0;
  const credentials = tokenCredentials(async () => ({ value: `t${++count}`, expires: undefined }), isGoogle);
  const given = await Promise.all(Array.from({ length: 20 }, () => credentials.authorization(api)));
  assert.equal(new Set(given), new Set(['Bearer t1']));
});

test('a failure to get a token is not kept', async () => {
  let count = 0;
  const credentials = tokenCredentials(async () => {
    if (++count === 1) throw new Error('no metadata server');
    return { value: 'late', expires: undefined };
  }, isGoogle);
  await credentials.authorization(api).then(
    () => assert.unreachable(),
    (error: Error) => assert.match(error.message, /no metadata server/),
  );
  assert.is(await credentials.authorization(api), 'Bearer late');
});

test('where none can be had, the last serves to its end', async () => {
  const clock = skippingClock();
  let isDown = false;
  const source = async (): Promise<Token> => {
    if (isDown) throw new Error('no metadata server');
    return { value: 't', expires: clock.now() + 3600_000 };
  };
  const credentials = tokenCredentials(source, isGoogle, clock);
  await credentials.authorization(api);
  isDown = true;
  await clock.sleep(58 * 60_000);
  assert.is(await credentials.authorization(api), 'Bearer t');
  await clock.sleep(60_000);
  await credentials.authorization(api).then(
    () => assert.unreachable(),
    (error: Error) => assert.match(error.message, /no metadata server/),
  );
});

/** What Google's library is told in a test: where a token is, and that nothing else is to be looked for. */
async function withEnvironment(more: Record<string, string>, body: () => Promise<void>): Promise<void> {
  const before = { ...process.env };
  Object.assign(process.env, { HOME: '/nonexistent', CLOUDSDK_CONFIG: '/nonexistent', ...more });
  delete process.env.GOOGLE_APPLICATION_CREDENTIALS;
  try {
    await body();
  } finally {
    process.env = before;
  }
}

test('on Cloud Run the token is the service account’s, from the metadata server', async () => {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    asked.push(request.url ?? '');
    response.setHeader('metadata-flavor', 'Google');
    if (request.url?.includes('universe')) response.end('googleapis.com');
    else if (request.url?.includes('/token')) {
      response.setHeader('content-type', 'application/json');
      response.end(
        JSON.stringify({ access_token: `t${asked.length}`, expires_in: 3600, token_type: 'Bearer' }),
      );
    } else response.end('acme');
  }).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  await withEnvironment(
    { GCE_METADATA_HOST: host, METADATA_SERVER_DETECTION: 'assume-present' },
    async () => {
      const credentials = applicationDefault();
      const first = await credentials.authorization(api);
      assert.match(first ?? '', /^Bearer t\d+$/);
      assert.is(await credentials.authorization(api), first);
      assert.is(asked.filter((path) => path.includes('/token')).length, 1);
      // Not accepted: another is asked for, not the one that the library keeps.
      assert.is.not(await credentials.authorization(api, true), first);
      assert.is(await credentials.authorization(new URL('https://example.org/')), undefined);
    },
  );
  server.closeAllConnections();
  server.close();
});

test('without credentials it says how to get some', async () => {
  await withEnvironment({ METADATA_SERVER_DETECTION: 'none' }, async () => {
    const error = await failureOf(applicationDefault().authorization(api));
    assert.is(error.kind, 'permission');
    assert.match(error.message, /^there are no credentials: run 'gcloud auth application-default login'/);
  });
});

test('the emulator’s token goes to the emulator alone', async () => {
  const credentials = emulatorCredentials('secret', 'http://127.0.0.1:8787');
  assert.is(await credentials.authorization(new URL('http://127.0.0.1:8787/v1/x')), 'Bearer secret');
  for (const url of ['http://127.0.0.1:8788/', 'https://127.0.0.1:8787/', api.href])
    assert.is(await credentials.authorization(new URL(url)), undefined);
  assert.is(await anonymous.authorization(api), undefined);
});

test.run();
