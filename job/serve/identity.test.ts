import { createSign, generateKeyPairSync } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { googleVerify, tokenGuard } from './identity.ts';

const audience = 'https://replicator.run.app';
const email = 'scheduler@acme.iam.gserviceaccount.com';
const pair = () => generateKeyPairSync('rsa', { modulusLength: 2048 });
const google = pair();
const pem = google.publicKey.export({ type: 'spki', format: 'pem' });
let asked = 0;
let isDown = false;
const certificates = createServer((_, response) => {
  asked++;
  if (isDown) response.writeHead(400).end();
  else
    response
      .writeHead(200, { 'content-type': 'application/json', 'cache-control': 'max-age=3600' })
      .end(JSON.stringify({ one: pem }));
});

function sign(
  claims: Record<string, unknown> = {},
  key = google.privateKey,
  header: Record<string, unknown> = {},
): string {
  const now = Math.floor(Date.now() / 1000);
  const payload = {
    iss: 'https://accounts.google.com',
    aud: audience,
    iat: now,
    exp: now + 3600,
    email,
    email_verified: true,
    ...claims,
  };
  const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const text = `${part({ alg: 'RS256', kid: 'one', ...header })}.${part(payload)}`;
  return `${text}.${createSign('RSA-SHA256').update(text).sign(key, 'base64url')}`;
}

const identity = suite('identity');
let verify: ReturnType<typeof googleVerify>;
const check = (authorization: string | undefined, allowed = [email]) =>
  tokenGuard(audience, allowed, verify)(authorization);

identity.before(async () => {
  await new Promise<void>((resolve) => certificates.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(certificates.address() as AddressInfo).port}/`;
  verify = googleVerify({ url });
});
identity.after(() => {
  certificates.close();
});

identity('a token that is no good by itself is refused without asking for certificates', async () => {
  const now = Math.floor(Date.now() / 1000);
  const cases: [string | undefined, RegExp][] = [
    [undefined, /no identity token/],
    ['', /no bearer token/],
    ['Basic abc', /no bearer token/],
    ['Bearer abc', /no bearer token/],
    ['Bearer a.b.c', /holds no identity token/],
    [`Bearer ${'a'.repeat(9000)}.b.c`, /no bearer token/],
    [`Bearer ${sign({ aud: 'https://other.run.app' })}`, /its audience is another/],
    [`Bearer ${sign({ aud: [audience] })}`, /its audience is another/],
    [`Bearer ${sign({ exp: now - 4000, iat: now - 8000 })}`, /out of its time/],
  ];
  for (const [authorization, message] of cases) {
    const turned = await check(authorization);
    assert.is(turned?.status, 401, authorization);
    assert.match(turned?.message ?? '', message);
  }
  assert.is(asked, 0);
});

identity('certificates that cannot be had are no fault of the caller', async () => {
  isDown = true;
  const turned = await check(`Bearer ${sign()}`);
  isDown = false;
  assert.is(turned?.status, 503);
});

identity("a token of Google's for this service, of an account that may call", async () => {
  assert.is(await check(`Bearer ${sign()}`), undefined);
  assert.is(await check(`bearer ${sign({ email: email.toUpperCase() })}`), undefined);
  assert.is(await check(`Bearer ${sign({ email: 'stranger@example.com' })}`, ['*']), undefined);
  // Once for all of them.
  assert.is(asked, 2);
});

identity('signed by another, unknown key, unsigned, another issuer, too long, not yet', async () => {
  const now = Math.floor(Date.now() / 1000);
  const [head = '', body = ''] = sign().split('.');
  const none = Buffer.from(JSON.stringify({ alg: 'none', kid: 'one' })).toString('base64url');
  for (const token of [
    sign({}, pair().privateKey),
    sign({}, google.privateKey, { kid: 'two' }),
    `${none}.${body}.AAAA`,
    `${head}.${body}.AAAA`,
    sign({ iss: 'https://evil.example' }),
    sign({ exp: now + 100_000 }),
    sign({ iat: now + 4000, exp: now + 7000 }),
  ]) {
    const turned = await check(`Bearer ${token}`);
    assert.is(turned?.status, 401);
    assert.not.ok(turned?.message.includes(token.split('.')[1] ?? '?'), 'the token is not told');
  }
});

identity('an account that may not call, or whose address was never verified', async () => {
  for (const claims of [{ email: 'stranger@example.com' }, { email_verified: false }, { email: undefined }])
    assert.is((await check(`Bearer ${sign(claims)}`))?.status, 403);
});

identity.run();
