// https://cloud.google.com/workflows/docs/reference/googleapis/workflowexecutions/v1/Overview
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { bed, outcome, parent } from './testing.ts';

const prefix = 'googleapis.workflowexecutions.v1.projects.locations.workflows.executions';

/** A bed in which workflow `child` sleeps for its argument's seconds, then returns or raises it. */
function withChild() {
  const made = bed();
  made.engine.workflows.create(parent, 'child', {
    sourceContents:
      'main:\n  params: [a]\n  steps:\n    - s:\n        call: sys.sleep\n        args: {seconds: "${a.seconds}"}\n    - f:\n        switch:\n          - condition: ${"fail" in a}\n            raise: ${a.fail}\n    - r:\n        return: ${a}\n',
  });
  return made;
}

const child = `${parent}/workflows/child`;

test('list: filter, view, paging', async () => {
  const { run, engine } = withChild();
  for (const seconds of [1, 2, 1000])
    engine.executions.start(child, { argument: JSON.stringify({ seconds }) });
  const { value } = await run(`
- wait:
    call: sys.sleep
    args: {seconds: 5}
- active:
    call: ${prefix}.list
    args:
      parent: ${child}
      filter: state="ACTIVE"
      view: FULL
    result: active
- page:
    call: ${prefix}.list
    args:
      parent: ${child}
      pageSize: 2
    result: page
- none:
    call: ${prefix}.list
    args:
      parent: ${child}
      filter: state="FAILED"
    result: none
- r:
    return: \${[len(active.executions), active.executions[0].argument, len(page.executions), "nextPageToken" in page, none]}
`);
  assert.equal(value, [1, '{"seconds":1000}', 2, true, {}]);
});

test('create waits until it is over, polling from 1 s by 1.25', async () => {
  const { run } = withChild();
  const { value, execution } = await run(
    `- c:\n    call: ${prefix}.create\n    args:\n      parent: ${child}\n      body:\n        argument: '{"seconds": 3}'\n    result: r\n- r:\n    return: \${[r.state, r.result]}\n`,
  );
  assert.equal(value, ['SUCCEEDED', '{"seconds":3}']);
  assert.is(execution.toResource().duration, '3.8125s');
});

test('create need not wait; get and cancel', async () => {
  const { run, engine } = withChild();
  const { value } = await run(`
- c:
    call: ${prefix}.create
    args:
      parent: ${child}
      body:
        argument: '{"seconds": 3000}'
      connector_params:
        skip_polling: true
    result: started
- g:
    call: ${prefix}.get
    args:
      name: \${started.name}
    result: got
- x:
    call: ${prefix}.cancel
    args:
      name: \${started.name}
    result: cancelled
- r:
    return: \${[got.state, cancelled.state]}
`);
  assert.equal(value, ['ACTIVE', 'CANCELLED']);
  assert.is(engine.executions.list(child)[0]?.record.state, 'CANCELLED');
});

test('run gives the result', async () => {
  const { run } = withChild();
  const { value } = await run(
    `- c:\n    call: ${prefix}.run\n    args:\n      workflow_id: child\n      argument: {seconds: 1, x: [1]}\n    result: r\n- r:\n    return: \${r.x}\n`,
  );
  assert.equal(value, [1]);
});

test('an execution that fails raises OperationError with all of it', async () => {
  const { run } = withChild();
  const { value } = await run(
    `- c:\n    call: ${prefix}.run\n    args:\n      workflow_id: child\n      argument: {seconds: 1, fail: why}\n`,
  );
  const { message, tags, operation } = value as {
    message: string;
    tags: string[];
    operation: { state: string; error: { payload: string } };
  };
  assert.is(message, 'Execution failed or cancelled.');
  assert.equal(tags, ['OperationError']);
  assert.is(operation.state, 'FAILED');
  assert.is(operation.error.payload, '"why"');
});

test('a timeout of its own, and a polling policy', async () => {
  const { run } = withChild();
  const source = (extra: string) =>
    `- c:\n    call: ${prefix}.run\n    args:\n      workflow_id: child\n      argument: {seconds: 100}\n      connector_params:\n${extra}`;
  const late = await run(source('        timeout: 50\n'));
  assert.equal((late.value as { tags: string[] }).tags, ['TimeoutError']);
  const { execution } = await run(
    source('        polling_policy: {initial_delay: 30, multiplier: 2, max_delay: 45}\n'),
  );
  assert.is(execution.toResource().duration, '120s');
});

test('what is not there raises HttpError', async () => {
  const { run } = withChild();
  const { value } = await run(`- c:\n    call: ${prefix}.get\n    args: {name: ${child}/executions/none}\n`);
  assert.is((value as { code: number }).code, 404);
});

test('a request that may be repeated is, as connectors do it', async () => {
  let count = 0;
  const made = bed({
    dispatch: async () => Response.json({}, { status: ++count < 3 ? 503 : 200 }),
  });
  const { value, execution } = await made.run(
    `- c:\n    call: ${prefix}.get\n    args: {name: ${child}/executions/x}\n    result: r\n- r:\n    return: \${r}\n`,
  );
  assert.equal(value, {});
  assert.is(count, 3);
  assert.is(execution.toResource().duration, '2.25s');
});

test('in an expression too', async () => {
  const { start } = withChild();
  const execution = start(`- r:\n    return: \${len(${prefix}.list("${child}"))}\n`);
  await execution.over;
  assert.is(outcome(execution).value, 0);
});

test.run();
