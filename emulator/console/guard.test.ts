/** Who may talk to the console, and what every answer carries. */
import { type IncomingMessage, request } from 'node:http';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Emulator } from '../server.ts';
import { withEmulator } from './testing.ts';

const parent = 'projects/p/locations/europe-west1';

/** A request with headers that fetch does not let one set. */
function rawAnswer(
  port: number,
  method: string,
  path: string,
  headers: Record<string, string>,
): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    request({ host: '127.0.0.1', port, method, path, headers }, (answer) => {
      answer.resume();
      resolve(answer);
    })
      .on('error', reject)
      .end(method === 'POST' ? '{}' : undefined);
  });
}

/** The status of a request. */
async function raw(
  { port }: Emulator,
  method: string,
  path: string,
  headers: Record<string, string>,
): Promise<number> {
  return (await rawAnswer(port, method, path, headers)).statusCode ?? 0;
}

const guarded = suite('console: who may talk to it');

guarded('a page is answered with a strict policy, under loopback names only', () =>
  withEmulator(async (emulator) => {
    const page = await fetch(`${emulator.url}/`);
    assert.is(page.status, 200);
    assert.match(page.headers.get('content-security-policy') ?? '', /default-src 'none'; script-src 'self'/);
    assert.is(page.headers.get('x-content-type-options'), 'nosniff');
    assert.is(await raw(emulator, 'GET', '/', { host: `localhost:${emulator.port}` }), 200);
    assert.is(await raw(emulator, 'GET', '/', { host: 'evil.example' }), 403);
    assert.is(
      await raw(emulator, 'GET', '/console/api/workflows', { host: `rebound.test:${emulator.port}` }),
      403,
    );
  }),
);

guarded('only its own pages may ask for a change', () =>
  withEmulator(async (emulator) => {
    const { host, url } = emulator;
    const json = { 'content-type': 'application/json' };
    const to = '/console/api/cancel';
    assert.is(await raw(emulator, 'POST', to, { host, ...json }), 403);
    assert.is(await raw(emulator, 'POST', to, { host, ...json, origin: 'http://evil.example' }), 403);
    assert.is(await raw(emulator, 'POST', to, { host, ...json, origin: 'null' }), 403);
    // The right origin gets as far as being told what is missing.
    assert.is(await raw(emulator, 'POST', to, { host, ...json, origin: url }), 400);
  }),
);

guarded('files of the page are had by their names, and nothing else is', () =>
  withEmulator(async (emulator) => {
    assert.is((await fetch(`${emulator.url}/console/main.js`)).status, 200);
    for (const path of ['service.ts', 'tsconfig.json', '..%2fservice.ts', '%2e%2e/service.ts', 'nothing.js'])
      assert.is((await fetch(`${emulator.url}/console/${path}`)).status, 404, path);
  }),
);

guarded('neither faults nor roles are in its way', () =>
  withEmulator(
    async (emulator) => {
      assert.is((await fetch(`${emulator.url}/v1/${parent}/repositories`)).status, 503);
      const answer = await fetch(`${emulator.url}/console/api/workflows`);
      assert.is(answer.status, 200);
    },
    { iam: true, faults: [{ path: '*', status: 503 }] },
  ),
);

guarded('whatever the answer, it carries the policy and is not kept', () =>
  withEmulator(async ({ url, host, port }) => {
    const own = { origin: url, 'content-type': 'application/json' };
    const answers: [status: number, method: string, path: string, headers?: Record<string, string>][] = [
      [200, 'GET', '/'],
      [200, 'HEAD', '/'],
      [200, 'GET', '/console/main.js'],
      [200, 'GET', '/console/icon.svg'],
      [200, 'GET', '/console/api/workflows'],
      [400, 'GET', '/console/api/execution'],
      [400, 'GET', `/console/api/executions?offset=${'9'.repeat(5000)}`],
      [404, 'GET', '/console/api/steps?execution=%E0%A4%A'],
      [404, 'GET', `/console/api/execution?execution=${'x'.repeat(12_000)}`],
      [404, 'GET', '/console/nothing.js'],
      [404, 'GET', '/console/%E0%A4%A.js'],
      [404, 'GET', '/console/api/nothing'],
      [404, 'POST', '/', own],
      [403, 'OPTIONS', '/console/api/cancel'],
      [403, 'POST', '/console/api/cancel', { ...own, origin: 'http://evil.example' }],
      [403, 'GET', '/', { host: `localhost.:${port}` }],
      [403, 'GET', '/', { host: `localhost.evil.example:${port}` }],
      [403, 'GET', '/', { host: `0.0.0.0:${port}` }],
      // A port that is forwarded from another one.
      [200, 'GET', '/', { host: '127.0.0.1:1' }],
      [200, 'GET', '/', { host: `[::1]:${port}` }],
    ];
    for (const [status, method, path, headers] of answers) {
      const what = `${method} ${path.slice(0, 60)} ${JSON.stringify(headers ?? {})}`;
      const answer = await rawAnswer(port, method, path, { host, ...headers });
      assert.is(answer.statusCode, status, what);
      assert.match(String(answer.headers['content-security-policy']), /default-src 'none'/, what);
      assert.is(answer.headers['cache-control'], 'no-store', what);
      assert.is(answer.headers['x-content-type-options'], 'nosniff', what);
      assert.is(answer.headers['access-control-allow-origin'], undefined, what);
    }
  }),
);

guarded.run();
