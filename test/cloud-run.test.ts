/** Cloud Run jobs of the emulator over REST: jobs, executions, tasks; real processes on the emulator's clock. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { drivenClock } from '../emulator/clock.ts';
import { type Emulator, type EmulatorOptions, startEmulator } from '../emulator/server.ts';
import { workflowsEngine } from '../emulator/workflows/service.ts';
import { type Json, send } from './rest.ts';

const test = suite('Cloud Run jobs');

const parent = 'projects/acme/locations/europe-west1';

/**
 * A program in the place of a container's. Its first argument says how it ends: an exit code, `sleep SECONDS`,
 * `stubborn` (lets SIGTERM pass), `crash`.
 */
const stub = `
const { argv, env } = process;
const [how, seconds] = argv.slice(1);
const names = ['CLOUD_RUN_JOB', 'CLOUD_RUN_EXECUTION', 'CLOUD_RUN_TASK_INDEX', 'CLOUD_RUN_TASK_COUNT', 'CLOUD_RUN_TASK_ATTEMPT', 'REPLICATOR_EMULATOR_HOST', 'WHO', 'WHAT', 'USER'];
console.log(JSON.stringify({ severity: 'notice', message: 'started', args: argv.slice(1), env: Object.fromEntries(names.map((name) => [name, env[name] ?? null])) }));
console.error('a line of text');
if (how === 'sleep') setTimeout(() => {}, 1000 * seconds);
else if (how === 'stubborn') { process.on('SIGTERM', () => console.log('no')); setInterval(() => {}, 1000); }
else if (how === 'crash') process.kill(process.pid, 'SIGSEGV');
else if (how === 'again') process.exitCode = env.CLOUD_RUN_TASK_ATTEMPT === '2' ? 0 : 1;
else if (how === 'first') process.exitCode = env.CLOUD_RUN_TASK_INDEX === '0' ? 3 : 0;
else process.exitCode = Number(how ?? 0);
`;

function withEmulator(
  name: string,
  options: EmulatorOptions,
  body: (emulator: Emulator) => Promise<void>,
): void {
  test(name, async () => {
    const emulator = await startEmulator({
      clock: drivenClock({ auto: true }),
      runCommand: () => [process.execPath, '-e', stub, '--'],
      ...options,
    });
    try {
      await body(emulator);
    } finally {
      await emulator.close();
    }
  });
}

/** A request that is to succeed. */
async function ask(emulator: Emulator, method: string, path: string, body?: unknown): Promise<Json> {
  const answer = await send(`${emulator.url}/v2/${path}`, method, body);
  if (answer.status !== 200) throw new Error(`${method} ${path}: ${JSON.stringify(answer.body)}`);
  return answer.body;
}

/** A request that is to be refused. @returns `CODE STATUS: message` */
async function refused(emulator: Emulator, method: string, path: string, body?: unknown): Promise<string> {
  const answer = await send(`${emulator.url}/v2/${path}`, method, body);
  const { code, status, message } = answer.body.error;
  assert.is(answer.status, code);
  return `${code} ${status}: ${message}`;
}

const image = 'europe-west1-docker.pkg.dev/acme/tools/replicator@sha256:0';

/** A job's body. */
function job({ template = {}, ...execution }: Json = {}, container: Json = {}): Json {
  return { template: { ...execution, template: { containers: [{ image, ...container }], ...template } } };
}

async function make(emulator: Emulator, id: string, body: Json = job()): Promise<string> {
  await ask(emulator, 'POST', `${parent}/jobs?jobId=${id}`, body);
  return `${parent}/jobs/${id}`;
}

/** Runs a job and waits until its operation is done. */
async function run(emulator: Emulator, name: string, overrides?: Json): Promise<Json> {
  const started = await ask(emulator, 'POST', `${name}:run`, overrides && { overrides });
  await emulator.jobs.execution(started.metadata.name).over;
  return ask(emulator, 'GET', started.name);
}

const withArgs = (...args: string[]) => ({ containerOverrides: [{ args }] });
const tasksOf = async (emulator: Emulator, { metadata }: Json): Promise<Json[]> =>
  (await ask(emulator, 'GET', `${metadata.name}/tasks`)).tasks;
const completed = ({ conditions }: Json) => conditions.find(({ type }: Json) => type === 'Completed');

