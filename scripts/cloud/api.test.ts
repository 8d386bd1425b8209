/** What becomes of answers that are not what Google's APIs give. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type Api, ApiError, createApi, noneIfRefused } from './api.ts';

const test = suite('reads of the REST APIs');

/** Asks a server that gives these answers, one after the other, the last one for ever. */
async function asking<T>(
  answers: readonly (readonly [status: number, body: string])[],
  ask: (api: Api) => Promise<T>,
): Promise<T> {
  let given = 0;
  const server = createServer((_, response) => {
    const [status, body] = answers[Math.min(given++, answers.length - 1)] ?? [500, ''];
    response.writeHead(status, { 'content-type': 'text/html' }).end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  try {
    return await ask(createApi({ emulator: { host: `127.0.0.1:${port}`, token: 't' } }, async () => 'token'));
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

const refusal = (work: Promise<unknown>) =>
  work.then(
    () => assert.unreachable('nothing was refused'),
    (error: unknown) => error,
  );

test('a page where JSON should be is a refusal that names what was asked', async () => {
  const error = await refusal(
    asking([[200, '<html>Sign in to the hotel</html>']], (api) => api.get('run', 'v2/x')),
  );
  assert.instance(error, ApiError);
  assert.match((error as Error).message, /GET http:\/\/127\.0\.0\.1:\d+\/v2\/x: the answer is no JSON/);
});

test('what passes is asked again, what is refused is not', async () => {
  const busy = [503, 'busy'] as const;
  assert.equal(await asking([busy, [200, '{"a":1}']], (api) => api.get('run', 'v2/x')), { a: 1 });
  const denied = JSON.stringify({ error: { message: 'no', details: [{}, { reason: 'SERVICE_DISABLED' }] } });
  const error = await refusal(
    asking(
      [
        [403, denied],
        [200, '{}'],
      ],
      (api) => api.get('run', 'v2/x'),
    ),
  );
  assert.equal({ ...(error as ApiError) }, { name: 'ApiError', status: 403, reason: 'SERVICE_DISABLED' });
  assert.is(await asking([[404, 'none']], (api) => api.find('run', 'v2/x')), undefined);
});

test('a list that may be left out is empty where it is refused, and nowhere else', () => {
  assert.equal(noneIfRefused(new ApiError(403, 'no')), []);
  assert.throws(() => noneIfRefused(new TypeError('a fault of ours')), /a fault of ours/);
});

test.run();
