/** What a deploy decides, as pure data: no cloud, no gcloud. */
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { Config } from '../../generator/config.ts';
import { resolve } from '../../generator/resolve.ts';
import { commandsOf } from './commands.ts';
import { desiredOf, executionBody, mergeWanted, type Wanted } from './desired.ts';
import { type Actual, type Change, difference } from './difference.ts';
import { type Binding, type Found, isMonitoring, type Resource } from './resource.ts';

const base = {
  project: 'acme',
  region: 'europe-west1',
  source: 'projects/acme/locations/europe-west1/repositories/leader',
  destinations: ['projects/acme/locations/us-central1/repositories/follower'],
  schedule: { cron: '0 3 * * *' },
};

function wantedOf(config: Config): Wanted[] {
  const { plans, problems } = resolve(config);
  assert.equal(problems, []);
  return mergeWanted(
    plans.flatMap((plan) =>
      desiredOf(plan, {
        generated: (name) =>
          name.endsWith('.yaml') ? { text: `source of ${name}`, file: `workflows/${name}` } : undefined,
        imageHash: 'abc',
        template: () => undefined,
      }),
    ),
  );
}

/** A cloud in which everything is as some config wants it. */
function deployed(config: Config): Actual {
  const wanted = wantedOf(config).filter(({ isWanted }) => isWanted);
  const found = new Map<string, Found>(
    wanted.map(({ resource }) => [resource.id, { fields: resource.fields, isOurs: true }]),
  );
  const bindings = wanted.flatMap(({ resource }) => (resource.kind === 'binding' ? [resource] : []));
  return { found, bindings };
}

const empty: Actual = { found: new Map(), bindings: [] };
const changed = (changes: readonly Change[]) =>
  changes
    .filter(({ action }) => action !== 'unchanged')
    .map(({ action, resource }) => `${action} ${resource.id}`);

test('the first deploy makes everything, and nothing before what it waits for', () => {
  const changes = difference(wantedOf({ ...base, job: true, mirror: true }), empty, { adopt: false });
  const place = new Map(changes.map(({ resource }, index) => [resource.id, index]));
  for (const { resource, after } of changes)
    for (const id of after)
      assert.ok((place.get(id) ?? 99) < (place.get(resource.id) ?? 0), `${resource.id} waits for ${id}`);
  assert.ok(changes.every(({ action }) => action === 'create'));
  assert.is(changes.at(-1)?.resource.kind, 'schedulerJob');
});

test('a deploy of what is there is all unchanged, and has no command', () => {
  const config = { ...base, job: true, mirror: true };
  const changes = difference(wantedOf(config), deployed(config), { adopt: false });
  assert.equal(changed(changes), []);
  assert.equal(changes.flatMap(commandsOf), []);
});

test('a schedule that was removed takes its job, its account and its role with it', () => {
  const { schedule: _, ...unscheduled } = base;
  const changes = difference(wantedOf(unscheduled), deployed(base), { adopt: false });
  assert.equal(changed(changes), [
    'remove schedulerJob projects/acme/locations/europe-west1/jobs/replicator',
    'remove binding projects/acme roles/workflows.invoker serviceAccount:replicator-scheduler@acme.iam.gserviceaccount.com',
    'remove serviceAccount replicator-scheduler@acme.iam.gserviceaccount.com',
  ]);
});

test('roles of an account that has our name and not our mark stay', () => {
  const withJob = { ...base, job: true };
  const there = deployed(withJob);
  const account = 'serviceAccount replicator-job@acme.iam.gserviceaccount.com';
  const found = new Map([...deployed(base).found, [account, { fields: {}, isOurs: false }]]);
  const actual = { found, bindings: there.bindings.filter(({ target }) => target.on !== 'job') };
  assert.ok(actual.bindings.some(({ member }) => member.includes('replicator-job@')));
  for (const adopt of [false, true]) assert.equal(changed(difference(wantedOf(base), actual, { adopt })), []);
  const none = wantedOf(base).flatMap((one) =>
    one.resource.kind === 'binding' ? [] : [{ ...one, isWanted: false }],
  );
  const destroyed = changed(difference(none, actual, { adopt: false, isDestroy: true }));
  assert.ok(destroyed.some((text) => text.startsWith('remove binding ')));
  assert.not.ok(
    destroyed.some((text) => text.includes('replicator-job@')),
    destroyed.join('\n'),
  );
});

test('a job that was removed stays until the workflow no longer runs it', () => {
  const before = deployed({ ...base, job: true, mirror: true });
  const found = new Map(before.found);
  const workflow = 'workflow projects/acme/locations/europe-west1/workflows/replicator';
  found.set(workflow, { fields: { ...found.get(workflow)?.fields, source: 'with a mirror' }, isOurs: true });
  const changes = difference(wantedOf(base), { ...before, found }, { adopt: false });
  const removal = changes.find(({ action, resource }) => action === 'remove' && resource.kind === 'runJob');
  assert.ok(removal?.after.includes(workflow), removal?.after.join());
});

test('a destination that was removed loses our binding before the workflow forgets it', () => {
  const other = 'projects/acme-dr/locations/asia-east1/repositories/follower';
  const before = deployed({ ...base, destinations: [...base.destinations, other] });
  const found = new Map(before.found);
  const workflow = [...found].find(([id]) => id.startsWith('workflow '));
  found.set(workflow?.[0] ?? '', { fields: { ...workflow?.[1].fields, source: 'older' }, isOurs: true });
  const changes = difference(wantedOf(base), { ...before, found }, { adopt: false });
  assert.equal(changed(changes), [
    `remove binding ${other} roles/artifactregistry.writer serviceAccount:replicator-workflow@acme.iam.gserviceaccount.com`,
    'update workflow projects/acme/locations/europe-west1/workflows/replicator',
  ]);
  const update = changes.find(({ action }) => action === 'update');
  assert.ok(update?.after.some((id) => id.includes(other)));
});

