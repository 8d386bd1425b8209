// What an execution uses beside its own steps: callbacks, Pub/Sub, other executions, logs, its history.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Execution } from '../emulator/workflows/execution.ts';
import { type Bed, bed, outcome, parent } from '../emulator/workflows/testing.ts';

const test = suite('workflows services');

// biome-ignore lint/suspicious/noExplicitAny: answers are looked into at many depths, and a wrong one fails the test
type Json = any;

async function send(
  { app }: Bed,
  method: string,
  url: string,
  body?: unknown,
): Promise<{ status: number; body: Json }> {
  const { pathname, search } = new URL(url, 'http://emulator/v1/');
  const response = await app.request(pathname + search, {
    method,
    ...(body !== undefined && {
      body: JSON.stringify(body),
      headers: { 'content-type': 'application/json' },
    }),
  });
  return { status: response.status, body: await response.json().catch(() => undefined) };
}

/** Lets work that is under way settle. */
async function settle(): Promise<void> {
  for (let turn = 0; turn < 20; turn++) await new Promise((resolve) => setImmediate(resolve));
}

/** The first text that an execution logged. */
function logged({ logs }: Execution): string {
  const payload = logs[0]?.payload ?? { textPayload: '' };
  return 'textPayload' in payload ? payload.textPayload : '';
}

const waits = (timeout: number) => `
- make:
    call: events.create_callback_endpoint
    args: {http_callback_method: POST}
    result: callback
- say:
    call: sys.log
    args: {text: "\${callback.url}"}
- wait:
    call: events.await_callback
    args:
      callback: \${callback}
      timeout: ${timeout}
    result: request
- give:
    return: \${request}
`;

// https://cloud.google.com/workflows/docs/creating-callback-endpoints
test('a callback: the request that comes is what await_callback returns', async () => {
  const made = bed({ auto: false });
  const execution = made.start(waits(3600));
  await settle();
  const url = logged(execution);
  assert.match(
    url,
    new RegExp(`^https://workflowexecutions.googleapis.com/v1/${execution.record.name}/callbacks/`),
  );
  const listed = await send(made, 'GET', `${execution.record.name}/callbacks`);
  assert.equal(listed.body.callbacks, [{ name: url.split('/v1/')[1], method: 'POST', waiters: '1' }]);
  assert.is((await send(made, 'PUT', url, {})).status, 404, 'another method');
  assert.is((await send(made, 'POST', `${url}x`, {})).status, 404, 'another callback');
  assert.is((await send(made, 'POST', `${url}?a=1`, { event: 'x' })).status, 200);
  await execution.over;
  const { state, value } = outcome(execution) as { state: string; value: Json };
  assert.is(state, 'SUCCEEDED');
  assert.equal(value.http_request.body, { event: 'x' });
  assert.equal(value.http_request.query, { a: '1' });
  assert.is(value.http_request.method, 'POST');
  assert.equal(value.http_request.headers['Content-Type'], ['application/json']);
  assert.is(value.type, 'HTTP');
  assert.is((await send(made, 'POST', url, {})).status, 404, 'the execution is over');
});

test('a callback that comes before anybody waits is kept', async () => {
  const made = bed({ auto: false });
  const source = waits(10).replace(
    '- wait:',
    '- sleep:\n    call: sys.sleep\n    args: {seconds: 60}\n- wait:',
  );
  const execution = made.start(source);
  await settle();
  const url = logged(execution);
  await send(made, 'POST', url, 'first');
  await send(made, 'POST', url, 'second');
  const listed = await send(made, 'GET', `${execution.record.name}/callbacks`);
  assert.is(listed.body.callbacks[0].availablePayloads.length, 2);
  await made.clock.advance(61_000);
  await execution.over;
  assert.is((outcome(execution).value as Json).http_request.body, 'first');
});

test('a callback that nobody sends: TimeoutError; cancel while it is waited for', async () => {
  const { value } = await bed().run(waits(30));
  assert.equal((value as Json).tags, ['TimeoutError']);
  const made = bed({ auto: false });
  const execution = made.start(waits(30));
  await settle();
  await made.engine.executions.cancel(execution.record.name);
  assert.is(execution.record.state, 'CANCELLED');
});

test('callbacks: wrong values', async () => {
  const method = await bed().run(waits(1).replace('POST', 'FETCH'));
  assert.equal((method.value as Json).tags, ['ValueError']);
  const negative = await bed().run(waits(-1));
  assert.equal((negative.value as Json).tags, ['ValueError']);
  const foreign = await bed().run(
    '- w:\n    call: events.await_callback\n    args:\n      callback: {url: https://example.com/}\n',
  );
  assert.equal((foreign.value as Json).tags, ['ValueError']);
});

