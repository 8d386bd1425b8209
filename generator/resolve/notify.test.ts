import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { Replicator } from '../config.ts';
import { resolve } from '../resolve.ts';

const base: Replicator = {
  project: 'acme',
  region: 'europe-west1',
  source: 'projects/acme/locations/europe-west1/repositories/prod',
  destinations: ['projects/acme/locations/us-central1/repositories/prod'],
};
const notifyOf = (notify: Replicator['notify']) => {
  const { plans, problems } = resolve({ ...base, notify });
  return problems.length > 0
    ? problems.map(({ code, path, message }) => `${code} ${path}: ${message}`)
    : plans[0]?.notify;
};

test('a topic by its id is in the project of the config; failures are told unless it says otherwise', () => {
  assert.is(notifyOf(undefined), undefined);
  assert.equal(notifyOf({ topic: 'runs' }), { topic: 'projects/acme/topics/runs', on: 'failure' });
  assert.equal(notifyOf({ topic: 'projects/example.com:ops/topics/a.b_c~d+e%2f', on: 'always' }), {
    topic: 'projects/example.com:ops/topics/a.b_c~d+e%2f',
    on: 'always',
  });
});

test('what no topic can be called', () => {
  for (const topic of ['', '/', 'topics/runs', 'projects/acme/topics/', 'projects/acme/subscriptions/runs'])
    assert.equal(notifyOf({ topic }), [`topic notify.topic: ${JSON.stringify(topic)} is no name of a topic`]);
  for (const id of ['ab', '1runs', 'goog-runs', 'runs today', 'a'.repeat(256)]) {
    const [problem = ''] = notifyOf({ topic: id }) as string[];
    assert.match(problem, /^topic notify\.topic: malformed topic id "/, id);
  }
  assert.equal(notifyOf({ topic: 'projects/123/topics/runs' }), [
    'project notify.topic: "123" is a project number',
  ]);
});

test.run();
