/** What an execution publishes about its end, and that a message that is lost changes nothing. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { seed } from '../emulator/registry/seed.ts';
import type { Emulator } from '../emulator/server.ts';
import { workflowsEngine } from '../emulator/workflows/service.ts';
import type { Replicator } from '../generator/config.ts';
import { type Bench, compileConfig, deploy, type Ended, end, execute, start, withBench } from './harness.ts';
import { config as common, follower, leader, second } from './replicator.ts';

const test = suite('notify');

const topic = 'projects/acme/topics/replication';

function config(on: 'failure' | 'always', more: Partial<Replicator> = {}): Replicator {
  const destinations = [follower, second];
  return common({ destinations, notify: { topic: 'replication', on }, monitoring: false, ...more });
}

interface Told {
  readonly data: Record<string, unknown>;
  readonly attributes: Record<string, string>;
}

/** Every message on the topic, decoded. */
function messages(emulator: Emulator): Told[] {
  return workflowsEngine(emulator.context)
    .topics.messages(topic)
    .map(({ data = '', attributes = {} }) => ({
      data: JSON.parse(Buffer.from(data, 'base64').toString()) as Record<string, unknown>,
      attributes: { ...attributes },
    }));
}

interface Entry {
  readonly severity: string;
  readonly jsonPayload: { readonly message: string; readonly replicator: Readonly<Record<string, unknown>> };
}

async function entries({ url }: Emulator, phase: string): Promise<Entry[]> {
  const answer = await fetch(`${url}/v2/entries:list`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      resourceNames: ['projects/acme'],
      filter: `jsonPayload.replicator.phase="${phase}"`,
    }),
  });
  return ((await answer.json()) as { entries?: Entry[] }).entries ?? [];
}

/** A test with a topic, and a follower that is missing where it says so. */
function notifying(
  name: string,
  settings: Replicator,
  body: (bench: Bench, run: (argument?: unknown) => Promise<Ended>) => Promise<void>,
  { missing = [] as readonly string[], withTopic = true } = {},
): void {
  test(name, () =>
    withBench({}, async (bench) => {
      const { emulator } = bench;
      const image = { id: `sha256:${'1'.padStart(64, '0')}`, tags: ['v1'], image: {} };
      seed(emulator.registry, leader, { packages: { app: [image] } });
      for (const one of [follower, second]) if (!missing.includes(one)) seed(emulator.registry, one);
      if (withTopic) workflowsEngine(emulator.context).topics.create(topic);
      const [plan] = await deploy(emulator, settings);
      if (!plan) throw new Error('no plan');
      await body(bench, (argument) => execute(emulator, plan, argument));
    }),
  );
}

const attributes = ({ name }: Ended, state: string) => ({
  name: 'replicator',
  project: 'acme',
  location: 'europe-west1',
  execution: name.slice(name.lastIndexOf('/') + 1),
  state,
});

notifying('on failure a run that succeeds tells nothing', config('failure'), async ({ emulator }, run) => {
  assert.is((await run()).state, 'SUCCEEDED');
  assert.equal(messages(emulator), []);
});

notifying(
  'on failure a run that failed in part tells its result, and ends as it would without',
  config('failure'),
  async ({ emulator }, run) => {
    const ended = await run();
    assert.is(ended.state, 'FAILED');
    assert.is(ended.summary.state, 'partlyFailed');
    const [message, ...others] = messages(emulator);
    assert.equal(others, []);
    assert.equal(message, { data: ended.summary, attributes: attributes(ended, 'partlyFailed') });
    assert.match(JSON.stringify(message?.data), /asia-east1/);
  },
  { missing: [second] },
);

notifying(
  'all fail, and an argument is refused: both are failures; a dry run tells nothing, whatever it finds',
  config('failure'),
  async ({ emulator }, run) => {
    const dry = await run({ dryRun: true });
    assert.is(dry.summary.state, 'failed');
    assert.equal(messages(emulator), []);
    const failed = await run();
    const refused = await run({ dryrun: true });
    assert.is(refused.state, 'FAILED');
    const [first, other] = messages(emulator);
    assert.equal(first, { data: failed.summary, attributes: attributes(failed, 'failed') });
    assert.equal(other?.attributes, attributes(refused, 'failed'));
    assert.match(String(other?.data.message), /unknown argument "dryrun"/);
    assert.equal(Object.keys(other?.data ?? {}), Object.keys(first?.data ?? {}));
  },
  { missing: [follower, second] },
);

