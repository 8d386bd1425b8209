import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { executionLink, targetFrom, workflowLink } from './target.ts';

const test = suite('target');
const workflow = 'projects/acme/locations/europe-west1/workflows/nightly';
const execution = `${workflow}/executions/1f-2`;
const google = targetFrom({});
const emulator = targetFrom({ REPLICATOR_EMULATOR_HOST: '127.0.0.1:8787' });

test("a person looks at an execution in Google's console, or on the emulator's own page", () => {
  assert.is(
    executionLink(google, execution),
    'https://console.cloud.google.com/workflows/workflow/europe-west1/nightly/execution/1f-2/summary?project=acme',
  );
  assert.is(executionLink(emulator, execution), `http://127.0.0.1:8787/#/execution?name=${execution}`);
});

test('and so at a workflow', () => {
  assert.is(
    workflowLink(google, workflow),
    'https://console.cloud.google.com/workflows/workflow/europe-west1/nightly/executions?project=acme',
  );
  assert.is(workflowLink(emulator, workflow), `http://127.0.0.1:8787/#/workflow?name=${workflow}`);
});

test('what is no host and port is refused', () => {
  for (const host of ['http://localhost', '127.0.0.1:99999'])
    assert.throws(() => targetFrom({ REPLICATOR_EMULATOR_HOST: host }), /write HOST:PORT/);
});

test.run();
