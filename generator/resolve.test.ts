import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { Replicator } from './config.ts';
import type { Problem } from './fault.ts';
import { destinationId } from './names.ts';
import { resolve } from './resolve.ts';

const SOURCE = 'projects/acme/locations/europe-west1/repositories/prod';
const FOLLOWER = 'projects/acme/locations/us-central1/repositories/prod';
const base: Replicator = {
  project: 'acme',
  region: 'europe-west1',
  source: SOURCE,
  destinations: [FOLLOWER],
};

function problemsOf(value: unknown): string[] {
  return resolve(value).problems.map(({ code, path }: Problem) => `${code} ${path}`);
}

test('fills in every default', () => {
  const { plans, problems, notices } = resolve(base);
  assert.equal(problems, []);
  assert.equal(notices, []);
  assert.equal(plans, [
    {
      name: 'replicator',
      project: 'acme',
      region: 'europe-west1',
      source: { project: 'acme', location: 'europe-west1', repository: 'prod' },
      destinations: [
        {
          id: 'us-central1-prod',
          repository: { project: 'acme', location: 'us-central1', repository: 'prod' },
          copy: { engine: 'api', behavior: {}, allowSkippedVersions: false, own: {} },
          mirror: undefined,
          verify: false,
          path: 'destinations[0]',
        },
      ],
      schedule: undefined,
      poll: { initialDelay: 5, multiplier: 1.5, maxDelay: 30, deadline: 43_200 },
      job: undefined,
      overlap: 'skip',
      create: undefined,
      monitoring: {
        dashboard: true,
        alerts: {
          channels: [],
          runFailed: true,
          noSuccess: undefined,
          deleteLimit: false,
          skippedVersions: true,
        },
      },
      notify: undefined,
      path: '',
    },
  ]);
});

test("puts a destination's settings over the common ones, field by field", () => {
  const [plan] = resolve({
    ...base,
    copy: { maxVersionAgeDays: 7, allTagsExcluded: true, behavior: { a: 1, b: 2 } },
    destinations: [
      { name: FOLLOWER, copy: { maxVersionAgeDays: 0, allowSkippedVersions: true, behavior: { b: 3 } } },
      'projects/other/locations/us-east1/repositories/prod',
    ],
  }).plans;
  assert.equal(plan?.destinations[0]?.copy, {
    engine: 'api',
    behavior: { maxVersionAgeDays: 0, allTagsExcluded: true, a: 1, b: 3 },
    allowSkippedVersions: true,
    own: {},
  });
  assert.equal(plan?.destinations[1]?.copy.behavior, {
    maxVersionAgeDays: 7,
    allTagsExcluded: true,
    a: 1,
    b: 2,
  });
  assert.equal(
    plan?.destinations.map(({ id }) => id),
    ['us-central1-prod', 'us-east1-prod--other'],
  );
});

test('takes an undefined field for one that is left out', () => {
  const { problems, plans } = resolve({
    ...base,
    name: undefined,
    schedule: undefined,
    copy: { maxVersionAgeDays: undefined, behavior: { later: undefined } },
    poll: { deadline: undefined },
  });
  assert.equal(problems, []);
  assert.is(plans[0]?.name, 'replicator');
  assert.equal(plans[0]?.destinations[0]?.copy.behavior, {});
  assert.is(plans[0]?.poll.deadline, 43_200);
});

test('keeps odd texts in behaviour as they are', () => {
  const odd = '${sys.get_env("SECRET")}\n"\'\\ yes';
  const [plan] = resolve({ ...base, copy: { behavior: { odd, list: [odd, null, { deep: odd }] } } }).plans;
  assert.equal(plan?.destinations[0]?.copy.behavior, { odd, list: [odd, null, { deep: odd }] });
});

test('takes what is off for what is not there', () => {
  assert.equal(
    problemsOf({ ...base, mirror: false, verify: false, job: false, copy: { engine: 'api' } }),
    [],
  );
});