withEmulator('a job is created, read, listed, replaced and deleted', {}, async (emulator) => {
  const made = await ask(emulator, 'POST', `${parent}/jobs?jobId=nightly`, {
    labels: { team: 'ops' },
    ...job({ taskCount: 3, template: { maxRetries: 0, timeout: '43200s' } }),
  });
  assert.is(made.done, true);
  assert.is(made.response['@type'], 'type.googleapis.com/google.cloud.run.v2.Job');
  const name = `${parent}/jobs/nightly`;
  const read = await ask(emulator, 'GET', name);
  const { '@type': _, ...response } = made.response;
  assert.equal(read, response);
  assert.is(read.template.template.timeout, '43200s');
  assert.is(read.terminalCondition.state, 'CONDITION_SUCCEEDED');
  assert.is(read.generation, '1');
  await make(emulator, 'weekly');
  const page = await ask(emulator, 'GET', `${parent}/jobs?pageSize=1`);
  assert.equal(
    page.jobs.map((one: Json) => one.name),
    [name],
  );
  const rest = await ask(emulator, 'GET', `${parent}/jobs?pageSize=1&pageToken=${page.nextPageToken}`);
  assert.equal(
    rest.jobs.map((one: Json) => one.name),
    [`${parent}/jobs/weekly`],
  );
  assert.is(rest.nextPageToken, undefined);
  // A patch is the whole job: what is left out is gone.
  const changed = await ask(emulator, 'PATCH', name, { ...job(), etag: read.etag });
  assert.is(changed.response.generation, '2');
  assert.is(changed.response.labels, undefined);
  assert.match(
    await refused(emulator, 'PATCH', name, { ...job(), etag: read.etag }),
    /^409 ABORTED: The etag/,
  );
  assert.match(await refused(emulator, 'PATCH', `${parent}/jobs/new`, job()), /^404 NOT_FOUND/);
  await ask(emulator, 'PATCH', `${parent}/jobs/new?allowMissing=true`, job());
  await ask(emulator, 'DELETE', name);
  assert.is(await refused(emulator, 'GET', name), `404 NOT_FOUND: Resource '${name}' was not found.`);
});

withEmulator('what is wrong with a job is said in Google’s words', {}, async (emulator) => {
  const create = (id: string, body: Json) => refused(emulator, 'POST', `${parent}/jobs?jobId=${id}`, body);
  assert.match(await create('Nightly', job()), /^400 INVALID_ARGUMENT: Invalid job id 'Nightly'/);
  assert.match(await create('', job()), /Missing required field: job_id$/);
  assert.match(await create('a', { template: { template: {} } }), /containers: must have at least 1 item/);
  assert.match(
    await create('a', job({ tasks: 3 })),
    /Unknown name "tasks" at 'template': Cannot find field\.$/,
  );
  assert.match(
    await create('a', job({ template: { timeout: '5m' } })),
    /'template\.template\.timeout' \(TYPE_DURATION\)/,
  );
  assert.match(await create('a', job({ template: { timeout: '604801s' } })), /at most 604800 seconds/);
  assert.match(await create('a', job({ template: { maxRetries: 11 } })), /between 0 and 10/);
  await make(emulator, 'a');
  assert.match(await create('a', job()), /^409 ALREADY_EXISTS: Resource 'a' already exists\.$/);
  assert.match(await refused(emulator, 'GET', `${parent}/jobs?updateMask=x`), /Unknown name "updateMask"/);
  const name = `${parent}/jobs/a`;
  const overrides = { containerOverrides: [{ name: 'other', args: [] }] };
  assert.match(await refused(emulator, 'POST', `${name}:run`, { overrides }), /no container named other/);
  assert.match(await refused(emulator, 'POST', `${parent}/jobs/b:run`), /^404 NOT_FOUND/);
  assert.match(await refused(emulator, 'POST', `${name}:start`), /^404 NOT_FOUND: There is no method/);
});

