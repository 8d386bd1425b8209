// https://cloud.google.com/workflows/docs/reference/rest and …/reference/executions/rest
import { existsSync, mkdtempSync, readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { workflowOf } from './executions.ts';
import { type Bed, bed, parent } from './testing.ts';

const quick = '- r:\n    return: 1\n';
const slow =
  'main:\n  params: [a]\n  steps:\n    - s:\n        call: sys.sleep\n        args: {seconds: 3600}\n    - r:\n        return: ${a}\n';

// biome-ignore lint/suspicious/noExplicitAny: answers are looked into at many depths, and a wrong one fails the test
type Answer = { status: number; body: Record<string, any> };

/** Sends requests to the API of a bed. */
function client({ app }: Bed) {
  return async (method: string, path: string, body?: unknown): Promise<Answer> => {
    const response = await app.request(`/v1/${path}`, {
      method,
      ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    return { status: response.status, body: (await response.json()) as Answer['body'] };
  };
}

test('create: an operation that is done, with the workflow in it', async () => {
  const made = bed();
  const send = client(made);
  const { status, body } = await send('POST', `${parent}/workflows?workflowId=my-flow_1`, {
    sourceContents: quick,
    labels: { a: 'b' },
    description: 'd',
    callLogLevel: 2,
    serviceAccount: 'me@p.iam.gserviceaccount.com',
    userEnvVars: { A: '1' },
  });
  assert.is(status, 200);
  assert.is(body.done, true);
  assert.is(body.metadata.verb, 'create');
  assert.is(body.metadata.target, `${parent}/workflows/my-flow_1`);
  const { '@type': type, ...workflow } = body.response;
  assert.is(type, 'type.googleapis.com/google.cloud.workflows.v1.Workflow');
  assert.match(workflow.revisionId, /^000001-[0-9a-f]{3}$/);
  assert.equal(workflow, {
    name: `${parent}/workflows/my-flow_1`,
    sourceContents: quick,
    labels: { a: 'b' },
    description: 'd',
    callLogLevel: 'LOG_ERRORS_ONLY',
    serviceAccount: 'projects/p/serviceAccounts/me@p.iam.gserviceaccount.com',
    userEnvVars: { A: '1' },
    state: 'ACTIVE',
    revisionId: workflow.revisionId,
    createTime: '2026-01-01T00:00:00.000Z',
    updateTime: '2026-01-01T00:00:00.000Z',
    revisionCreateTime: '2026-01-01T00:00:00.000Z',
  });
  assert.equal((await send('GET', `${parent}/workflows/my-flow_1`)).body, workflow);
  assert.is(made.context.operations.get(body.name).done, true);
});

const refused: [name: string, path: string, body: unknown, status: number, message: RegExp][] = [
  ['no id', 'workflows', {}, 400, /workflow_id is required/],
  ['an id that starts with a digit', 'workflows?workflowId=1a', {}, 400, /Invalid workflow ID '1a'/],
  ['an id that ends in a hyphen', 'workflows?workflowId=a-', {}, 400, /Invalid workflow ID/],
  ['an id of 65', `workflows?workflowId=${'a'.repeat(65)}`, {}, 400, /Invalid workflow ID/],
  ['an empty source', 'workflows?workflowId=a', {}, 400, /main.yaml:1:1: failed to build/],
  [
    'a faulty source',
    'workflows?workflowId=a',
    { sourceContents: '- s:\n    return: ${x}\n' },
    400,
    /^main.yaml:2:15: failed to build: in workflow 'main', step 's': error evaluating return value: symbol 'x'/,
  ],
  [
    'an unknown field',
    'workflows?workflowId=a',
    { source: '' },
    400,
    /Unknown name "source": Cannot find field/,
  ],
  ['what is no JSON', 'workflows?workflowId=a', '{', 400, /Invalid JSON payload/],
  [
    'a source that is no text',
    'workflows?workflowId=a',
    { sourceContents: 1 },
    400,
    /workflow.sourceContents' \(TYPE_STRING\), 1/,
  ],
  [
    'a bad label',
    'workflows?workflowId=a',
    { sourceContents: quick, labels: { A: 'b' } },
    400,
    /Label key 'A'/,
  ],
  [
    'a bad environment variable',
    'workflows?workflowId=a',
    { sourceContents: quick, userEnvVars: { GOOGLE_X: 'b' } },
    400,
    /'GOOGLE_X' must have a name/,
  ],
  [
    'an unknown log level',
    'workflows?workflowId=a',
    { sourceContents: quick, callLogLevel: 'LOUD' },
    400,
    /workflow.call_log_level/,
  ],
  ['a workflow twice', 'workflows?workflowId=there', { sourceContents: quick }, 409, /already exists/],
  ['an execution of nothing', 'workflows/nope/executions', {}, 404, /Workflow .* was not found/],
  [
    'an argument that is a map',
    'workflows/there/executions',
    { argument: { a: 1 } },
    400,
    /execution.argument' \(TYPE_STRING\)/,
  ],
  [
    'an argument that is no JSON',
    'workflows/there/executions',
    { argument: '{a' },
    400,
    /argument must be a JSON value as a string/,
  ],
  [
    'an unknown field of an execution',
    'workflows/there/executions',
    { data: '{}' },
    400,
    /Unknown name "data"/,
  ],
];
for (const [name, path, body, status, message] of refused)
  test(`refuses ${name}`, async () => {
    const made = bed();
    made.engine.workflows.create(parent, 'there', { sourceContents: quick });
    const answer = await client(made)('POST', `${parent}/${path}`, body);
    assert.is(answer.status, status);
    assert.is(answer.body.error.code, status);
    assert.match(answer.body.error.message, message);
  });

test('patch: the mask decides, a new source makes a new revision', async () => {
  const made = bed();
  const send = client(made);
  await send('POST', `${parent}/workflows?workflowId=a`, {
    sourceContents: quick,
    labels: { a: 'b' },
    description: 'old',
  });
  await made.clock.advance(1000);
  const labels = await send('PATCH', `${parent}/workflows/a?updateMask=labels`, {
    sourceContents: 'nonsense',
    labels: { c: 'd' },
  });
  assert.match(labels.body.response.revisionId, /^000001/);
  assert.equal(labels.body.response.labels, { c: 'd' });
  assert.is(labels.body.response.sourceContents, quick);
  const source = await send('PATCH', `${parent}/workflows/a?updateMask=source_contents,description`, {
    sourceContents: slow,
  });
  assert.match(source.body.response.revisionId, /^000002/);
  assert.is(source.body.response.description, undefined);
  assert.is(source.body.response.revisionCreateTime, '2026-01-01T00:00:01.000Z');
  const bad = await send('PATCH', `${parent}/workflows/a?updateMask=name`, {});
  assert.match(bad.body.error.message, /'name' is not a field that can be changed/);
  const { body } = await send('GET', `${parent}/workflows/a:listRevisions`);
  assert.equal(
    body.workflows.map(({ revisionId }: { revisionId: string }) => revisionId.slice(0, 6)),
    ['000002', '000001'],
  );
  const old = await send('GET', `${parent}/workflows/a?revisionId=${body.workflows[1].revisionId}`);
  assert.is(old.body.sourceContents, quick);
});

test('an execution keeps the revision it was started with', async () => {
  const made = bed({ auto: false });
  const send = client(made);
  await send('POST', `${parent}/workflows?workflowId=a`, { sourceContents: slow });
  const { body } = await send('POST', `${parent}/workflows/a/executions`, { argument: '"one"' });
  await send('PATCH', `${parent}/workflows/a?updateMask=sourceContents`, { sourceContents: quick });
  await made.clock.advance(3600_000);
  const done = await send('GET', body.name);
  assert.is(done.body.result, '"one"');
  assert.match(done.body.workflowRevisionId, /^000001/);
});

test('list: pages of workflows, locations, filter', async () => {
  const made = bed();
  const send = client(made);
  for (const id of ['c', 'a', 'b'])
    made.engine.workflows.create(parent, id, { sourceContents: quick, description: id });
  made.engine.workflows.create('projects/p/locations/us-central1', 'd', { sourceContents: quick });
  const names = (answer: Answer) =>
    answer.body.workflows?.map(({ name }: { name: string }) => name.split('/').at(-1));
  const first = await send('GET', `${parent}/workflows?pageSize=2`);
  assert.equal(names(first), ['a', 'b']);
  const second = await send('GET', `${parent}/workflows?pageSize=2&pageToken=${first.body.nextPageToken}`);
  assert.equal(names(second), ['c']);
  assert.is(second.body.nextPageToken, undefined);
  assert.equal(names(await send('GET', 'projects/p/locations/-/workflows')), ['a', 'b', 'c', 'd']);
  assert.equal(names(await send('GET', `${parent}/workflows?filter=description="b"`)), ['b']);
  assert.equal(names(await send('GET', `${parent}/workflows?orderBy=name%20desc`)), ['c', 'b', 'a']);
  assert.equal((await send('GET', 'projects/q/locations/l/workflows')).body, {});
  assert.is((await send('GET', `${parent}/workflows?pageSize=2&pageToken=nonsense`)).status, 400);
  assert.is((await send('GET', `${parent}/workflows?pageSize=x`)).status, 400);
});

test('executions: create, get in both views, list newest first, filter, order, pages', async () => {
  const made = bed({ auto: false });
  const send = client(made);
  const base = `${parent}/workflows/a`;
  await send('POST', `${parent}/workflows?workflowId=a`, {
    sourceContents: slow,
    labels: { from: 'workflow' },
  });
  const names: string[] = [];
  for (let index = 0; index < 5; index++) {
    const { body } = await send('POST', `${base}/executions`, {
      argument: String(index),
      labels: { n: String(index) },
    });
    assert.is(body.state, 'ACTIVE');
    names.push(body.name);
    await made.clock.advance(800_000);
  }
  const full = await send('GET', names[0] ?? '');
  assert.is(full.body.state, 'SUCCEEDED');
  assert.equal(full.body.labels, { from: 'workflow', n: '0' });
  assert.is(full.body.duration, '3600s');
  assert.is(full.body.result, '0');
  assert.equal(Object.keys((await send('GET', `${names[0]}?view=BASIC`)).body).sort(), [
    'createTime',
    'duration',
    'endTime',
    'name',
    'startTime',
    'state',
    'workflowRevisionId',
  ]);
  const listed = async (query: string) => {
    const { body } = await send('GET', `${base}/executions?${query}`);
    return (
      body.executions?.map(({ name }: { name: string }) => names.indexOf(name)) ?? body.error?.message ?? []
    );
  };
  assert.equal(await listed(''), [4, 3, 2, 1, 0]);
  assert.equal(await listed('orderBy=startTime'), [0, 1, 2, 3, 4]);
  assert.equal(await listed('orderBy=state%20asc,executionID'), [
    ...[1, 2, 3, 4].sort((a, b) => ((names[a] ?? '') < (names[b] ?? '') ? -1 : 1)),
    0,
  ]);
  assert.equal(await listed(`filter=${encodeURIComponent('state="ACTIVE"')}`), [4, 3, 2, 1]);
  assert.equal(
    await listed(`filter=${encodeURIComponent('state=ACTIVE AND startTime>"2026-01-01T00:39:00Z"')}`),
    [4, 3],
  );
  assert.equal(await listed(`filter=${encodeURIComponent('NOT state="ACTIVE" OR label:"n:3"')}`), [3, 0]);
  assert.equal(
    await listed(`filter=${encodeURIComponent('(state="ACTIVE" OR duration>="3600s") label:"n:0"')}`),
    [0],
  );
  assert.equal(
    await listed(`filter=${encodeURIComponent(`executionID="${names[2]?.split('/').at(-1)}"`)}`),
    [2],
  );
  assert.equal(await listed(`filter=${encodeURIComponent('stepName="s" AND state!="ACTIVE"')}`), []);
  assert.match(await listed('filter=nope%3D1'), /Invalid filter: unknown field 'nope'/);
  assert.match(
    await listed(`filter=${encodeURIComponent('state=')}`),
    /Invalid filter: expected FIELD OPERATOR VALUE/,
  );
  assert.match(await listed('orderBy=argument'), /Invalid order_by/);
  const first = await send('GET', `${base}/executions?pageSize=2&view=FULL`);
  assert.is(first.body.executions[0].argument, '4');
  await send('POST', `${base}/executions`, {});
  const second = await send(
    'GET',
    `${base}/executions?pageSize=2&view=2&pageToken=${first.body.nextPageToken}`,
  );
  assert.equal(
    second.body.executions.map(({ argument }: { argument: string }) => argument),
    ['2', '1'],
  );
});

test('enums as numbers, when the query asks so', async () => {
  const made = bed();
  const send = client(made);
  await send('POST', `${parent}/workflows?workflowId=a`, { sourceContents: quick, callLogLevel: 'LOG_NONE' });
  const { body } = await send('GET', `${parent}/workflows/a?$alt=json;enum-encoding=int`);
  assert.is(body.state, 1);
  assert.is(body.callLogLevel, 3);
  const started = await send('POST', `${parent}/workflows/a/executions?$alt=json%3Benum-encoding=int`, {
    callLogLevel: 1,
  });
  await made.engine.executions.get(started.body.name).over;
  const done = await send('GET', `${started.body.name}?$alt=json;enum-encoding=int&view=2`);
  assert.is(done.body.state, 2);
  assert.is(done.body.callLogLevel, 1);
});

test('cancel: in a sleep, twice, what is over, what is not there', async () => {
  const made = bed({ auto: false });
  const send = client(made);
  await send('POST', `${parent}/workflows?workflowId=a`, { sourceContents: slow });
  const { body } = await send('POST', `${parent}/workflows/a/executions`, {});
  await made.clock.advance(10_000);
  const cancelled = await send('POST', `${body.name}:cancel`, {});
  assert.is(cancelled.body.state, 'CANCELLED');
  assert.is(cancelled.body.duration, '10s');
  assert.is(JSON.parse(cancelled.body.error.payload).message, 'Execution was cancelled.');
  const again = await send('POST', `${body.name}:cancel`, {});
  assert.is(again.body.error.status, 'FAILED_PRECONDITION');
  assert.is((await send('POST', `${body.name}x:cancel`, {})).status, 404);
  assert.is((await send('POST', `${body.name}:stop`, {})).status, 404);
});

test('cancel ends all branches, and except does not catch it', async () => {
  const made = bed({ auto: false });
  const execution = made.start(
    '- t:\n    try:\n      steps:\n        - p:\n            parallel:\n              for:\n                value: v\n                range: [1, 30]\n                steps:\n                  - s:\n                      call: sys.sleep\n                      args: {seconds: 100}\n    except:\n      as: e\n      steps:\n        - r:\n            return: caught\n',
  );
  await made.clock.advance(1000);
  await made.engine.executions.cancel(execution.record.name);
  assert.is(execution.record.state, 'CANCELLED');
  assert.ok(execution.entries.every(({ state }) => state === 'STATE_FAILED'));
});

test('a quota of active executions queues the others', async () => {
  const made = bed({ auto: false, limits: { activeExecutions: 2 } });
  const send = client(made);
  await send('POST', `${parent}/workflows?workflowId=a`, { sourceContents: slow });
  const states = async () =>
    (await send('GET', `${parent}/workflows/a/executions`)).body.executions.map(
      ({ state }: { state: string }) => state,
    );
  const started = [];
  for (let index = 0; index < 4; index++)
    started.push((await send('POST', `${parent}/workflows/a/executions`, {})).body);
  assert.equal(await states(), ['QUEUED', 'QUEUED', 'ACTIVE', 'ACTIVE']);
  await send('POST', `${started[2]?.name}:cancel`, {});
  assert.equal(await states(), ['QUEUED', 'CANCELLED', 'ACTIVE', 'ACTIVE']);
  await made.clock.advance(3600_000);
  assert.equal(await states(), ['ACTIVE', 'CANCELLED', 'SUCCEEDED', 'SUCCEEDED']);
  await made.clock.advance(3600_000);
  assert.equal(await states(), ['SUCCEEDED', 'CANCELLED', 'SUCCEEDED', 'SUCCEEDED']);
});

test('delete: an operation, and the executions go with it', async () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'workflows-'));
  const made = bed({ auto: false, dataDir });
  const send = client(made);
  await send('POST', `${parent}/workflows?workflowId=a`, { sourceContents: slow });
  const { body } = await send('POST', `${parent}/workflows/a/executions`, {});
  const deleted = await send('DELETE', `${parent}/workflows/a`);
  assert.is(deleted.body.response['@type'], 'type.googleapis.com/google.protobuf.Empty');
  assert.is((await send('GET', `${parent}/workflows/a`)).status, 404);
  assert.is((await send('GET', body.name)).status, 404);
  assert.is((await send('DELETE', `${parent}/workflows/a`)).status, 404);
  assert.equal(readdirSync(join(dataDir, 'workflows', 'executions')), []);
  assert.equal(readdirSync(join(dataDir, 'workflows', 'definitions')), []);
});

