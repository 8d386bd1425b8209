/** Workflows and the registry on one emulator: requests within, faults on them, time that is skipped. */
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { drivenClock } from '../emulator/clock.ts';
import { type EmulatorOptions, startEmulator } from '../emulator/server.ts';
import { workflowsEngine } from '../emulator/workflows/service.ts';
import { send } from './rest.ts';

const place = 'projects/p/locations/europe-west1';

/** Runs a source on an emulator whose idle time is skipped. */
async function run(source: string, options: EmulatorOptions = {}) {
  const emulator = await startEmulator({ clock: drivenClock({ auto: true }), ...options });
  try {
    const created = await send(`${emulator.url}/v1/${place}/workflows?workflowId=w`, 'POST', {
      sourceContents: source,
    });
    assert.is(created.status, 200, JSON.stringify(created.body));
    const started = await send(`${emulator.url}/v1/${place}/workflows/w/executions`, 'POST', {});
    await workflowsEngine(emulator.context).executions.get(started.body.name).over;
    const { body } = await send(`${emulator.url}/v1/${started.body.name}`);
    return { execution: body, value: JSON.parse(body.result ?? body.error.payload) };
  } finally {
    await emulator.close();
  }
}

const repositories = `https://artifactregistry.googleapis.com/v1/${place}/repositories`;

const copying = `
- leader:
    call: http.post
    args:
      url: ${repositories}
      auth: {type: OAuth2}
      query: {repositoryId: leader}
      body: {format: DOCKER}
- follower:
    call: http.post
    args:
      url: ${repositories}
      auth: {type: OAuth2}
      query: {repositoryId: follower}
      body: {format: DOCKER}
- copy:
    call: http.post
    args:
      url: ${repositories}/follower:copyRepository
      auth: {type: OAuth2}
      body:
        sourceRepository: ${place}/repositories/leader
    result: answer
- start:
    assign:
      - operation: \${answer.body}
      - polls: 0
- wait:
    call: sys.sleep
    args: {seconds: 30}
- poll:
    try:
      call: http.get
      args:
        url: \${"https://artifactregistry.googleapis.com/v1/" + operation.name}
        auth: {type: OAuth2}
      result: answer
    retry: \${http.default_retry}
- next:
    assign:
      - operation: \${answer.body}
      - polls: \${polls + 1}
- check:
    switch:
      - condition: \${not("done" in operation) or polls < 3}
        next: wait
- done:
    return: \${[polls, "error" in operation]}
`;

test('a copy is posted and polled through the interpreter', async () => {
  const { value, execution } = await run(copying);
  assert.equal(value, [3, false]);
  assert.is(execution.duration, '90s');
});

test('a fault that delays waits on the clock, and time goes on', async () => {
  const { value, execution } = await run(copying, {
    faults: [{ path: '*/operations/*', delay: 600, times: 1 } as never],
  });
  assert.equal(value, [3, false]);
  assert.is(execution.duration, '690s');
});

test('answers of 503 and dropped connections are retried as the policy says', async () => {
  const faults = [
    { path: '*/operations/*', status: 503, after: 0, times: 2 },
    { path: '*/operations/*', reset: true, after: 1, times: 1 },
  ] as never;
  const { value, execution } = await run(copying, { faults });
  assert.equal(value, [3, false]);
  assert.ok(Number.parseFloat(execution.duration) > 92, execution.duration);
});

test('a cut body and a refusal reach the workflow as its errors', async () => {
  const source = (path: string) =>
    `- g:\n    try:\n      call: http.get\n      args: {url: "${repositories}${path}", auth: {type: OAuth2}}\n    except:\n      as: e\n      steps:\n        - r:\n            return: \${[e.tags, map.get(e, "code")]}\n`;
  const cut = await run(source(''), { faults: [{ path: '*/repositories', truncate: 1 } as never] });
  assert.equal(cut.value, [['ConnectionError'], null]);
  const refused = await run(source(''), { faults: [{ path: '*/repositories', status: 403 } as never] });
  assert.equal(refused.value, [['HttpError'], 403]);
  assert.equal((await run(source('/nope'))).value, [['HttpError'], 404]);
});

test('an execution finds others of its workflow that are active', async () => {
  const { value } = await run(
    `- l:\n    call: googleapis.workflowexecutions.v1.projects.locations.workflows.executions.list\n    args:\n      parent: \${"projects/" + sys.get_env("GOOGLE_CLOUD_PROJECT_ID") + "/locations/" + sys.get_env("GOOGLE_CLOUD_LOCATION") + "/workflows/" + sys.get_env("GOOGLE_CLOUD_WORKFLOW_ID")}\n      filter: state="ACTIVE"\n    result: active\n- r:\n    return: \${[len(active.executions), text.split(active.executions[0].name, "/")[7] == sys.get_env("GOOGLE_CLOUD_WORKFLOW_EXECUTION_ID")]}\n`,
  );
  assert.equal(value, [1, true]);
});

test('--data keeps workflows and what their executions gave', async () => {
  const data = mkdtempSync(join(tmpdir(), 'emulator-'));
  const { execution } = await run('- r:\n    return: kept\n', { data });
  const emulator = await startEmulator({ data });
  try {
    const { body } = await send(`${emulator.url}/v1/${execution.name}`);
    assert.is(body.result, '"kept"');
    assert.is((await send(`${emulator.url}/v1/${place}/workflows/w`)).body.state, 'ACTIVE');
  } finally {
    await emulator.close();
  }
});

test('an execution that is active when the emulator stops has failed when it is there again', async () => {
  const data = mkdtempSync(join(tmpdir(), 'emulator-'));
  const first = await startEmulator({ data });
  const path = `v1/${place}/workflows`;
  const sourceContents = '- s:\n    call: sys.sleep\n    args: {seconds: 1000}\n';
  await send(`${first.url}/${path}?workflowId=w`, 'POST', { sourceContents });
  const { body } = await send(`${first.url}/${path}/w/executions`, 'POST', {});
  await first.close();
  const second = await startEmulator({ data });
  try {
    const found = await send(`${second.url}/v1/${body.name}`);
    assert.is(found.body.state, 'FAILED');
    assert.match(found.body.error.context, /the emulator was stopped/);
  } finally {
    await second.close();
  }
});

test.run();