withEmulator('a run starts the program with the job’s variables and arguments', {}, async (emulator) => {
  const env = [
    { name: 'WHO', value: 'job' },
    { name: 'WHAT', value: 'job' },
  ];
  const name = await make(emulator, 'nightly', job({ taskCount: 2 }, { args: ['0', 'from the job'], env }));
  process.env.USER ??= 'somebody';
  const plain = await run(emulator, name);
  assert.is(plain.done, true);
  assert.is(plain.response.succeededCount, 2);
  assert.equal(completed(plain.response).state, 'CONDITION_SUCCEEDED');
  const execution = emulator.jobs.execution(plain.metadata.name);
  const started = execution.log.entries.filter(({ jsonPayload }) => jsonPayload?.message === 'started');
  assert.equal(
    started.map(({ severity }) => severity),
    ['NOTICE', 'NOTICE'],
  );
  const [first] = started.sort((one, other) => Number(one.labels.task) - Number(other.labels.task));
  assert.equal(first?.jsonPayload?.args, ['0', 'from the job']);
  assert.equal(first?.jsonPayload?.env, {
    CLOUD_RUN_JOB: 'nightly',
    CLOUD_RUN_EXECUTION: execution.id,
    CLOUD_RUN_TASK_INDEX: '0',
    CLOUD_RUN_TASK_COUNT: '2',
    CLOUD_RUN_TASK_ATTEMPT: '0',
    REPLICATOR_EMULATOR_HOST: emulator.host,
    WHO: 'job',
    WHAT: 'job',
    // Nothing of this machine's own.
    USER: null,
  });
  const overridden = await run(emulator, name, {
    taskCount: 1,
    timeout: '60s',
    containerOverrides: [{ args: ['0', '--a=b'], env: [{ name: 'WHAT', value: 'run' }] }],
  });
  assert.is(overridden.response.taskCount, 1);
  assert.is(overridden.response.template.timeout, '60s');
  const { body } = await send(`${emulator.url}/emulator/v2/${overridden.metadata.name}/logs`);
  const payload = body.entries.find((one: Json) => one.jsonPayload).jsonPayload;
  assert.equal(payload.args, ['0', '--a=b']);
  assert.is(payload.env.WHO, 'job');
  assert.is(payload.env.WHAT, 'run');
  assert.equal(
    body.entries.find((one: Json) => one.textPayload),
    {
      timestamp: body.entries.find((one: Json) => one.textPayload).timestamp,
      severity: 'DEFAULT',
      textPayload: 'a line of text',
      labels: { task: '0', attempt: '0', stream: 'stderr' },
    },
  );
  const cleared = await run(emulator, name, { containerOverrides: [{ clearArgs: true }] });
  assert.is(cleared.response.template.containers[0].args, undefined);
  // The job itself is as it was, and knows its newest execution.
  const after = await ask(emulator, 'GET', name);
  assert.is(after.executionCount, 3);
  assert.is(after.latestCreatedExecution.completionStatus, 'EXECUTION_SUCCEEDED');
  const { executions } = await ask(emulator, 'GET', `${name}/executions`);
  assert.is(executions[0].name, cleared.metadata.name);
  assert.is(executions.length, 3);
});

withEmulator('exit codes stand in the tasks, and the operation fails', {}, async (emulator) => {
  const name = await make(emulator, 'nightly', job({ template: { maxRetries: 0 } }));
  for (const code of [1, 3, 64]) {
    const ended = await run(emulator, name, withArgs(String(code)));
    const id = ended.metadata.name.split('/').at(-1);
    const message = `Task ${id}-task0 failed with exit code: ${code} and message: The container exited with an error.`;
    assert.equal(ended.error, { code: 10, message });
    assert.is(ended.response, undefined);
    const { state, executionReason, message: said } = completed(ended.metadata);
    assert.equal([state, executionReason, said], ['CONDITION_FAILED', 'NON_ZERO_EXIT_CODE', message]);
    const [task] = await tasksOf(emulator, ended);
    assert.equal(task.lastAttemptResult, {
      exitCode: code,
      status: { code: 10, message: 'The container exited with an error.' },
    });
    assert.equal(await ask(emulator, 'GET', task.name), task);
  }
  const fine = await run(emulator, name, withArgs('0'));
  // Zeros are left out, as in every JSON of protobuf.
  assert.equal((await tasksOf(emulator, fine))[0].lastAttemptResult, {});
  const crashed = await run(emulator, name, withArgs('crash'));
  assert.equal((await tasksOf(emulator, crashed))[0].lastAttemptResult, {
    status: { code: 10, message: 'Container terminated on signal SIGSEGV.' },
  });
});

