/** Google's own clients for Workflows, as scripts use them, against the emulator. */
import { ExecutionsClient, WorkflowsClient } from '@google-cloud/workflows';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type Emulator, startEmulator } from '../emulator/server.ts';

const test = suite('Google’s clients for Workflows');
const place = 'projects/p/locations/europe-west1';
const workflow = `${place}/workflows/flow`;
const source =
  'main:\n  params: [a]\n  steps:\n    - wait:\n        call: sys.sleep\n        args: {seconds: 0.01}\n    - r:\n        return: ${a}\n';

let emulator: Emulator;
let workflows: WorkflowsClient;
let executions: ExecutionsClient;

test.before(async () => {
  emulator = await startEmulator();
  const options = {
    apiEndpoint: '127.0.0.1',
    port: emulator.port,
    protocol: 'http',
    fallback: true,
    projectId: 'p',
    // The clients want somebody who signs their requests; the emulator looks at no signature.
    authClient: {
      getRequestHeaders: async () => new Headers(),
      fetch: (url: string, init: RequestInit) => fetch(url, init),
    } as never,
  };
  workflows = new WorkflowsClient(options);
  executions = new ExecutionsClient(options);
});
test.after(async () => {
  await Promise.all([workflows.close(), executions.close()]);
  await emulator.close();
});

/** The code and message that a client rejects with. */
async function rejection(work: Promise<unknown>): Promise<{ code: number; message: string }> {
  try {
    await work;
  } catch (error) {
    const { code, message } = error as { code: number; message: string };
    return { code, message };
  }
  throw new Error('was not refused');
}

test('create and update a workflow: the operation gives it', async () => {
  const [operation] = await workflows.createWorkflow({
    parent: place,
    workflowId: 'flow',
    workflow: { sourceContents: '- r:\n    return: 1\n', callLogLevel: 'LOG_ALL_CALLS', labels: { a: 'b' } },
  });
  const [created] = await operation.promise();
  assert.is(created.name, workflow);
  // What an operation carries is decoded with its enums as numbers.
  assert.is(Number(created.state), 1);
  const [update] = await workflows.updateWorkflow({
    workflow: { name: workflow, sourceContents: source },
    updateMask: { paths: ['source_contents'] },
  });
  const [updated] = await update.promise();
  assert.match(updated.revisionId ?? '', /^000002-/);
  const [got] = await workflows.getWorkflow({ name: workflow });
  assert.is(got.sourceContents, source);
  assert.is(got.state, 'ACTIVE');
  assert.is(got.callLogLevel, 'LOG_ALL_CALLS');
  const [listed] = await workflows.listWorkflows({ parent: place });
  assert.equal(
    listed.map(({ name }) => name),
    [workflow],
  );
});

test('a faulty source is refused with its place', async () => {
  const { message } = await rejection(
    workflows.createWorkflow({
      parent: place,
      workflowId: 'bad',
      workflow: { sourceContents: '- s:\n    next: nowhere\n' },
    }),
  );
  assert.match(message, /main.yaml:2:11: failed to build: .*there is no step 'nowhere'/);
});

test('execute, wait, read the result', async () => {
  const [started] = await executions.createExecution({
    parent: workflow,
    execution: { argument: JSON.stringify({ x: [1, 'é'] }), callLogLevel: 'LOG_NONE' },
  });
  assert.is(started.state, 'ACTIVE');
  const name = started.name ?? '';
  let [execution] = await executions.getExecution({ name });
  for (let tries = 0; execution.state === 'ACTIVE' && tries < 200; tries++) {
    await new Promise((resolve) => setTimeout(resolve, 10));
    [execution] = await executions.getExecution({ name, view: 'FULL' });
  }
  assert.is(execution.state, 'SUCCEEDED');
  assert.equal(JSON.parse(execution.result ?? 'null'), { x: [1, 'é'] });
  assert.is(execution.callLogLevel, 'LOG_NONE');
  assert.equal(execution.labels, { a: 'b' });
  assert.ok(Number(execution.startTime?.seconds) > 1.7e9);
  assert.ok(Number(execution.duration?.nanos) > 0);
  assert.is(execution.status?.currentSteps?.[0]?.step, 'r');
});

test('an argument that is no JSON', async () => {
  const { code, message } = await rejection(
    executions.createExecution({ parent: workflow, execution: { argument: '{x}' } }),
  );
  assert.is(code, 3);
  assert.match(message, /argument must be a JSON value/);
});

test('list pages through 250 executions, newest first, and filters', async () => {
  for (let index = 0; index < 249; index++)
    await executions.createExecution({ parent: workflow, execution: { argument: String(index) } });
  const names: string[] = [];
  for await (const { name, argument, state } of executions.listExecutionsAsync({ parent: workflow })) {
    // The basic view has neither argument nor result.
    assert.is(argument, '');
    assert.ok(state === 'ACTIVE' || state === 'SUCCEEDED');
    names.push(name ?? '');
  }
  assert.is(new Set(names).size, 250);
  const full: string[] = [];
  for await (const { argument } of executions.listExecutionsAsync({
    parent: workflow,
    view: 'FULL',
    pageSize: 100,
  }))
    full.push(argument ?? '');
  assert.equal(full.slice(0, 3), ['248', '247', '246']);
  assert.is(full.length, 250);
  const [failed] = await executions.listExecutions({ parent: workflow, filter: 'state="FAILED"' });
  assert.equal(failed, []);
});

test('cancel, and an error that tells why', async () => {
  const [deployed] = await workflows.createWorkflow({
    parent: place,
    workflowId: 'slow',
    workflow: { sourceContents: '- s:\n    call: sys.sleep\n    args: {seconds: 1000}\n' },
  });
  await deployed.promise();
  const [{ name }] = await executions.createExecution({ parent: `${place}/workflows/slow`, execution: {} });
  const [cancelled] = await executions.cancelExecution({ name: name ?? '' });
  assert.is(cancelled.state, 'CANCELLED');
  assert.match(cancelled.error?.context ?? '', /cancelled/);
});

test('delete', async () => {
  const [operation] = await workflows.deleteWorkflow({ name: workflow });
  await operation.promise();
  assert.is((await rejection(workflows.getWorkflow({ name: workflow }))).code, 5);
  assert.is((await rejection(executions.listExecutions({ parent: workflow }))).code, 5);
});

test.run();
