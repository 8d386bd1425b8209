import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { CommandName } from './field.ts';
import { toRequest } from './request.ts';
import { checkServer } from './server.ts';
import { readSettings } from './settings.ts';
import { printFault } from './usage-error.ts';

const name = (location: string, repository = 'prod') =>
  `projects/acme/locations/${location}/repositories/${repository}`;
const both = ['--source', name('europe-west1'), '--destination', name('us-central1')];

function read(command: CommandName, args: readonly string[], environment: Record<string, string> = {}) {
  const { settings, at, faults } = readSettings(command, args, environment);
  const { request, notices } = toRequest(command, settings, at, faults);
  if (command === 'serve') checkServer(settings, at, faults);
  return { request, notices, faults: faults.map(printFault) };
}

test('the defaults are safe, and nothing is sent that was not given', () => {
  const { request, notices, faults } = read('mirror', both);
  assert.equal(faults, []);
  assert.equal(notices, []);
  assert.equal(request, {
    source: { project: 'acme', location: 'europe-west1', repository: 'prod' },
    destinations: [{ project: 'acme', location: 'us-central1', repository: 'prod' }],
    behavior: {},
    allowSkippedVersions: false,
    poll: { initialDelay: 5, multiplier: 1.5, maxDelay: 30, deadline: 43_200 },
    wait: true,
    mirror: {
      maxDeletions: 100,
      maxDeletionShare: 0.1,
      allowEmptySource: false,
      protect: { tags: [], packages: [], newerThanDays: 0 },
    },
    copyStartTime: undefined,
    dryRun: false,
    skippedVersions: 0,
    limits: { requests: 6000, writes: 1800, deletes: 1800 },
    task: { index: 0, count: 1 },
  });
});

test('behaviour: false and 0 are sent, what was left out is not', () => {
  const args = ['--no-all-tags-excluded', '--max-version-age-days', '0', '--behavior', '{"newField":[1]}'];
  assert.equal(read('copy', [...both, ...args]).request.behavior, {
    allTagsExcluded: false,
    maxVersionAgeDays: 0,
    newField: [1],
  });
});

test('what is missing', () => {
  assert.equal(read('copy', []).faults, [
    '--source: missing; give it, or set SOURCE_REPOSITORY',
    '--destination: missing; give it, or set DESTINATION_REPOSITORIES or DESTINATION_REPOSITORY',
  ]);
  // What was there and wrong, or misspelt, is not missing too.
  assert.is(read('copy', ['--source', 'x', '--destinaton', name('us')]).faults.length, 2);
});

test('repositories: twice, the source itself, unknown locations', () => {
  const args = ['--source', name('europe-west1'), '--destination', `europe-west1-docker.pkg.dev/acme/prod/`];
  const { faults, notices } = read('copy', [
    ...args,
    '--destination',
    name('us'),
    '--destination',
    `${name('us')}/`,
  ]);
  assert.equal(faults, [
    `--destination: destination "${name('europe-west1')}" is the source itself; name another repository`,
    `--destination: destination "${name('us')}" is named twice; remove one of them`,
  ]);
  assert.equal(notices, [
    `read "europe-west1-docker.pkg.dev/acme/prod/", the host europe-west1-docker.pkg.dev, as "${name('europe-west1')}"`,
  ]);
  const far = ['--source', name('us'), '--destination', name('europe-west99')];
  assert.match(
    read('copy', far).faults.join(),
    /^--destination: unknown location "europe-west99"; did you mean "europe-west9"\?$/,
  );
  assert.match(
    read('copy', ['--source', name('us'), '--destination', name('moon')]).faults.join(),
    /give a newer one with --extra-location/,
  );
  assert.equal(read('copy', [...far, '--extra-location', 'europe-west99']).faults, []);
});

