/** The emulator's Cloud Scheduler: jobs fire when they are due, in their time zone, as their service account. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type DrivenClock, drivenClock } from '../emulator/clock.ts';
import { type Emulator, startEmulator } from '../emulator/server.ts';
import { send } from './rest.ts';

const test = suite('Cloud Scheduler');
const place = 'projects/p/locations/europe-west1';
const hour = 3600 * 1000;

interface Bench {
  readonly emulator: Emulator;
  readonly clock: DrivenClock;
  readonly call: (method: string, path: string, body?: unknown) => ReturnType<typeof send>;
  /** When executions started, oldest first. */
  readonly starts: () => Promise<string[]>;
}

async function withScheduler(
  body: (bench: Bench) => Promise<void>,
  { start = Date.UTC(2026, 0, 1), auto = false, data = undefined as string | undefined } = {},
): Promise<void> {
  const clock = drivenClock({ start, auto });
  const emulator = await startEmulator({ clock, ...(data !== undefined && { data }) });
  const call: Bench['call'] = (method, path, given) => send(`${emulator.url}/v1/${path}`, method, given);
  try {
    await call('POST', `${place}/workflows?workflowId=flow`, {
      sourceContents: 'main:\n  params: [a]\n  steps:\n    - r:\n        return: ${a}\n',
    });
    await body({
      emulator,
      clock,
      call,
      starts: async () => {
        const { executions = [] } = (await call('GET', `${place}/workflows/flow/executions`)).body as {
          executions?: { startTime: string }[];
        };
        return executions.map(({ startTime }) => startTime).reverse();
      },
    });
  } finally {
    await emulator.close();
  }
}

const job = (fields: Record<string, unknown> = {}) => ({
  name: `${place}/jobs/j`,
  schedule: '0 3 * * *',
  timeZone: 'Europe/Berlin',
  httpTarget: {
    uri: `https://workflowexecutions.googleapis.com/v1/${place}/workflows/flow/executions`,
    httpMethod: 'POST',
    body: Buffer.from('{"argument":"{\\"n\\":1}"}').toString('base64'),
    oauthToken: { serviceAccountEmail: 's@p.iam.gserviceaccount.com' },
  },
  ...fields,
});

test('fires when it is due, through a change of the clocks', () =>
  withScheduler(
    async ({ clock, call, starts }) => {
      const made = await call('POST', `${place}/jobs`, job());
      assert.is(made.status, 200);
      assert.is(made.body.state, 'ENABLED');
      // On 29 March 2026 Berlin goes from UTC+1 to UTC+2.
      assert.is(made.body.scheduleTime, '2026-03-28T02:00:00.000Z');
      await clock.advance(72 * hour);
      assert.equal(await starts(), [
        '2026-03-28T02:00:00.000Z',
        '2026-03-29T01:00:00.000Z',
        '2026-03-30T01:00:00.000Z',
      ]);
      const { body } = await call('GET', `${place}/jobs/j`);
      assert.equal(body.status, {});
      assert.is(body.lastAttemptTime, '2026-03-30T01:00:00.000Z');
    },
    { start: Date.UTC(2026, 2, 28) },
  ));

test('does not make a clock go by itself that skips idle time', () =>
  withScheduler(
    async ({ clock, call, starts }) => {
      await call('POST', `${place}/jobs`, job());
      await new Promise((resolve) => setTimeout(resolve, 50));
      assert.is(clock.now(), Date.UTC(2026, 0, 1));
      await clock.advance(24 * hour);
      assert.is((await starts()).length, 1);
    },
    { auto: true },
  ));

test('a mask changes what it names: a stub of a target beside it destroys nothing', () =>
  withScheduler(async ({ call }) => {
    await call('POST', `${place}/jobs`, job());
    const changed = await call('PATCH', `${place}/jobs/j?updateMask=schedule`, {
      schedule: '0 4 * * *',
      httpTarget: { uri: '' },
    });
    assert.is(changed.body.schedule, '0 4 * * *');
    assert.is(changed.body.httpTarget.uri, job().httpTarget.uri);
    const inner = await call('PATCH', `${place}/jobs/j?updateMask=httpTarget.body`, {
      httpTarget: { body: 'e30=' },
    });
    assert.is(inner.body.httpTarget.body, 'e30=');
    assert.is(inner.body.httpTarget.uri, job().httpTarget.uri);
  }));

