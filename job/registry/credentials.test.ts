import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { anonymous, emulatorCredentials, isGoogle, type Token, tokenCredentials } from './credentials.ts';
import { skippingClock } from './testing.ts';

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

test('the emulator’s token goes to the emulator alone', async () => {
  const credentials = emulatorCredentials('secret', 'http://127.0.0.1:8787');
  assert.is(await credentials.authorization(new URL('http://127.0.0.1:8787/v1/x')), 'Bearer secret');
  for (const url of ['http://127.0.0.1:8788/', 'https://127.0.0.1:8787/', api.href])
    assert.is(await credentials.authorization(new URL(url)), undefined);
  assert.is(await anonymous.authorization(api), undefined);
});

test.run();