test('what does not go together is named as it was given', () => {
  assert.equal(read('copy', [...both, '--initial-delay', '60'], { POLL_MAX_DELAY: '10' }).faults, [
    '--initial-delay: 60 s is above POLL_MAX_DELAY, 10 s; lower the one or raise the other',
  ]);
  assert.equal(read('copy', [...both, '--engine', 'job']).faults, []);
  assert.equal(read('serve', [...both, '--engine', 'job', '--auth', 'cloud-run']).faults, [
    '--engine: serve copies with CopyRepository; leave it out',
  ]);
  assert.equal(read('copy', [...both, '--tag', 'v*', '--moved', 'keep', '--foreign-layers']).faults, [
    '--tag: CopyRepository can not do that; add --engine job',
    '--moved: CopyRepository can not do that; add --engine job',
    '--foreign-layers: CopyRepository can not do that; add --engine job',
  ]);
  const tasks = { CLOUD_RUN_TASK_INDEX: '3', CLOUD_RUN_TASK_COUNT: '3' };
  assert.equal(read('copy', both, tasks).faults, [
    'CLOUD_RUN_TASK_INDEX: 3 is no index of 3 tasks; indexes begin with 0',
  ]);
  assert.equal(read('copy', both, { ...tasks, CLOUD_RUN_TASK_INDEX: '2' }).faults, []);
  assert.match(
    read('mirror', both, { CLOUD_RUN_TASK_COUNT: '3' }).faults.join(),
    /mirror runs as one task, and this is one of 3/,
  );
});

test('other registries: for the own copier alone, each named once, whole', () => {
  const far = [
    '--source',
    'docker://registry.example/team/',
    '--destination',
    'docker://127.0.0.1:5000/team',
  ];
  assert.equal(read('copy', [...far, '--engine', 'job']).faults, []);
  assert.equal(read('copy', far).faults, [
    '--source: docker://registry.example/team is not Artifact Registry; add --engine job, which copies from and to any registry',
    '--destination: docker://127.0.0.1:5000/team is not Artifact Registry; add --engine job, which copies from and to any registry',
  ]);
  assert.match(read('plan', far).faults.join(), /is not Artifact Registry; plan knows no other/);
  const job = (...args: string[]) => read('copy', ['--engine', 'job', ...args]).faults.join('\n');
  assert.match(job(...far, '--destination', 'docker://registry.example/team'), /is the source itself/);
  const digest = `sha256:${'0'.repeat(64)}`;
  assert.match(
    job('--source', `docker://registry.example/app:1@${digest}`, '--destination', name('us')),
    /names an image, but whole repositories are copied; write "docker:\/\/registry.example\/app"; --tag picks tags/,
  );
  assert.match(
    job('--source', 'docker://r.example/../x', '--destination', name('us')),
    /is no path of a repository/,
  );
  assert.match(
    job(...far, '--max-version-age-days', '7', '--newest-tags', '3', '--newest-by', 'time'),
    /--max-version-age-days: only Artifact Registry tells .*\n--newest-by: only Artifact Registry tells/,
  );
});

test('serve: nobody gets in by oversight', () => {
  assert.equal(read('serve', both).faults, [
    "--audience: missing; give this service's URL, or say --auth cloud-run where Cloud Run's IAM checks callers",
    '--allowed-email: missing; name who may call: any Google account can have a token for any audience',
  ]);
  const google = ['--audience', 'https://x.run.app', '--allowed-email', 'a@b.c'];
  assert.equal(read('serve', [...both, ...google]).faults, []);
  assert.equal(read('serve', [...both, '--auth', 'cloud-run']).faults, []);
  assert.match(
    read('serve', both, { AUTH: 'none' }).faults.join(),
    /^AUTH: anybody who reaches 0\.0\.0\.0 could start a copy; it goes only with/,
  );
  for (const host of ['127.0.0.1', '127.9.9.9', '::1', 'localhost'])
    assert.equal(read('serve', [...both, '--auth', 'none', '--host', host]).faults, [], host);
  for (const host of ['127.0.0.1.evil.example', '10.0.0.1', '::'])
    assert.is(read('serve', [...both, '--auth', 'none', '--host', host]).faults.length, 1, host);
  assert.equal(
    read('serve', [...both, '--auth', 'none'], { REPLICATOR_EMULATOR_HOST: '127.0.0.1:1' }).faults,
    [],
  );
});

test('serve: overrides, and what follows a copy', () => {
  const open = ['--auth', 'none', '--host', '127.0.0.1'];
  assert.equal(
    read('serve', [...open, '--allow-override', 'source', '--allow-override', 'destinations']).faults,
    [],
  );
  assert.match(
    read('serve', [...both, ...open, '--allow-override', 'mirror.maxDeletion']).faults.join(),
    /there is no field "mirror\.maxDeletion"; did you mean mirror\.maxDeletions\?/,
  );
  assert.match(
    read('serve', [...both, ...open, '--no-wait', '--mirror']).faults.join(),
    /--mirror follows a copy that was waited for/,
  );
});

test.run();
