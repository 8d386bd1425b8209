import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { createLimiter, type RequestKind } from './limiter.ts';
import { skippingClock } from './testing.ts';

const test = suite('limiter');

/** When each of many requests that ask at once goes out, in milliseconds. */
async function times(
  limits: { requests: number; writes: number; deletes: number },
  kinds: readonly RequestKind[],
  during?: (limiter: ReturnType<typeof createLimiter>, clock: ReturnType<typeof skippingClock>) => void,
): Promise<number[]> {
  const clock = skippingClock();
  const limiter = createLimiter(limits, clock);
  const gone: number[] = [];
  const all = kinds.map(async (kind) => {
    await limiter.acquire(kind);
    gone.push(clock.now());
  });
  during?.(limiter, clock);
  await Promise.all(all);
  return gone;
}

const many = (count: number, kind: RequestKind = 'read') => Array.from({ length: count }, () => kind);

/** The most in any window of so many milliseconds. */
const most = (gone: readonly number[], window: number) =>
  Math.max(...gone.map((from) => gone.filter((at) => at >= from && at < from + window).length));

test('lets a minute’s requests through in a minute, evenly', async () => {
  const gone = await times({ requests: 600, writes: 600, deletes: 600 }, many(600));
  assert.ok((gone.at(-1) ?? 0) > 59_000 && (gone.at(-1) ?? 0) <= 60_000);
  assert.ok(most(gone, 1000) <= 11, `${most(gone, 1000)} in a second`);
});

test('never sends a minute’s worth in a burst, not even after a long rest', async () => {
  const clock = skippingClock();
  const limiter = createLimiter({ requests: 6000, writes: 1800, deletes: 1800 }, clock);
  await limiter.acquire('read');
  await clock.sleep(10 * 60_000);
  const start = clock.now();
  const gone: number[] = [];
  await Promise.all(
    many(300).map(async () => {
      await limiter.acquire('read');
      gone.push(clock.now() - start);
    }),
  );
  assert.is(gone.filter((at) => at === 0).length, 10);
  assert.ok(most(gone, 1000) <= 110, `${most(gone, 1000)} in a second`);
});

test('writes and deletes have limits of their own, and count as requests', async () => {
  const limits = { requests: 6000, writes: 60, deletes: 120 };
  const seconds = async (kinds: readonly RequestKind[]) =>
    Math.round(((await times(limits, kinds)).at(-1) ?? 0) / 1000);
  assert.is(await seconds(many(11, 'write')), 10);
  assert.is(await seconds(many(11, 'delete')), 5);
  assert.is(await seconds([...many(11, 'write'), ...many(11, 'delete')]), 10);
  const slow = { requests: 60, writes: 6000, deletes: 6000 };
  assert.is(Math.round(((await times(slow, many(11, 'write'))).at(-1) ?? 0) / 1000), 10);
});

test('a batch counts by its items', async () => {
  const clock = skippingClock();
  const limiter = createLimiter({ requests: 6000, writes: 60, deletes: 60 }, clock);
  await limiter.acquire('delete', 30);
  await limiter.acquire('delete', 1);
  assert.is(clock.now(), 30_000);
});

test('everybody waits while the service asks for it, and nobody rushes afterwards', async () => {
  const gone = await times({ requests: 600, writes: 600, deletes: 600 }, many(40), (limiter) =>
    limiter.turnedAway(30_000),
  );
  // The first had gone when the answer came.
  assert.is(gone[0], 0);
  assert.ok((gone[1] ?? 0) >= 30_000);
  assert.ok(most(gone.slice(1), 1000) <= 7, `${most(gone.slice(1), 1000)} in a second`);
});

test('is slower after being turned away, and comes back', async () => {
  const gone = await times({ requests: 600, writes: 600, deletes: 600 }, many(600), (limiter) => {
    // One rush, many answers.
    for (let times = 0; times < 50; times++) limiter.turnedAway();
  });
  const inSecond = (from: number) => gone.filter((at) => at >= from && at < from + 1000).length;
  assert.ok(inSecond(0) >= 4 && inSecond(0) <= 7, `${inSecond(0)} in the first second`);
  assert.ok(inSecond(20_000) >= 9, `${inSecond(20_000)} in the twentieth`);
});

test('being turned away again and again never stops it', async () => {
  const clock = skippingClock();
  const limiter = createLimiter({ requests: 600, writes: 600, deletes: 600 }, clock);
  for (let times = 0; times < 100; times++) {
    await limiter.acquire('read');
    limiter.turnedAway();
  }
  assert.ok(clock.now() < 20 * 60_000);
});

test('a limit that lets nothing through is refused', () => {
  const clock = skippingClock();
  assert.throws(() => createLimiter({ requests: 0, writes: 1, deletes: 1 }, clock), /limits\.requests is 0/);
  assert.throws(
    () => createLimiter({ requests: 1, writes: Number.NaN, deletes: 1 }, clock),
    /limits\.writes/,
  );
});

test.run();