test('resolves a list, each with its path', () => {
  const other = { ...base, name: 'other', destinations: ['projects/acme/locations/asia/repositories/prod'] };
  const { plans } = resolve([base, other]);
  assert.equal(
    plans.map(({ name, path }) => [name, path]),
    [
      ['replicator', '[0]'],
      ['other', '[1]'],
    ],
  );
  assert.is(plans[1]?.destinations[0]?.path, '[1].destinations[0]');
});

test('says how it has read a name that is no resource name', () => {
  const { notices, plans } = resolve({ ...base, source: 'gcr.io/acme' });
  assert.equal(plans[0]?.source, { project: 'acme', location: 'us', repository: 'gcr.io' });
  assert.is(notices.length, 1);
  assert.match(notices[0]?.message ?? '', /as "projects\/acme\/locations\/us\/repositories\/gcr\.io"$/);
});

test('takes locations that the config adds', () => {
  const far = 'projects/acme/locations/europe-west99/repositories/prod';
  assert.equal(problemsOf({ ...base, destinations: [far] }), ['location destinations[0]']);
  assert.equal(problemsOf({ ...base, destinations: [far], extraLocations: ['europe-west99'] }), []);
  assert.equal(problemsOf({ ...base, region: 'europe-west99', extraLocations: ['europe-west99'] }), []);
  assert.equal(problemsOf({ ...base, region: 'us', extraLocations: ['us'] }), ['location region']);
});

test('tells destinations that are the source or named twice, in whatever form', () => {
  const host = 'europe-west1-docker.pkg.dev/acme/prod';
  assert.equal(problemsOf({ ...base, destinations: [host] }), ['same-as-source destinations[0]']);
  assert.equal(problemsOf({ ...base, destinations: [FOLLOWER, { name: `${FOLLOWER}/` }] }), [
    'duplicate-destination destinations[1]',
  ]);
});

test('notices when two long names have one short name', () => {
  const seen = new Map<string, string>();
  for (let i = 0; ; i++) {
    const repository = `${'a'.repeat(50)}-${i}`;
    const id = destinationId({ project: 'acme', location: 'us', repository }, 'acme');
    const other = seen.get(id);
    seen.set(id, repository);
    if (other === undefined) continue;
    const destinations = [other, repository].map((name) => `projects/acme/locations/us/repositories/${name}`);
    assert.equal(problemsOf({ ...base, destinations }), ['duplicate-destination destinations[1]']);
    break;
  }
});

test('tells chains from circles', () => {
  const at = (location: string) => `projects/acme/locations/${location}/repositories/prod`;
  const route = (name: string, source: string, ...destinations: string[]) => {
    return { ...base, name, source: at(source), destinations: destinations.map(at) };
  };
  const chain = [route('a', 'us', 'asia'), route('b', 'asia', 'europe')];
  assert.equal(problemsOf(chain), ['chain [0].destinations[0]']);
  const circle = [
    route('a', 'us', 'asia'),
    route('b', 'asia', 'europe'),
    route('c', 'europe', 'us-east1', 'us'),
  ];
  assert.equal(problemsOf(circle), ['cycle [0].destinations[0]']);
  const twoFromOne = [route('a', 'us', 'asia'), route('b', 'us', 'europe')];
  assert.equal(problemsOf(twoFromOne), []);
});

test('finds everything at once', () => {
  const poll = { deadline: 1 };
  const value = { project: 5, regoin: 'us', source: 'x', destinations: [], poll, schedule: {} };
  assert.equal(problemsOf(value).sort(), [
    'range poll.deadline',
    'repository-name source',
    'shape destinations',
    'shape project',
    'shape schedule',
    'unknown-field regoin',
  ]);
});

test('gives no plan where there is a problem', () => {
  assert.equal(resolve([base, { ...base, name: 'b' }]).plans, []);
});

test('refuses whatever is no config', () => {
  for (const value of [null, 5, 'x', true, () => base, new Date(0), [[base]], [null], Symbol('x')]) {
    assert.ok(problemsOf(value).length > 0, String(value));
  }
});

test('is not fooled by prototypes', () => {
  assert.ok(problemsOf(Object.create(base)).length > 0);
  const value = JSON.parse('{"__proto__": {"project": "acme"}, "region": "europe-west1"}');
  assert.ok(problemsOf(value).includes('shape '));
});

test.run();