test('a workflow may be called executions', async () => {
  const made = bed();
  const send = client(made);
  const name = `${parent}/workflows/executions`;
  made.engine.workflows.create(parent, 'executions', { sourceContents: quick });
  const execution = made.engine.executions.start(name);
  assert.is(workflowOf(execution.record.name), name);
  const { body } = await send('GET', `${name}/executions`);
  assert.equal(
    body.executions.map((one: { name: string }) => one.name),
    [execution.record.name],
  );
});

test('another emulator on the same folder finds workflows and executions', async () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'workflows-'));
  const first = bed({ auto: false, dataDir });
  const send = client(first);
  await send('POST', `${parent}/workflows?workflowId=a`, { sourceContents: quick });
  await send('PATCH', `${parent}/workflows/a?updateMask=sourceContents`, { sourceContents: slow });
  const over = (await send('POST', `${parent}/workflows/a/executions`, { argument: '{"x":1}' })).body;
  await first.clock.advance(3600_000);
  const active = (await send('POST', `${parent}/workflows/a/executions`, {})).body;
  assert.ok(existsSync(join(dataDir, 'workflows')));

  const second = bed({ dataDir });
  const ask = client(second);
  assert.is((await ask('GET', over.name)).body.result, '{"x":1}');
  assert.equal((await ask('GET', over.name)).body.status, { currentSteps: [{ routine: 'main', step: 'r' }] });
  const lost = (await ask('GET', active.name)).body;
  assert.is(lost.state, 'FAILED');
  assert.match(lost.error.context, /SystemError: the emulator was stopped while the execution was active/);
  assert.is((await ask('GET', `${parent}/workflows/a:listRevisions`)).body.workflows.length, 2);
  const more = (await ask('POST', `${parent}/workflows/a/executions`, { argument: '5' })).body;
  await second.engine.executions.get(more.name).over;
  const { body } = await ask('GET', `${parent}/workflows/a/executions?view=FULL`);
  assert.equal(
    body.executions.map(({ argument }: { argument?: string }) => argument),
    ['5', undefined, '{"x":1}'],
  );
});