withEmulator(
  'one task that fails fails the execution, and the others run to their end',
  {},
  async (emulator) => {
    const name = await make(
      emulator,
      'nightly',
      job({ taskCount: 5, parallelism: 2, template: { maxRetries: 0 } }),
    );
    const ended = await run(emulator, name, withArgs('first'));
    const { succeededCount, failedCount, parallelism } = ended.metadata;
    assert.equal([succeededCount, failedCount, parallelism], [4, 1, 2]);
    const tasks = await tasksOf(emulator, ended);
    assert.equal(
      tasks.map(({ index = 0, lastAttemptResult }) => [index, lastAttemptResult.exitCode]),
      [
        [0, 3],
        [1, undefined],
        [2, undefined],
        [3, undefined],
        [4, undefined],
      ],
    );
    const paged = await ask(emulator, 'GET', `${ended.metadata.name}/tasks?pageSize=2`);
    assert.is(paged.tasks.length, 2);
    assert.type(paged.nextPageToken, 'string');
  },
);

withEmulator('a task that fails is tried again', {}, async (emulator) => {
  const name = await make(emulator, 'nightly', job({ template: { maxRetries: 2 } }));
  const ended = await run(emulator, name, withArgs('again'));
  assert.is(ended.response.retriedCount, 1);
  assert.is((await tasksOf(emulator, ended))[0].retried, 2);
  const failed = await run(emulator, name, withArgs('7'));
  assert.is((await tasksOf(emulator, failed))[0].lastAttemptResult.exitCode, 7);
  const attempts = emulator.jobs
    .execution(failed.metadata.name)
    .log.entries.map(({ labels }) => labels.attempt);
  assert.equal([...new Set(attempts)], ['0', '1', '2']);
});

withEmulator('a task is stopped at its timeout, by the clock', { runSpeed: 2000 }, async (emulator) => {
  const name = await make(emulator, 'nightly', job({ template: { maxRetries: 0 } }));
  for (const how of [withArgs('sleep', '60'), withArgs('stubborn')]) {
    const began = emulator.clock.now();
    const ended = await run(emulator, name, { ...how, timeout: '1200s' });
    const seconds = (emulator.clock.now() - began) / 1000;
    assert.ok(seconds >= 1200 && seconds < 1500, `${seconds} s`);
    assert.match(ended.error.message, /exit code: 0 and message: The configured timeout was reached\.$/);
    const [task] = await tasksOf(emulator, ended);
    assert.is(task.lastAttemptResult.exitCode, undefined);
    assert.is(task.lastAttemptResult.status.code, 4);
  }
});

withEmulator(
  'time goes with the wall while a process runs, and what waits meanwhile wakes in its turn',
  {},
  async (emulator) => {
    const name = await make(emulator, 'nightly');
    const started = await ask(emulator, 'POST', `${name}:run`, { overrides: withArgs('sleep', '0.3') });
    const began = emulator.clock.now();
    const fiber = emulator.clock.fiber();
    await fiber.sleep(100);
    fiber.end();
    assert.ok(!emulator.jobs.execution(started.metadata.name).isOver, 'woken before the process ended');
    await emulator.jobs.execution(started.metadata.name).over;
    const passed = emulator.clock.now() - began;
    assert.ok(passed >= 290 && passed < 5000, `${passed} ms passed`);
    // Nothing runs: an hour passes at once.
    const idle = emulator.clock.fiber();
    const wall = Date.now();
    await idle.sleep(3_600_000);
    idle.end();
    assert.ok(Date.now() - wall < 60_000);
  },
);

withEmulator('an execution is cancelled', { runSpeed: 1000 }, async (emulator) => {
  const name = await make(emulator, 'nightly', job({ taskCount: 3, parallelism: 1 }));
  for (const how of ['sleep', 'stubborn']) {
    const started = await ask(emulator, 'POST', `${name}:run`, { overrides: withArgs(how, '60') });
    const execution = started.metadata.name;
    assert.is(completed(started.metadata).state, 'CONDITION_RECONCILING');
    await ask(emulator, 'POST', `${execution}:cancel`);
    await emulator.jobs.execution(execution).over;
    const ended = await ask(emulator, 'GET', started.name);
    assert.is(ended.error.code, 1);
    assert.is(ended.metadata.cancelledCount, 3);
    assert.is(completed(ended.metadata).executionReason, 'CANCELLED');
    assert.match(
      await refused(emulator, 'POST', `${execution}:cancel`),
      /^400 FAILED_PRECONDITION: .* has already completed\.$/,
    );
  }
  const [newest] = (await ask(emulator, 'GET', `${name}/executions`)).executions;
  await ask(emulator, 'DELETE', newest.name);
  assert.match(await refused(emulator, 'GET', newest.name), /^404 NOT_FOUND/);
});

