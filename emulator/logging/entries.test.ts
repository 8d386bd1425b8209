/** What Workflows itself logs of executions, and what the logging agent takes out of a container's lines. */
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { drivenClock } from '../clock.ts';
import { Log } from '../run/log.ts';
import { type Emulator, startEmulator } from '../server.ts';
import { workflowsEngine } from '../workflows/service.ts';
import { entriesOf } from './entries.ts';
import { logFilter } from './filter.ts';

const workflow = 'projects/p/locations/us-central1/workflows/w';

const source = `
main:
  params: [given]
  steps:
    - say:
        call: sys.log
        args: {json: {message: hello}}
    - choose:
        switch:
          - condition: \${given == "fail"}
            raise: broken
          - condition: \${given == "wait"}
            next: wait
    - done:
        return: 7
    - wait:
        call: sys.sleep
        args: {seconds: 3600}
`;

async function post(emulator: Emulator, path: string, body: unknown): Promise<{ name: string }> {
  const answer = await fetch(`${emulator.url}/v1/${path}`, { method: 'POST', body: JSON.stringify(body) });
  const json = (await answer.json()) as { name: string };
  assert.ok(answer.ok, JSON.stringify(json));
  return json;
}

test('each execution has an entry of its start and one of its end, whatever it logs itself', async () => {
  const emulator = await startEmulator({ clock: drivenClock() });
  try {
    const [parent] = workflow.split('/workflows/');
    await post(emulator, `${parent}/workflows?workflowId=w`, { sourceContents: source });
    const { executions } = workflowsEngine(emulator.context);
    const start = async (argument: string) => {
      const { name } = await post(emulator, `${workflow}/executions`, { argument: JSON.stringify(argument) });
      return executions.get(name);
    };
    const [good, bad, long] = [await start('x'), await start('fail'), await start('wait')];
    await Promise.all([good.over, bad.over]);
    await post(emulator, `${long.record.name}:cancel`, {});
    await long.over;
    const entries = entriesOf('p', emulator.context, emulator.jobs);
    const own = logFilter('logName="projects/p/logs/workflows.googleapis.com%2Fexecutions_system"');
    const of = ({ record }: typeof good) => {
      const id = record.name.slice(record.name.lastIndexOf('/') + 1);
      return entries
        .filter(logFilter(`labels."workflows.googleapis.com/execution_id"="${id}"`))
        .map(({ severity, jsonPayload, ...entry }) => {
          const { activityTime: _, '@type': type, ...payload } = jsonPayload as Record<string, unknown>;
          assert.is(
            own(entry),
            type === 'type.googleapis.com/google.cloud.workflows.type.ExecutionsSystemLog',
          );
          return [severity, payload];
        });
    };
    const said = ['DEFAULT', { message: 'hello' }];
    assert.equal(of(good), [
      ['INFO', { state: 'ACTIVE', start: { argument: '"x"' } }],
      said,
      ['INFO', { state: 'SUCCEEDED', success: { result: '7' } }],
    ]);
    assert.equal(of(bad), [
      ['INFO', { state: 'ACTIVE', start: { argument: '"fail"' } }],
      said,
      ['ERROR', { state: 'FAILED', failure: { exception: '"broken"', source: 'main.choose' } }],
    ]);
    assert.equal(of(long).at(-1), ['INFO', { state: 'CANCELLED' }]);
  } finally {
    await emulator.close();
  }
});

test('severity and trace of a JSON line are fields of its entry, and no part of its payload', () => {
  const log = new Log();
  const labels = { task: '0', attempt: '0', stream: 'stderr' } as const;
  const line = {
    severity: 'warning',
    message: 'm',
    time: '2026-01-01T00:00:00Z',
    'logging.googleapis.com/trace': 'projects/p/traces/t',
    'logging.googleapis.com/spanId': '00f067aa0ba902b7',
    'logging.googleapis.com/trace_sampled': true,
    replicator: { phase: 'serve' },
  };
  log.add(5, JSON.stringify(line), labels);
  assert.equal(log.entries, [
    {
      timestamp: 5,
      severity: 'WARNING',
      trace: 'projects/p/traces/t',
      spanId: '00f067aa0ba902b7',
      traceSampled: true,
      jsonPayload: { message: 'm', replicator: { phase: 'serve' } },
      labels,
    },
  ]);
});

test('pages of entries go on where the last one ended, whatever is logged meanwhile', async () => {
  const clock = drivenClock();
  const emulator = await startEmulator({ clock });
  try {
    const [parent] = workflow.split('/workflows/');
    await post(emulator, `${parent}/workflows?workflowId=w`, { sourceContents: source });
    const { executions } = workflowsEngine(emulator.context);
    const run = async () => {
      const { name } = await post(emulator, `${workflow}/executions`, { argument: '"x"' });
      await executions.get(name).over;
    };
    const list = async (more: object) => {
      const answer = await fetch(`${emulator.url}/v2/entries:list`, {
        method: 'POST',
        body: JSON.stringify({
          resourceNames: ['projects/p'],
          orderBy: 'timestamp desc',
          pageSize: 2,
          ...more,
        }),
      });
      return (await answer.json()) as {
        entries?: { insertId: string }[];
        nextPageToken?: string;
        error?: { message: string };
      };
    };
    await run();
    const all = await list({ pageSize: 1000 });
    const first = await list({});
    await clock.advance(1000);
    await run();
    const second = await list({ pageToken: first.nextPageToken });
    assert.equal([...(first.entries ?? []), ...(second.entries ?? [])], all.entries);
    assert.is(second.nextPageToken, undefined);
    assert.match((await list({ pageToken: 'x' })).error?.message ?? '', /Invalid page token/);
  } finally {
    await emulator.close();
  }
});

const entry = {
  severity: 'WARNING',
  timestamp: '2026-01-01T12:00:00Z',
  labels: { 'a.b/c': 'Acme' },
  jsonPayload: { message: 'Copied 3 versions', replicator: { count: 3 } },
};

for (const [text, isTaken] of [
  ['severity>=NOTICE', true],
  ['severity>WARNING', false],
  ['timestamp<"2026-01-01T13:00:00+01:00"', false],
  ['timestamp<="2026-01-01T13:00:00+01:00"', true],
  ['labels."a.b/c"="acme"', true],
  ['labels."a.b/c"!=ACME', false],
  ['jsonPayload.replicator.count=3', true],
  ['jsonPayload.replicator.count>2 jsonPayload.replicator.count<3', false],
  ['jsonPayload.message:"copied 3"', true],
  ['jsonPayload.message:*', true],
  ['jsonPayload.nothing:*', false],
  ['jsonPayload.nothing!=x', true],
  ['jsonPayload.message=~"^Copied \\\\d"', true],
  ['jsonPayload.message=~"^copied"', false],
] as const)
  test(`${text} ${isTaken ? 'takes' : 'leaves'} the entry`, () => {
    assert.is(logFilter(text)(entry), isTaken);
  });

for (const [text, message] of [
  ['severity>=LOUD', /Unparseable filter: 'LOUD' is no severity/],
  ['timestamp>yesterday', /'yesterday' is no time/],
  ['jsonPayload.message=~"("', /'\(' is no regular expression/],
] as const)
  test(`${text} is refused`, () => {
    assert.throws(() => logFilter(text), message);
  });

test.run();
