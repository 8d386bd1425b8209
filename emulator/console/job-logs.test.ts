/** What jobs of an execution log, beside what its workflow does. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { drivenClock } from '../clock.ts';
import { type Emulator, startEmulator } from '../server.ts';
import type { Execution } from '../workflows/execution.ts';
import { workflowsEngine } from '../workflows/service.ts';

const test = suite('console: log entries of jobs');

const parent = 'projects/p/locations/europe-west1';
const follower = 'projects/p/locations/us-central1/repositories/prod';

/** A container that logs as a mirror does that is refused, and one line that is no JSON. */
const program = `
const execution = process.argv.find((arg) => arg.startsWith('--execution='))?.slice(12);
const say = (severity, message, fields) => console.log(JSON.stringify({ severity, message, replicator:
  { command: 'mirror', execution, destination: '${follower}', ...fields } }));
console.log('starting');
say('INFO', '${follower}: 4 deletions planned', { phase: 'plan', counts: { deleteVersions: 4 } });
say('ERROR', '${follower}: 0 versions deleted; it carries no label', { phase: 'result', state: 'refused',
  counts: { deleted: 0 }, error: 'it carries no label' });
`;

const source = `
main:
  steps:
    - await_copy:
        call: sys.log
        args: {json: {message: 'us-central1-prod: 3 of 3 versions', replicator: {destination: ${follower}, phase: await, counts: {copied: 3, total: 3}}}}
    - run_mirror:
        call: googleapis.run.v2.projects.locations.jobs.run
        args:
          name: ${parent}/jobs/own
          body:
            overrides:
              containerOverrides:
                - args: ['\${"--execution=" + sys.get_env("GOOGLE_CLOUD_WORKFLOW_EXECUTION_ID")}']
    - tell:
        call: sys.log
        args: {severity: WARNING, json: {message: 'us-central1-prod: partlyFailed', replicator: {destination: ${follower}, phase: result, state: partlyFailed, error: 'mirror: exit code 1'}}}
`;

async function withJob(body: (emulator: Emulator, start: () => Execution) => Promise<void>): Promise<void> {
  const emulator = await startEmulator({
    clock: drivenClock({ auto: true }),
    runCommand: () => [process.execPath, '-e', program, '--'],
  });
  try {
    await fetch(`${emulator.url}/v2/${parent}/jobs?jobId=own`, {
      method: 'POST',
      body: JSON.stringify({ template: { template: { containers: [{ image: 'none' }], maxRetries: 0 } } }),
    });
    const engine = workflowsEngine(emulator.context);
    engine.workflows.create(parent, 'own', { sourceContents: source });
    await body(emulator, () => engine.executions.start(`${parent}/workflows/own`, {}));
  } finally {
    await emulator.close();
  }
}

async function ask(emulator: Emulator, path: string, params: Record<string, string>) {
  const answer = await fetch(`${emulator.url}/console/api/${path}?${new URLSearchParams(params)}`);
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers of every shape
  return (await answer.json()) as any;
}

const messages = ({ items }: { items: { message: string; job?: { task: string }; step?: string }[] }) =>
  items.map(({ message, job, step }) => [message, job ? `task ${job.task}` : step]);

const all = [
  ['us-central1-prod: 3 of 3 versions', 'await_copy'],
  ['starting', 'task 0'],
  [`${follower}: 4 deletions planned`, 'task 0'],
  [`${follower}: 0 versions deleted; it carries no label`, 'task 0'],
  ['us-central1-prod: partlyFailed', 'tell'],
];

test('they stand between those of the workflow, marked with their task', () =>
  withJob(async (emulator, start) => {
    const one = start();
    await one.over;
    const other = start();
    await other.over;
    for (const { record } of [one, other])
      assert.equal(messages(await ask(emulator, 'logs', { execution: record.name })), all);
    const loud = await ask(emulator, 'logs', { execution: one.record.name, severity: 'ERROR' });
    assert.is(loud.total, 1);
  }));

test('they come while the execution is followed', () =>
  withJob(async (emulator, start) => {
    const execution = start();
    const name = execution.record.name;
    let { version } = await ask(emulator, 'execution', { execution: name });
    let news: { version: number; logs: number; execution: { isOver: boolean } };
    do {
      news = await ask(emulator, 'execution', { execution: name, since: String(version) });
      version = news.version;
    } while (!news.execution.isOver);
    assert.is(news.logs, all.length);
    assert.equal(messages(await ask(emulator, 'logs', { execution: name })), all);
  }));

test('a destination tells what the job did for it, and why not; the workflow says how it ended', () =>
  withJob(async (emulator, start) => {
    const execution = start();
    await execution.over;
    const { destinations } = await ask(emulator, 'execution', { execution: execution.record.name });
    const [{ name, state, phase, counts, message, error, stages }] = destinations;
    assert.equal([destinations.length, name, state, phase], [1, follower, 'partlyFailed', 'mirror']);
    assert.equal(counts, { copied: 3, total: 3 });
    assert.equal([message, error], ['partlyFailed', 'mirror: exit code 1']);
    assert.equal(stages, [
      {
        command: 'mirror',
        state: 'refused',
        counts: { deleteVersions: 4, deleted: 0 },
        message: '0 versions deleted; it carries no label',
        error: 'it carries no label',
      },
    ]);
  }));

test.run();