// https://cloud.google.com/workflows/docs/reference/googleapis/pubsub/v1/Overview
test('Pub/Sub: create, publish, pull, acknowledge, delete', async () => {
  const made = bed();
  const topic = 'projects/p/topics/news';
  const subscription = 'projects/p/subscriptions/reader';
  const { state, value } = await made.run(
    `
- topic:
    call: googleapis.pubsub.v1.projects.topics.create
    args: {name: ${topic}}
- subscribe:
    call: googleapis.pubsub.v1.projects.subscriptions.create
    args:
      name: ${subscription}
      body: {topic: ${topic}}
- publish:
    call: googleapis.pubsub.v1.projects.topics.publish
    args:
      topic: ${topic}
      body:
        messages:
          - data: \${base64.encode(json.encode({}))}
            attributes: {kind: empty}
    result: published
- pull:
    call: googleapis.pubsub.v1.projects.subscriptions.pull
    args:
      subscription: ${subscription}
      body: {maxMessages: 5}
    result: pulled
- acknowledge:
    call: googleapis.pubsub.v1.projects.subscriptions.acknowledge
    args:
      subscription: ${subscription}
      body:
        ackIds: ["\${pulled.receivedMessages[0].ackId}"]
- again:
    call: googleapis.pubsub.v1.projects.subscriptions.pull
    args:
      subscription: ${subscription}
      body: {maxMessages: 5}
    result: empty
- give:
    return: \${[published.messageIds, pulled.receivedMessages[0].message.data, len(empty)]}
`.replace('json.encode({})', 'json.encode([])'),
  );
  assert.is(state, 'SUCCEEDED', JSON.stringify(value));
  assert.equal(value, [['1'], 'W10=', 0]);
  assert.equal(
    made.engine.topics.messages(topic).map(({ attributes }) => attributes),
    [{ kind: 'empty' }],
  );
  const gone = await made.run(
    `- d:\n    call: googleapis.pubsub.v1.projects.topics.delete\n    args: {topic: ${topic}}\n- g:\n    call: googleapis.pubsub.v1.projects.topics.get\n    args: {topic: ${topic}}\n`,
  );
  assert.is((gone.value as Json).code, 404);
});

test('a documented connector that is not emulated deploys, and says so when it is called', async () => {
  const { value } = await bed().run(
    '- s:\n    try:\n      call: googleapis.storage.v1.objects.list\n      args: {bucket: b}\n    except:\n      as: e\n      steps:\n        - r:\n            return: ${e.message}\n',
  );
  assert.is(value, "SystemError: 'googleapis.storage.v1.objects.list' is not emulated");
  const gke = await bed().run('- s:\n    call: gke.request\n    args: {cluster_id: c}\n');
  assert.match(gke.headline ?? '', /'gke.request' is not emulated/);
});

// https://cloud.google.com/workflows/docs/reference/stdlib/experimental.executions/map
test('experimental.executions: run and map', async () => {
  const made = bed();
  made.engine.workflows.create(parent, 'twice', {
    sourceContents:
      'main:\n  params: [n]\n  steps:\n    - s:\n        call: sys.sleep\n        args: {seconds: 5}\n    - c:\n        switch:\n          - condition: ${n < 0}\n            raise: negative\n    - r:\n        return: ${n * 2}\n',
  });
  const run = (args: string) =>
    made.run(`- s:\n    call: experimental.executions.${args}\n    result: r\n- g:\n    return: \${r}\n`);
  assert.equal((await run('run\n    args: {workflow_id: twice, argument: 4}')).value, 8);
  assert.equal((await run('map\n    args: {workflow_id: twice, arguments: [1, 2, 3]}')).value, [2, 4, 6]);
  const failed = await run('map\n    args: {workflow_id: twice, arguments: [1, -1]}');
  assert.equal((failed.value as Json).tags, ['ExecutionError']);
  const late = await run('run\n    args: {workflow_id: twice, argument: 1, timeout: 2}');
  assert.equal((late.value as Json).tags, ['TimeoutError']);
});

const calls = `
main:
  steps:
    - one:
        call: helper
        args: {n: 1}
        result: x
    - two:
        try:
          call: helper
          args: {n: -1}
        except:
          as: e
          steps:
            - nothing:
                assign: [{y: 1}]
helper:
  params: [n]
  steps:
    - check:
        switch:
          - condition: \${n < 0}
            raise: negative
    - give:
        return: \${n}
`;

