import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { systemClock } from '../../registry/clock.ts';
import { createLimiter } from '../../registry/limiter.ts';
import { noLimits } from '../../registry/testing.ts';
import { dockerRemedies } from '../open.ts';
import { createOciRegistry, share } from '../registry.ts';
import { type FakeRegistry, startFakeRegistry } from '../testing.ts';
import { readChallenge } from './challenge.ts';
import type { Login } from './docker-config.ts';
import { registryLogin } from './registry-login.ts';

const basic = `Basic ${Buffer.from('user:s3cret').toString('base64')}`;

test('challenges, as registries write them', () => {
  const read = (header: string) => {
    const challenge = readChallenge(header);
    return challenge?.scheme === 'bearer' ? [challenge.realm.href, challenge.service] : challenge?.scheme;
  };
  assert.equal(read('Bearer realm="https://auth.example/token",service="a, b",scope="x"'), [
    'https://auth.example/token',
    'a, b',
  ]);
  assert.equal(read('bearer realm=https://auth.example/token'), ['https://auth.example/token', '']);
  assert.equal(read('Basic realm="x", Bearer realm="https://a.example/"'), ['https://a.example/', '']);
  assert.is(read('BASIC realm="x"'), 'basic');
  for (const header of [
    '',
    'Negotiate',
    'Bearer realm="nowhere"',
    `Bearer realm="https://a/${'x'.repeat(5000)}"`,
  ])
    assert.is(read(header), undefined, header.slice(0, 40));
});

/** A registry whose token server is itself. */
async function withTokens(
  body: (
    registry: FakeRegistry,
    open: (login?: Login, now?: () => number) => ReturnType<typeof createOciRegistry>,
    tokens: {
      asked: { query: URLSearchParams; authorization: string | undefined }[];
      good: Set<string>;
      life: number;
    },
  ) => Promise<void>,
): Promise<void> {
  const registry = await startFakeRegistry();
  const tokens = {
    asked: [] as { query: URLSearchParams; authorization: string | undefined }[],
    good: new Set<string>(),
    life: 60,
  };
  registry.hook = ({ url, headers }, response) => {
    if (url.startsWith('/token')) {
      tokens.asked.push({
        query: new URL(url, registry.origin).searchParams,
        authorization: headers.authorization,
      });
      const token = `token-${tokens.asked.length}`;
      tokens.good.add(token);
      response.end(JSON.stringify({ token, expires_in: tokens.life }));
      return true;
    }
    if (tokens.good.has(String(headers.authorization).replace('Bearer ', ''))) return false;
    response.writeHead(401, { 'www-authenticate': `Bearer realm="${registry.origin}/token",service="fake"` });
    response.end();
    return true;
  };
  try {
    const open = (login?: Login, now: () => number = Date.now) => {
      const shared = share({ limiter: createLimiter(noLimits, systemClock) });
      const { host, origin } = registry;
      const clock = { ...systemClock, now };
      const auth = registryLogin({ host, origin, logins: async () => login, wire: shared.wire, clock });
      return createOciRegistry(origin, auth, dockerRemedies, shared);
    };
    await body(registry, open, tokens);
  } finally {
    await registry.stop();
  }
}

test('one token for each repository and purpose, however many ask at once', () =>
  withTokens(async (registry, open, { asked }) => {
    registry.repository('a');
    registry.repository('b');
    const client = open({ user: 'user', password: 's3cret' });
    const [a, b] = [client.repository('a'), client.repository('b')];
    await Promise.all(Array.from({ length: 20 }, () => a.tags()));
    await Promise.all([b.tags(), b.tags()]);
    await a.startUpload(`sha256:${'0'.repeat(64)}`, 'b');
    assert.equal(
      asked.map(({ query }) => query.getAll('scope').join(' ')),
      ['repository:a:pull', 'repository:b:pull', 'repository:a:pull,push repository:b:pull'],
    );
    for (const { query, authorization } of asked) {
      assert.is(authorization, basic);
      assert.is(query.get('service'), 'fake');
    }
    for (const { url, headers } of registry.came)
      if (!url.startsWith('/token')) assert.not.ok(String(headers.authorization).startsWith('Basic'));
  }));

test('a token is renewed before it ends, and once when it is taken back', () =>
  withTokens(async (registry, open, tokens) => {
    registry.repository('a');
    let now = 1_000_000;
    const a = open(undefined, () => now).repository('a');
    await a.tags();
    now += 40_000;
    await a.tags();
    assert.is(tokens.asked.length, 1);
    now += 10_000;
    const before = registry.came.length;
    await a.tags();
    assert.is(tokens.asked.length, 2);
    assert.is(registry.came.length - before, 2, 'no request was turned away for it');
    tokens.good.clear();
    await a.tags();
    assert.is(tokens.asked.length, 3);
    assert.is(tokens.asked[0]?.authorization, undefined);
  }));

test('credentials that are not accepted are an error that names the host and no secret', () =>
  withTokens(async (registry, open) => {
    const { hook } = registry;
    registry.hook = (came, response, request) => {
      if (!came.url.startsWith('/token')) return hook?.(came, response, request) ?? false;
      response.writeHead(401);
      response.end(JSON.stringify({ details: 'incorrect username or password' }));
      return true;
    };
    const error = await open({ user: 'user', password: 's3cret' })
      .repository('a')
      .tags()
      .catch((thrown: Error) => thrown);
    assert.match(String(error), /cannot sign in at 127\.0\.0\.1:\d+: .* did not take the credentials/);
    assert.not.ok(String(error).includes('s3cret'));
  }));

test('a token server elsewhere is sent no password', () =>
  withTokens(async (registry, open) => {
    const other = await startFakeRegistry();
    try {
      other.hook = (_came, response) => {
        response.writeHead(401);
        response.end();
        return true;
      };
      registry.hook = (_came, response) => {
        const realm = other.origin.replace('127.0.0.1', 'localhost');
        response.writeHead(401, { 'www-authenticate': `Bearer realm="${realm}/token"` });
        response.end();
        return true;
      };
      const error = await open({ user: 'user', password: 's3cret' })
        .repository('a')
        .tags()
        .catch((thrown: Error) => thrown);
      assert.match(String(error), /is of another domain and was not sent the password/);
      for (const { headers } of other.came) assert.is(headers.authorization, undefined);
    } finally {
      await other.stop();
    }
  }));

test('a token that stands for a person is changed for one for the repository', () =>
  withTokens(async (registry, open, { good }) => {
    let form = '';
    const { hook } = registry;
    registry.hook = async (came, response, request) => {
      if (!came.url.startsWith('/token')) return hook?.(came, response, request) ?? false;
      for await (const piece of request) form += piece;
      good.add('changed');
      response.end(JSON.stringify({ access_token: 'changed' }));
      return true;
    };
    registry.repository('a');
    await open({ identityToken: 'refresh' }).repository('a').tags();
    const fields = Object.fromEntries(new URLSearchParams(form));
    assert.is(fields.grant_type, 'refresh_token');
    assert.is(fields.refresh_token, 'refresh');
    assert.is(fields.scope, 'repository:a:pull');
  }));

test.run();