test('paused it is not due, resumed it is again, and it runs when told to', () =>
  withScheduler(async ({ clock, call, starts }) => {
    await call('POST', `${place}/jobs`, job());
    const paused = await call('POST', `${place}/jobs/j:pause`, {});
    assert.is(paused.body.state, 'PAUSED');
    assert.not.ok('scheduleTime' in paused.body);
    await clock.advance(48 * hour);
    assert.equal(await starts(), []);
    await call('POST', `${place}/jobs/j:run`, {});
    await clock.advance(0);
    assert.is((await starts()).length, 1);
    assert.is((await call('POST', `${place}/jobs/j:resume`, {})).body.state, 'ENABLED');
    await clock.advance(24 * hour);
    assert.is((await starts()).length, 2);
    assert.equal((await call('DELETE', `${place}/jobs/j`)).body, {});
    await clock.advance(48 * hour);
    assert.is((await starts()).length, 2);
    assert.is((await call('GET', `${place}/jobs/j`)).status, 404);
  }));

test('what does not start is tried again as the job says, and then told', () =>
  withScheduler(async ({ emulator, clock, call, starts }) => {
    const retryConfig = { retryCount: 2, minBackoffDuration: '10s', maxBackoffDuration: '60s' };
    await call('POST', `${place}/jobs`, job({ retryConfig }));
    emulator.faults.set([{ method: 'POST', path: '*/executions', status: 503, times: 2 }]);
    await clock.advance(2 * hour + 35_000);
    assert.equal(await starts(), ['2026-01-01T02:00:30.000Z']);
    emulator.faults.set([{ method: 'POST', path: '*/executions', status: 403 }]);
    await clock.advance(24 * hour);
    const { body } = await call('GET', `${place}/jobs/j`);
    assert.is(body.status.code, 7);
    assert.is((await starts()).length, 1);
  }));

test('a body that is not encoded twice is refused by the workflow, and told (case 23)', () =>
  withScheduler(async ({ clock, call }) => {
    const { httpTarget } = job();
    const body = Buffer.from('{"argument":{"n":1}}').toString('base64');
    await call('POST', `${place}/jobs`, job({ httpTarget: { ...httpTarget, body } }));
    await clock.advance(24 * hour);
    const { status } = (await call('GET', `${place}/jobs/j`)).body;
    assert.is(status.code, 3);
    assert.match(status.message, /argument/);
  }));

test('jobs are found again after a restart, and fire', async () => {
  const data = mkdtempSync(join(tmpdir(), 'scheduler-'));
  try {
    await withScheduler(async ({ call }) => void (await call('POST', `${place}/jobs`, job())), { data });
    await withScheduler(
      async ({ clock, starts }) => {
        await clock.advance(24 * hour);
        assert.is((await starts()).length, 1);
      },
      { data },
    );
  } finally {
    rmSync(data, { recursive: true, force: true });
  }
});

test('what the service refuses is refused', () =>
  withScheduler(async ({ call }) => {
    const refused = async (fields: Record<string, unknown>) =>
      (await call('POST', `${place}/jobs`, job(fields))).status;
    assert.is(await refused({ schedule: '0 3 * * * *' }), 400);
    assert.is(await refused({ schedule: '0 25 * * *' }), 400);
    assert.is(await refused({ timeZone: 'Europe/Atlantis' }), 400);
    assert.is(await refused({ attemptDeadline: '5s' }), 400);
    const { httpTarget } = job();
    // An access token goes to Google's own hosts only.
    assert.is(await refused({ httpTarget: { ...httpTarget, uri: 'https://example.com/' } }), 400);
    assert.is(await refused({}), 200);
    assert.is(await refused({}), 409);
  }));

test.run();