async function callLog(level: 'LOG_ALL_CALLS' | 'LOG_ERRORS_ONLY' | 'LOG_NONE') {
  const made = bed();
  made.engine.workflows.create(parent, 'w', { sourceContents: calls, callLogLevel: level });
  const execution = made.engine.executions.start(`${parent}/workflows/w`);
  await execution.over;
  return execution.logs.map(({ payload, severity, log }) => {
    const { jsonPayload } = payload as { jsonPayload: Json };
    return `${log} ${severity} ${jsonPayload.state} ${jsonPayload.step} ${jsonPayload.callee}`;
  });
}

// https://cloud.google.com/workflows/docs/log-workflow
test('call logs, as the level asks', async () => {
  assert.equal(await callLog('LOG_ALL_CALLS'), [
    'engine_call DEBUG BEGUN one helper',
    'engine_call DEBUG SUCCEEDED one helper',
    'engine_call DEBUG BEGUN two helper',
    'engine_call DEBUG EXCEPTION_RAISED two helper',
  ]);
  assert.equal(await callLog('LOG_ERRORS_ONLY'), ['engine_call DEBUG EXCEPTION_RAISED two helper']);
  assert.equal(await callLog('LOG_NONE'), []);
});

// https://cloud.google.com/workflows/docs/debug-steps
test('a detailed history has the variables in scope; exportData has all, until it is deleted', async () => {
  const made = bed();
  const sourceContents =
    '- a:\n    assign:\n      - x: 1\n- loop:\n    for:\n      value: v\n      in: [7]\n      steps:\n        - b:\n            assign:\n              - y: ${x + v}\n- c:\n    return: ${x}\n';
  made.engine.workflows.create(parent, 'w', { sourceContents });
  const run = async (executionHistoryLevel: 'EXECUTION_HISTORY_DETAILED' | 'EXECUTION_HISTORY_BASIC') => {
    const execution = made.engine.executions.start(`${parent}/workflows/w`, { executionHistoryLevel });
    await execution.over;
    const { body } = await send(made, 'GET', `${execution.record.name}/stepEntries`);
    return { name: execution.record.name, entries: body.stepEntries as Json[] };
  };
  const { name, entries } = await run('EXECUTION_HISTORY_DETAILED');
  const of = (step: string) => entries.find((entry) => entry.step === step);
  assert.equal(of('a').variableData, { variables: { x: 1 } });
  assert.equal(of('b').variableData, { variables: { x: 1, v: 7, y: 8 } });
  assert.equal(of('c').variableData, { variables: { x: 1 } });
  const basic = await run('EXECUTION_HISTORY_BASIC');
  assert.is(
    basic.entries.some((entry) => 'variableData' in entry),
    false,
  );

  const exported = JSON.parse((await send(made, 'GET', `${name}:exportData`)).body.data);
  assert.is(exported.execution.state, 'SUCCEEDED');
  assert.is(exported.stepEntries.length, entries.length);
  assert.is((await send(made, 'POST', `${name}:deleteExecutionHistory`, {})).status, 200);
  assert.is((await send(made, 'GET', `${name}/stepEntries`)).body.totalSize, 0);
});

test('the same definition, clock and answers give the same step entries', async () => {
  const source = `
main:
  steps:
    - begin:
        assign: [{sum: 0}]
    - all:
        parallel:
          shared: [sum]
          concurrency_limit: 3
          for:
            value: v
            range: [1, 40]
            steps:
              - wait:
                  call: sys.sleep
                  args: {seconds: "\${v % 7}"}
              - ask:
                  try:
                    call: http.get
                    args: {url: https://example.com/}
                  retry: \${http.default_retry}
                  except:
                    as: e
                    steps:
                      - no: {next: continue}
              - add:
                  assign: [{sum: "\${sum + v}"}]
    - give:
        return: \${sum}
`;
  const run = async () => {
    let count = 0;
    const made = bed({ fetch: async () => new Response(null, { status: ++count % 3 === 0 ? 503 : 204 }) });
    const execution = made.start(source);
    await execution.over;
    return { value: outcome(execution).value, entries: JSON.stringify(execution.entries) };
  };
  const [one, other] = [await run(), await run()];
  assert.is(one.value, other.value);
  assert.is(one.entries, other.entries);
});

test('limits are those of the service until they are lifted', async () => {
  const deep =
    'main:\n  steps:\n    - a:\n        call: r\n        args: {n: 40}\n        result: x\n    - b:\n        return: ${x}\nr:\n  params: [n]\n  steps:\n    - c:\n        switch:\n          - condition: ${n == 0}\n            return: done\n    - d:\n        call: r\n        args: {n: "${n - 1}"}\n        result: x\n    - e:\n        return: ${x}\n';
  assert.equal(((await bed().run(deep)).value as Json).tags, ['RecursionError']);
  assert.is((await bed({ limits: { callDepth: Number.POSITIVE_INFINITY } }).run(deep)).value, 'done');
});

test.run();