test('fields that differ are named, and a Scheduler job is told those alone', () => {
  const changes = difference(wantedOf({ ...base, schedule: { cron: '0 4 * * *' } }), deployed(base), {
    adopt: false,
  });
  const [change] = changes.filter(({ action }) => action !== 'unchanged');
  assert.equal(change?.fields, [{ field: 'schedule', from: '0 3 * * *', to: '0 4 * * *' }]);
  assert.equal(change && commandsOf(change)[0]?.args, [
    'scheduler',
    'jobs',
    'update',
    'http',
    'replicator',
    '--project=acme',
    '--location=europe-west1',
    '--schedule=0 4 * * *',
    '--format=none',
  ]);
});

test('what carries no label of ours is left, and taken over when told to', () => {
  const before = deployed(base);
  const id = 'workflow projects/acme/locations/europe-west1/workflows/replicator';
  const theirs = { fields: { source: 'theirs' }, isOurs: false, labels: { team: 'a' } };
  const actual = { ...before, found: new Map([...before.found, [id, theirs] as [string, Found]]) };
  const actionOf = (adopt: boolean) =>
    difference(wantedOf(base), actual, { adopt }).find(({ resource }) => resource.id === id);
  assert.is(actionOf(false)?.action, 'taken');
  const adopted = actionOf(true);
  assert.is(adopted?.action, 'update');
  const [command] = adopted ? commandsOf(adopted) : [];
  assert.ok(
    command?.args.includes(
      '--labels=team=a,managed-by=artifact-registry-cron-replicator,replicator=replicator',
    ),
    'labels of others stay',
  );
});

test('a claim of another leader is never taken over, not even when told to adopt', () => {
  const config = { ...base, job: true, mirror: true };
  const before = deployed(config);
  const id = 'claim projects/acme/locations/us-central1/repositories/follower';
  const actual = {
    ...before,
    found: new Map([...before.found, [id, { fields: { leader: 'x' }, isOurs: false }] as [string, Found]]),
  };
  const changes = difference(wantedOf(config), actual, { adopt: true });
  assert.is(changes.find(({ resource }) => resource.id === id)?.action, 'taken');
});

test('a destroy removes what is ours, last what was made first, and no repository that is copied', () => {
  const config = { ...base, job: true, mirror: true };
  const nothing = wantedOf(config)
    .filter(({ resource }) => resource.kind !== 'binding')
    .map(({ resource }) => ({ resource, isWanted: false }));
  const changes = difference(nothing, deployed(config), { adopt: false, isDestroy: true });
  assert.ok(changes.every(({ action }) => action === 'remove'));
  const kinds = changes.map(({ resource }) => resource.kind);
  assert.is(kinds[0], 'schedulerJob');
  assert.ok(kinds.lastIndexOf('binding') < kinds.indexOf('serviceAccount'));
  const repositories = changes.flatMap(({ resource }) =>
    resource.kind === 'repository' ? [resource.name] : [],
  );
  assert.equal(repositories, ['projects/acme/locations/europe-west1/repositories/cron-replicator']);
  assert.not.ok(kinds.includes('apis'));
  // What is on a job goes with it.
  const onJob = (resource: Resource) => (resource as Binding).target?.on === 'job';
  assert.not.ok(changes.some(({ resource }) => onJob(resource)));
});

test('three replicators of one project share its APIs, and nothing else', () => {
  const config = ['one', 'two', 'three'].map((name, index) => ({
    ...base,
    name,
    destinations: [`projects/acme/locations/us-central1/repositories/follower-${index}`],
    ...(index === 2 && { job: true, verify: true }),
  }));
  const wanted = wantedOf(config).filter(({ isWanted }) => isWanted);
  const ids = wanted.map(({ resource }) => resource.id);
  assert.is(new Set(ids).size, ids.length);
  const apis = wanted.flatMap(({ resource }) => (resource.kind === 'apis' ? [resource] : []));
  assert.is(apis.length, 1);
  assert.ok('run.googleapis.com' in (apis[0]?.fields ?? {}));
  assert.is(ids.filter((id) => id.startsWith('workflow ')).length, 3);
});

test('the body that starts an execution is JSON within JSON (case 23)', () => {
  const body = executionBody({ dryRun: true });
  const { argument } = JSON.parse(body) as { argument: unknown };
  assert.type(argument, 'string');
  assert.equal(JSON.parse(String(argument)), { dryRun: true });
});

test('nothing waits for what only watches, and that for nothing but its API', () => {
  const generated = (name: string) => ({ text: '{}', file: `workflows/${name}` });
  const { plans } = resolve({ ...base, job: true, mirror: true });
  const wanted = mergeWanted(
    plans.flatMap((plan) =>
      desiredOf(plan, {
        generated,
        imageHash: 'abc',
        template: () => undefined,
      }),
    ),
  );
  const changes = difference(wanted, empty, { adopt: false });
  const watching = changes.filter(({ resource }) => isMonitoring(resource));
  assert.is(watching.length, 7 + 1 + 4);
  for (const { after } of watching) assert.equal(after, ['apis acme']);
  const ids = new Set(watching.map(({ resource }) => resource.id));
  for (const { after, resource } of changes)
    assert.not.ok(
      after.some((id) => ids.has(id)),
      resource.id,
    );
});

test.run();