test('step entries: pages, filter, one by its number; logs', async () => {
  const made = bed();
  const send = client(made);
  const execution = made.start(
    '- l:\n    for:\n      value: v\n      range: [1, 3]\n      steps:\n        - g:\n            call: sys.log\n            args: {text: "${string(v)}", severity: NOTICE}\n- bad:\n    raise: x\n',
  );
  await execution.over;
  const { name } = execution.record;
  const first = await send('GET', `${name}/stepEntries?pageSize=3`);
  assert.is(first.body.totalSize, 8);
  assert.equal(first.body.stepEntries[1], {
    name: `${name}/stepEntries/2`,
    createTime: '2026-01-01T00:00:00.000Z',
    updateTime: '2026-01-01T00:00:00.000Z',
    routine: 'main',
    step: 'l',
    stepType: 'STEP_FOR_ITERATION',
    state: 'STATE_SUCCEEDED',
    entryId: '2',
    navigationInfo: { parent: '1', children: ['3'], next: '4' },
    stepEntryMetadata: { threadId: '0', progressType: 'PROGRESS_TYPE_FOR', progressNumber: '1' },
  });
  const second = await send(
    'GET',
    `${name}/stepEntries?pageSize=3&pageToken=${first.body.nextPageToken}&skip=0`,
  );
  assert.is(second.body.stepEntries[0].entryId, '4');
  const skipped = await send(
    'GET',
    `${name}/stepEntries?pageSize=3&pageToken=${first.body.nextPageToken}&skip=1`,
  );
  assert.is(skipped.body.stepEntries[0].entryId, '5', 'skip counts from the page that the token names');
  const failed = await send('GET', `${name}/stepEntries?filter=${encodeURIComponent('state="FAILED"')}`);
  assert.equal(
    failed.body.stepEntries.map(({ step, exception }: { step: string; exception: object }) => [
      step,
      exception,
    ]),
    [['bad', { payload: '"x"' }]],
  );
  assert.equal((await send('GET', `${name}/stepEntries/1`)).body.step, 'l');
  assert.is((await send('GET', `${name}/stepEntries/99`)).status, 404);
  const logs = await made.app.request(`/emulator/v1/${name}/logs`);
  assert.equal(((await logs.json()) as Answer['body']).entries[0], {
    timestamp: '2026-01-01T00:00:00.000Z',
    logName: 'workflows.googleapis.com/executions',
    severity: 'NOTICE',
    textPayload: '1',
    labels: { routine: 'main', step: 'g' },
  });
});

test('the detailed history says how many iterations are expected', async () => {
  const made = bed();
  const send = client(made);
  await send('POST', `${parent}/workflows?workflowId=a`, {
    sourceContents:
      '- l:\n    for:\n      value: v\n      range: [1, 3]\n      steps:\n        - g:\n            call: sys.now\n',
  });
  const { body } = await send('POST', `${parent}/workflows/a/executions`, {
    executionHistoryLevel: 'EXECUTION_HISTORY_DETAILED',
  });
  await made.engine.executions.get(body.name).over;
  const entry = await send('GET', `${body.name}/stepEntries/2`);
  assert.is(entry.body.stepEntryMetadata.expectedIteration, '3');
});

test.run();
