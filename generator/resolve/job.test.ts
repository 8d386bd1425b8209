/** Mirror, verification and the job: how settings come together, and what is refused. */
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { Replicator } from '../config.ts';
import { resolve } from '../resolve.ts';

const SECOND = 'projects/acme/locations/asia-east1/repositories/prod';
const base: Replicator = {
  project: 'acme',
  region: 'europe-west1',
  source: 'projects/acme/locations/europe-west1/repositories/prod',
  destinations: ['projects/acme/locations/us-central1/repositories/prod', SECOND],
};

function problemsOf(config: Partial<Replicator>): string[] {
  return resolve({ ...base, ...config }).problems.map(
    ({ code, path, message }) => `${code} ${path}: ${message}`,
  );
}

function destinationsOf(config: Partial<Replicator>) {
  const { plans, problems } = resolve({ ...base, job: true, ...config });
  assert.equal(problems, []);
  return plans[0]?.destinations ?? [];
}

const defaults = {
  maxDeletions: 100,
  maxDeletionShare: 0.1,
  allowEmptySource: false,
  protect: { tags: [], packages: [], newerThanDays: 0 },
};

test('true is a mirror with the safe limits, and a job with its defaults', () => {
  const { plans } = resolve({ ...base, mirror: true, job: true });
  assert.equal(
    plans[0]?.destinations.map(({ mirror }) => mirror),
    [defaults, defaults],
  );
  assert.equal(plans[0]?.job, {
    image: undefined,
    tasks: 1,
    timeout: 43_200,
    memory: '512Mi',
    cpu: 1,
    service: false,
    env: {},
  });
});

test("a destination's mirror is put over the common one, field by field; false turns it off", () => {
  const mirror = { maxDeletions: 5, protect: { tags: ['stable'], newerThanDays: 3 } };
  const [common, none, own] = destinationsOf({
    mirror,
    destinations: [
      'projects/acme/locations/us-central1/repositories/prod',
      { name: SECOND, mirror: false },
      {
        name: 'projects/acme/locations/asia-east2/repositories/prod',
        mirror: { maxDeletionShare: 0.5, protect: { tags: ['v*'] } },
      },
    ],
  }).map((destination) => destination.mirror);
  assert.equal(common, { ...defaults, ...mirror, protect: { ...defaults.protect, ...mirror.protect } });
  assert.is(none, undefined);
  assert.equal(own, {
    ...defaults,
    maxDeletions: 5,
    maxDeletionShare: 0.5,
    protect: { tags: ['v*'], packages: [], newerThanDays: 3 },
  });
});

test('one destination may be a mirror or be verified although the others are not', () => {
  const destinations = destinationsOf({
    verify: true,
    destinations: [
      { name: SECOND, mirror: true, verify: false },
      'projects/acme/locations/us-central1/repositories/prod',
    ],
  });
  assert.equal(
    destinations.map(({ mirror, verify }) => [mirror !== undefined, verify]),
    [
      [true, false],
      [false, true],
    ],
  );
});

test('what needs a job says so, each setting once, and only where it holds', () => {
  assert.equal(problemsOf({ mirror: true, verify: true, copy: { engine: 'job' } }), [
    "job copy.engine: engine 'job' needs the Cloud Run job",
    'job mirror: "mirror" needs the Cloud Run job',
    'job verify: "verify" needs the Cloud Run job',
  ]);
  assert.equal(problemsOf({ job: false, destinations: [{ name: SECOND, mirror: { maxDeletions: 1 } }] }), [
    'job destinations[0].mirror: "mirror" needs the Cloud Run job',
  ]);
  assert.equal(problemsOf({ mirror: true, destinations: [{ name: SECOND, mirror: false }] }), []);
  assert.is(resolve({ ...base, verify: true }).problems[0]?.hint, 'add job: true');
});

test('numbers and globs of a mirror', () => {
  assert.equal(
    problemsOf({
      job: true,
      mirror: {
        maxDeletions: 1.5,
        maxDeletionShare: 2,
        protect: { tags: ['stable', ' '], packages: [''], newerThanDays: -1 },
      },
    }),
    [
      'range mirror.maxDeletions: maxDeletions 1.5 is not whole',
      'range mirror.maxDeletionShare: maxDeletionShare 2 is above 1',
      'range mirror.protect.newerThanDays: newerThanDays -1 is below 0',
      'glob mirror.protect.tags[1]: an empty glob matches nothing',
      'glob mirror.protect.packages[0]: an empty glob matches nothing',
    ],
  );
});