notifying(
  'always: a success and a run that gave way too, a dry run never',
  config('always'),
  async ({ emulator }, run) => {
    await run({ dryRun: true });
    assert.equal(messages(emulator), []);
    const done = await run();
    assert.equal(messages(emulator), [{ data: done.summary, attributes: attributes(done, 'succeeded') }]);
  },
);

for (const on of ['always', 'failure'] as const)
  test(`on ${on}, a run that gave way ${on === 'always' ? 'tells so' : 'tells nothing'}`, () =>
    withBench({ behavior: { copyMinimumSeconds: 600 } }, async ({ emulator }) => {
      for (const one of [leader, follower, second]) seed(emulator.registry, one);
      workflowsEngine(emulator.context).topics.create(topic);
      const [plan] = await deploy(emulator, config(on));
      if (!plan) throw new Error('no plan');
      const [older, younger] = [await start(emulator, plan), await start(emulator, plan)];
      const ends = [await end(emulator, older), await end(emulator, younger)];
      const skipped = ends.find(({ summary }) => summary.state === 'skipped');
      assert.ok(skipped);
      const told = messages(emulator).filter((message) => message.attributes.state === 'skipped');
      const expected = { data: skipped.summary, attributes: attributes(skipped, 'skipped') };
      assert.equal(told, on === 'always' ? [expected] : []);
    }));

notifying(
  'a message that cannot be published is a warning, and no more',
  config('always'),
  async ({ emulator }, run) => {
    const ended = await run();
    assert.is(ended.state, 'SUCCEEDED');
    assert.is(ended.summary.state, 'succeeded');
    const [entry, ...others] = await entries(emulator, 'notify');
    assert.equal(others, []);
    assert.is(entry?.severity, 'WARNING');
    const { message, replicator } = entry?.jsonPayload ?? { message: '', replicator: {} };
    assert.match(message, /^the result could not be published to projects\/acme\/topics\/replication: 404: /);
    assert.match(message, /roles\/pubsub\.publisher on it: npm run doctor/);
    assert.match(String(replicator.error), /^404: .*not found/);
  },
  { withTopic: false },
);

test('a table that would not fit in the memory of an execution is left out, and its message is not', async () => {
  const many = (count: number) =>
    Array.from(
      { length: count },
      (_, index) => `projects/acme-${index}/locations/us-central1/repositories/prod`,
    );
  const textOf = (destinations: string[]) =>
    compileConfig(config('failure', { destinations })).yaml.get('replicator.yaml') ?? '';
  const isWhole = (count: number) => !/resultsLeftOut/.test(textOf(many(count)));
  let most = 100;
  while (!isWhole(most)) most--;
  assert.ok(most >= 30 && most < 100, String(most));
  // The largest table that is told whole, with the longest errors: it is held in memory several times.
  await withBench({}, async ({ emulator }) => {
    seed(emulator.registry, leader);
    for (const one of many(most)) seed(emulator.registry, one);
    const body = { error: { code: 403, message: 'no '.repeat(1000), status: 'PERMISSION_DENIED' } };
    emulator.faults.set([{ method: 'POST', path: '*:copyRepository', status: 403, body }]);
    workflowsEngine(emulator.context).topics.create(topic);
    const [plan] = await deploy(emulator, config('failure', { destinations: many(most) }));
    if (!plan) throw new Error('no plan');
    const ended = await execute(emulator, plan);
    assert.is(ended.summary.results?.length, most, JSON.stringify(ended.summary).slice(0, 1000));
    assert.is(ended.summary.results[0]?.error?.length, 800);
    const [message] = messages(emulator);
    assert.equal(message?.data, ended.summary);
  });
  await withBench({}, async ({ emulator }) => {
    seed(emulator.registry, leader);
    workflowsEngine(emulator.context).topics.create(topic);
    const [plan] = await deploy(emulator, config('failure', { destinations: many(100) }));
    if (!plan) throw new Error('no plan');
    const ended = await execute(emulator, plan);
    assert.is(ended.summary.results.length, 100);
    const [message] = messages(emulator);
    const { results, resultsLeftOut, message: text, state } = message?.data ?? {};
    assert.equal([results, resultsLeftOut, state], [[], true, 'failed']);
    assert.is(text, ended.summary.message.slice(0, 4000));
  });
});

test('without notify nothing of it is in the workflow', () => {
  const { notify: _, ...plain } = config('failure');
  const text = compileConfig(plain).yaml.get('replicator.yaml') ?? '';
  assert.not.match(text, /pubsub|notify|tell_of/);
});

test.run();
