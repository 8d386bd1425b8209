import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { defaultRetry, type Failure, isUnclear, mayRetry, readRetryAfter, retryDelay } from './retry.ts';

const test = suite('retry');

const answer = (status: number, wait?: number): Failure => ({ is: 'answer', status, said: '', wait });
const connection = (sent: boolean): Failure => ({ is: 'connection', sent, said: '' });

test('what may be repeated is repeated where it may help', () => {
  for (const status of [429, 500, 502, 503, 504]) assert.ok(mayRetry(answer(status), true), String(status));
  for (const status of [302, 400, 401, 403, 404, 409, 412, 499, 501])
    assert.not(mayRetry(answer(status), true), String(status));
  assert.ok(mayRetry(connection(true), true));
});

test('what may be done once is repeated only where nothing can have started', () => {
  assert.ok(mayRetry(answer(429), false));
  assert.ok(mayRetry(connection(false), false));
  for (const failure of [answer(500), answer(503), connection(true)]) {
    assert.not(mayRetry(failure, false));
    assert.ok(isUnclear(failure));
  }
  for (const failure of [answer(429), answer(400), answer(403), connection(false)])
    assert.not(isUnclear(failure));
});

test('waits any length up to a bound that doubles', () => {
  const policy = { ...defaultRetry, firstDelay: 100, maxDelay: 1000 };
  const bounds = [1, 2, 3, 4, 5, 6].map((failed) => retryDelay(policy, failed, answer(500), () => 1));
  assert.equal(bounds, [100, 200, 400, 800, 1000, 1000]);
  assert.is(
    retryDelay(policy, 3, answer(500), () => 0),
    0,
  );
  assert.is(
    retryDelay(policy, 3, connection(true), () => 0.5),
    200,
  );
});

test('waits as long as the service asks', () => {
  assert.is(
    retryDelay(defaultRetry, 1, answer(429, 20_000), () => 0.5),
    20_000,
  );
  assert.is(
    retryDelay(defaultRetry, 8, answer(503, 1000), () => 0.5),
    15_000,
  );
});

test('reads Retry-After in seconds and as a date', () => {
  const now = Date.UTC(2026, 0, 1);
  const read = (header: string | undefined) => readRetryAfter(header, now, defaultRetry);
  assert.is(read('3'), 3000);
  assert.is(read('0'), 0);
  assert.is(read('Thu, 01 Jan 2026 00:00:07 GMT'), 7000);
  assert.is(read('Wed, 31 Dec 2025 00:00:00 GMT'), 0);
  assert.is(read('86400'), defaultRetry.maxRetryAfter);
  assert.is(read('Fri, 01 Jan 2027 00:00:00 GMT'), defaultRetry.maxRetryAfter);
  for (const nonsense of [undefined, '', 'soon', '-']) assert.is(read(nonsense), undefined);
});

test.run();
