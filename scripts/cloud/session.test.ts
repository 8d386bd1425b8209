/** Access tokens, which are good for an hour: following a run takes as long as the run. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { ApiError } from './api.ts';
import { openReader } from './session.ts';

const test = suite('sessions');

/** Answers as the metadata server of Google Cloud, with tokens that live so many seconds, one after the other. */
async function withTokens(lifetimes: readonly number[], body: () => Promise<void>): Promise<void> {
  let given = 0;
  const server = createServer((request, response) => {
    response.setHeader('metadata-flavor', 'Google');
    if (request.url?.includes('universe')) return response.end('googleapis.com');
    if (!request.url?.includes('/token')) return response.end('acme');
    const token = { access_token: `t${given}`, expires_in: lifetimes[given++], token_type: 'Bearer' };
    return response.setHeader('content-type', 'application/json').end(JSON.stringify(token));
  }).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const before = { ...process.env };
  Object.assign(process.env, { HOME: '/nonexistent', CLOUDSDK_CONFIG: '/nonexistent' });
  process.env.GCE_METADATA_HOST = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  process.env.METADATA_SERVER_DETECTION = 'assume-present';
  delete process.env.GOOGLE_APPLICATION_CREDENTIALS;
  try {
    await body();
  } finally {
    process.env = before;
    server.closeAllConnections();
    server.close();
  }
}

test('a reader asks for another token when the one it has is about to expire, and only then', async () => {
  const { fetch } = globalThis;
  const bearers: (string | null)[] = [];
  globalThis.fetch = async (_, init) => {
    bearers.push(new Headers(init?.headers).get('authorization'));
    return Response.json({});
  };
  try {
    await withTokens([10, 3600], async () => {
      const { api, logIn } = openReader({});
      await logIn();
      for (let i = 0; i < 2; i++) await api.get('logging', 'v2/x');
    });
  } finally {
    globalThis.fetch = fetch;
  }
  assert.equal(bearers, ['Bearer t1', 'Bearer t1']);
});

test('a token that cannot be had for want of a network is no answer, and no reason to log in', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'session-'));
  const file = join(folder, 'credentials.json');
  writeFileSync(
    file,
    JSON.stringify({ type: 'authorized_user', client_id: 'a', client_secret: 'b', refresh_token: 'c' }),
  );
  const before = { ...process.env };
  // Nobody listens there.
  Object.assign(process.env, {
    GOOGLE_APPLICATION_CREDENTIALS: file,
    HTTPS_PROXY: 'http://127.0.0.1:1',
    NO_PROXY: '',
  });
  try {
    const error = await openReader({})
      .logIn()
      .catch((caught: unknown) => caught);
    assert.instance(error, ApiError);
    assert.match((error as ApiError).message, /^no access token: .*ECONNREFUSED/);
  } finally {
    process.env = before;
    rmSync(folder, { recursive: true });
  }
});

test.run();