test('what Cloud Run does not take', () => {
  const digest = `sha256:${'0'.repeat(64)}`;
  const name = 'europe-west1-docker.pkg.dev/acme/tools/replicator';
  assert.equal(problemsOf({ job: { image: `${name}@${digest}` } }), []);
  for (const image of [name, `${name}:v1`, `${name}@sha256:…`, `@${digest}`, `replicator@${digest}0`])
    assert.equal(problemsOf({ job: { image } }), [
      `job job.image: image ${JSON.stringify(image)} is not named by its digest`,
    ]);
  assert.equal(problemsOf({ job: { tasks: 101, timeout: 59, cpu: 3, memory: '1GB' } }), [
    'range job.tasks: tasks 101 is above 100',
    'range job.timeout: timeout 59 is below 60',
    'job job.cpu: cpu 3 is no number of CPUs that a job can have',
    'job job.memory: memory "1GB" is not written as Cloud Run takes it',
  ]);
  assert.equal(problemsOf({ job: { memory: '8Gi' } }), ['job job.memory: memory 8Gi does not go with 1 CPU']);
  assert.equal(problemsOf({ job: { cpu: 4 } }), ['job job.cpu: memory 512Mi does not go with 4 CPUs']);
  assert.equal(problemsOf({ job: { cpu: 4, memory: '16Gi' } }), []);
});

test('variables of the job: any that nothing else sets', () => {
  const env = {
    OTEL_EXPORTER_OTLP_ENDPOINT: 'https://collector:4318',
    NODE_OPTIONS: '--max-old-space-size=400',
  };
  assert.equal(resolve({ ...base, job: { env } }).plans[0]?.job?.env, env);
  assert.equal(
    problemsOf({ job: { env: { 'A-B': '', '1A': '', DRY_RUN: 'true', K_SERVICE: 'x', PORT: '1' } } }),
    [
      'job job.env["A-B"]: "A-B" is no name of a variable',
      'job job.env["1A"]: "1A" is no name of a variable',
      'job job.env.DRY_RUN: the variable DRY_RUN is not for the config to set',
      'job job.env.K_SERVICE: the variable K_SERVICE is not for the config to set',
      'job job.env.PORT: the variable PORT is not for the config to set',
    ],
  );
  assert.equal(problemsOf({ job: { env: { A: 'x'.repeat(32_769) } } }), [
    'job job.env.A: the value of A is longer than 32768 bytes, or has a control character in it',
  ]);
});

test("the job's name is the workflow's, which Cloud Run may not take", () => {
  assert.equal(problemsOf({ name: 'Nightly_A' }), []);
  assert.equal(problemsOf({ name: 'Nightly_A', job: true }), [
    'workflow-id name: "Nightly_A" is no name for a Cloud Run job',
  ]);
  const long = 'a'.repeat(50);
  assert.equal(problemsOf({ name: long, job: true }), []);
  assert.equal(problemsOf({ name: long, job: { service: true } }), [
    `workflow-id name: "${long}" is no name for a Cloud Run job and service`,
  ]);
  // What is no name at all is told once.
  assert.is(problemsOf({ name: '7', job: true }).length, 1);
});

test("engine 'job' copies in one way", () => {
  const destinations = (own: object) => [
    { name: 'projects/acme/locations/us-central1/repositories/prod' },
    { name: SECOND, copy: own },
  ];
  const copy = { engine: 'job', maxVersionAgeDays: 7, allTagsExcluded: true } as const;
  assert.equal(problemsOf({ job: true, copy, destinations: destinations({ maxVersionAgeDays: 7 }) }), []);
  assert.equal(
    problemsOf({ job: true, copy, destinations: destinations({ engine: 'api', maxVersionAgeDays: 1 }) }),
    [],
  );
  assert.equal(problemsOf({ job: true, copy, destinations: destinations({ maxVersionAgeDays: 1 }) }), [
    "job destinations[1]: engine 'job' copies to all its destinations in one execution, and this one is to be copied otherwise",
  ]);
});

test("what only the job's own copy takes is refused with the API, and filters with a mirror", () => {
  assert.equal(problemsOf({ copy: { packages: ['team/*'], foreignLayers: true } }), [
    'job copy.packages: CopyRepository takes no "packages"',
    'job copy.foreignLayers: CopyRepository takes no "foreignLayers"',
  ]);
  const filtered = { job: true, copy: { engine: 'job', newestTags: 3 } } as const;
  assert.equal(problemsOf(filtered), []);
  assert.equal(problemsOf({ ...filtered, verify: true }), [
    'job copy.newestTags: a copy with "newestTags" cannot be mirrored or verified: what it leaves out would count as missing',
  ]);
  assert.equal(problemsOf({ job: true, mirror: true, copy: { engine: 'job', moved: 'keep' } }), []);
});

test.run();