withEmulator(
  'a program that can’t be started fails its task',
  { runCommand: () => ['/nowhere/to/be/found'] },
  async (emulator) => {
    const name = await make(emulator, 'nightly', job({ template: { maxRetries: 0 } }));
    const ended = await run(emulator, name);
    assert.match(ended.error.message, /message: spawn \/nowhere\/to\/be\/found ENOENT$/);
  },
);

withEmulator(
  'images are still below /v2/, and faults are in the shape of their API',
  {},
  async (emulator) => {
    assert.is((await send(`${emulator.url}/v2/`)).status, 200);
    emulator.faults.set([{ path: '/v2/*', status: 503 }]);
    assert.is((await send(`${emulator.url}/v2/${parent}/jobs`)).body.error.status, 'UNAVAILABLE');
    assert.is((await send(`${emulator.url}/v2/europe-west1/acme/prod/app/tags/list`)).body.errors.length, 1);
  },
);

const connectors = `
main:
  steps:
    - begin:
        assign:
          - jobs: projects/acme/locations/europe-west1
          - job: \${jobs + "/jobs/nightly"}
    - start:
        call: googleapis.run.v2.projects.locations.jobs.run
        args:
          name: \${job}
          body: {overrides: {containerOverrides: [{args: [sleep, "60"]}]}}
          connector_params: {skip_polling: true}
        result: started
    - cancel:
        call: googleapis.run.v2.projects.locations.jobs.executions.cancel
        args: {name: "\${started.metadata.name}", body: {}}
    - look:
        call: googleapis.run.v2.projects.locations.operations.get
        args: {name: "\${started.name}"}
        result: operation
    - run:
        call: googleapis.run.v2.projects.locations.jobs.run
        args: {name: "\${job}", body: {}}
        result: done
    - read_job:
        call: googleapis.run.v2.projects.locations.jobs.get
        args: {name: "\${job}"}
        result: read
    - list_jobs:
        call: googleapis.run.v2.projects.locations.jobs.list
        args: {parent: "\${jobs}"}
        result: listed
    - list_executions:
        call: googleapis.run.v2.projects.locations.jobs.executions.list
        args: {parent: "\${job}", pageSize: 1}
        result: executions
    - read_execution:
        call: googleapis.run.v2.projects.locations.jobs.executions.get
        args: {name: "\${done.response.name}"}
        result: execution
    - list_tasks:
        call: googleapis.run.v2.projects.locations.jobs.executions.tasks.list
        args: {parent: "\${execution.name}", pageToken: ""}
        result: tasks
    - read_task:
        call: googleapis.run.v2.projects.locations.jobs.executions.tasks.get
        args: {name: "\${tasks.tasks[0].name}"}
        result: task
    - give:
        return:
          cancelled: \${operation.error.code}
          done: \${done.done}
          count: \${read.executionCount}
          jobs: \${len(listed.jobs)}
          newest: \${executions.executions[0].name == execution.name}
          succeeded: \${execution.succeededCount}
          same: \${task.uid == tasks.tasks[0].uid}
`;

withEmulator('the connectors of Workflows work on them', { runSpeed: 100 }, async (emulator) => {
  await make(emulator, 'nightly', job({ template: { maxRetries: 0 } }));
  const engine = workflowsEngine(emulator.context);
  engine.workflows.create(parent, 'w', { sourceContents: connectors });
  const execution = engine.executions.start(`${parent}/workflows/w`);
  await execution.over;
  const { result, error } = execution.toResource();
  assert.is(error, undefined);
  assert.equal(JSON.parse(result ?? 'null'), {
    cancelled: 1,
    done: true,
    count: 2,
    jobs: 1,
    newest: true,
    succeeded: 1,
    same: true,
  });
});

test('an emulator that is closed ends its processes; jobs are found again', async () => {
  const data = mkdtempSync(join(tmpdir(), 'cloud-run-'));
  try {
    const options = { data, runCommand: () => [process.execPath, '-e', stub, '--'] };
    const first = await startEmulator(options);
    const name = await make(first, 'nightly', job({}, { args: ['stubborn'] }));
    const { metadata } = await ask(first, 'POST', `${name}:run`);
    const began = Date.now();
    await first.close();
    assert.ok(Date.now() - began < 30_000);
    assert.is(first.jobs.execution(metadata.name).isOver, true);
    const second = await startEmulator(options);
    assert.equal((await ask(second, 'GET', name)).template.template.containers[0].args, ['stubborn']);
    await second.close();
  } finally {
    rmSync(data, { recursive: true });
  }
});

test.run();
