import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { isReserved } from '../../generator/resolve/job-env.ts';
import { variablesOf } from './environment.ts';
import { commandNames, type Field, isSwitch } from './field.ts';
import { type FieldName, fieldNames, fields } from './fields.ts';
import { readSettings } from './settings.ts';
import { printFault } from './usage-error.ts';

const leader = 'projects/acme/locations/europe-west1/repositories/prod';
const follower = 'projects/acme/locations/us-central1/repositories/prod';
const named = (location: string) => ({
  text: `projects/acme/locations/${location}/repositories/prod`,
  name: { project: 'acme', location, repository: 'prod' },
});

/** A text of each field, what it means, and one that is wrong with what is said of it. */
interface Sample {
  readonly text: string;
  readonly value: unknown;
  readonly bad?: string;
  readonly says?: RegExp;
}

const yes = (): Sample => ({
  text: 'yes',
  value: true,
  bad: 'treu',
  says: /"treu" is neither true nor false; did you mean true\?/,
});
const count = (min: number, max: number): Sample => ({
  text: String(max),
  value: max,
  bad: String(max + 1),
  says: new RegExp(`${max + 1} is above ${max}; write a .*number from ${min} to ${max}`),
});

const samples: Readonly<Record<FieldName, Sample>> = {
  source: {
    text: leader,
    value: named('europe-west1'),
    bad: 'prod',
    says: /malformed repository name "prod"/,
  },
  destinations: {
    text: follower,
    value: [named('us-central1')],
    bad: `${follower}/x`,
    says: /whole repositories are copied; write "projects\/acme/,
  },
  extraLocations: {
    text: 'europe-west99',
    value: ['europe-west99'],
    bad: 'Europe 99',
    says: /is not a location/,
  },
  engine: { text: 'job', value: 'job', bad: 'jbo', says: /"jbo" is not api or job; did you mean "job"\?/ },
  continueOnSkippedVersion: yes(),
  maxVersionAgeDays: count(0, 36_500),
  allAttachmentsIncluded: yes(),
  allTagsExcluded: yes(),
  behavior: {
    text: '{"destinationExistsBehavior":"OVERWRITE"}',
    value: { destinationExistsBehavior: 'OVERWRITE' },
    bad: '{"max_version_age_days":1}',
    says: /behavior names "max_version_age_days"; it is a setting of its own, maxVersionAgeDays/,
  },
  allowSkippedVersions: yes(),
  packages: { text: 'team/*', value: ['team/*'], bad: ' ', says: /is not a glob/ },
  tags: { text: 'v1.*', value: ['v1.*'], bad: ' ', says: /is not a glob/ },
  newestTags: count(1, 1_000_000),
  newestBy: { text: 'time', value: 'time', bad: 'age', says: /"age" is not semver or time/ },
  platforms: { text: 'linux/arm64', value: ['linux/arm64'], bad: 'Linux', says: /"Linux" is not a platform/ },
  rewriteIndex: yes(),
  moved: { text: 'keep', value: 'keep', bad: 'kepe', says: /did you mean "keep"\?/ },
  foreignLayers: yes(),
  wait: { ...yes(), text: 'no', value: false },
  initialDelay: count(1, 3600),
  multiplier: { text: '1.25', value: 1.25, bad: '0.5', says: /0\.5 is below 1/ },
  maxDelay: count(1, 3600),
  deadline: count(60, 2_592_000),
  maxDeletions: { ...count(0, 10_000_000), bad: '1.5', says: /1\.5 is not whole/ },
  maxDeletionShare: { text: '0.25', value: 0.25, bad: '10%', says: /"10%" is not a number from 0 to 1/ },
  allowEmptySource: yes(),
  protectTags: { text: 'release-*', value: ['release-*'], bad: ' ', says: /is not a glob/ },
  protectPackages: { text: 'base/*', value: ['base/*'], bad: ' ', says: /is not a glob/ },
  newerThanDays: count(0, 36_500),
  claim: yes(),
  copyStartTime: {
    text: '2026-01-31T03:00:00.5Z',
    value: Date.parse('2026-01-31T03:00:00.5Z'),
    bad: '31.1.2026',
    says: /"31\.1\.2026" is not a time as in RFC 3339/,
  },
  skippedVersions: count(0, 2_147_483_647),
  mirror: yes(),
  verify: yes(),
  dryRun: yes(),
  requestsPerMinute: count(1, 60_000),
  writesPerMinute: count(1, 18_000),
  deletesPerMinute: count(1, 18_000),
  taskIndex: count(0, 9999),
  taskCount: count(1, 10_000),
  emulatorHost: {
    text: '127.0.0.1:8787',
    value: '127.0.0.1:8787',
    bad: 'http://127.0.0.1',
    says: /is not HOST:PORT/,
  },
  json: yes(),
  all: yes(),
  detailedExitcode: yes(),
  log: { text: 'json', value: 'json', bad: 'jsn', says: /did you mean "json"\?/ },
  name: { text: 'nightly', value: 'nightly', bad: ' ', says: /is not a name/ },
  execution: { text: 'abc', value: 'abc', bad: ' ', says: /is not an id/ },
  port: count(0, 65_535),
  host: { text: '127.0.0.1', value: '127.0.0.1', bad: ' ', says: /is not an address/ },
  auth: { text: 'cloud-run', value: 'cloud-run', bad: 'cloudrun', says: /did you mean "cloud-run"\?/ },
  audience: {
    text: 'https://x.run.app',
    value: 'https://x.run.app',
    bad: 'x.run.app',
    says: /is not the URL of this service/,
  },
  allowedEmails: { text: 'a@b.c', value: ['a@b.c'], bad: 'a', says: /is not an e-mail address/ },
  allowOverrides: {
    text: 'mirror.maxDeletions',
    value: ['mirror.maxDeletions'],
    bad: ' ',
    says: /is not a field of a body/,
  },
  grace: count(0, 3600),
};

for (const name of fieldNames) {
  const field: Field = fields[name];
  const { text, value, bad, says } = samples[name];
  const [command = 'copy'] = field.commands;
  const flag = `--${field.flag}`;

  test(`${name}: ${flag}`, () => {
    const { settings, faults, at } = readSettings(command, [`${flag}=${text}`], {});
    assert.equal(faults, []);
    assert.equal(settings[name], value);
    assert.is(at(name), flag);
    if (isSwitch(field)) {
      assert.is(readSettings(command, [flag], {}).settings[name], true);
      assert.is(readSettings(command, [`--no-${field.flag}`], {}).settings[name], false);
    } else {
      assert.equal(readSettings(command, [flag, text], {}).settings[name], value);
      assert.is(readSettings(command, [flag], {}).faults[0]?.message, 'needs a value');
    }
  });

  for (const variable of variablesOf(field))
    test(`${name}: ${variable}`, () => {
      const { settings, faults, at } = readSettings(command, [], { [variable]: text });
      assert.equal(faults, []);
      assert.equal(settings[name], value);
      assert.is(at(name), variable);
    });

  test(`${name}: a flag wins over the variable`, () => {
    if (field.env === undefined) return;
    const other = isSwitch(field) ? String(value === false) : text;
    const before = isSwitch(field) ? text : (bad ?? '');
    const { settings, faults } = readSettings(command, [`${flag}=${other}`], { [field.env]: before });
    assert.equal(faults, []);
    assert.equal(settings[name], isSwitch(field) ? value === false : value);
  });

  test(`${name}: a wrong value`, () => {
    const fault = (args: readonly string[], variables: Record<string, string>) => {
      const { faults } = readSettings(command, args, variables);
      assert.is(faults.length, 1, JSON.stringify(faults));
      return faults[0] ? printFault(faults[0]) : '';
    };
    const said = fault([`${flag}=${bad}`], {});
    assert.match(said, says ?? /./);
    assert.ok(said.startsWith(`${flag}: `), said);
    // A variable of spaces counts as not set.
    if (field.env !== undefined && bad?.trim())
      assert.ok(fault([], { [field.env]: bad }).startsWith(`${field.env}: `));
  });

  test(`${name}: a flag of some commands only`, () => {
    for (const other of commandNames) {
      const { faults } = readSettings(other, [`${flag}=${text}`], {});
      assert.is(faults.length === 0, field.commands.includes(other), other);
      if (faults[0]) assert.is(faults[0].message, `not a flag of ${other}`);
      // The variables of a deployed job are there for all its commands.
      if (field.env !== undefined && !field.commands.includes(other)) {
        const read = readSettings(other, [], { [field.env]: bad });
        assert.equal(read.faults, []);
        assert.equal(read.settings[name], field.many ? [] : field.default);
      }
    }
  });
}

test('names are each used once', () => {
  const flags = fieldNames.map((name) => fields[name].flag);
  const variables = fieldNames.flatMap((name) => variablesOf(fields[name]));
  assert.is(new Set(flags).size, flags.length);
  assert.is(new Set(variables).size, variables.length);
});

test('lists: repeated flags, JSON and commas', () => {
  const read = (args: readonly string[], variables: Record<string, string> = {}) =>
    readSettings('mirror', args, variables).settings.protectTags;
  assert.equal(read(['--protect-tag', 'a', '--protect-tag=b,c']), ['a', 'b,c']);
  assert.equal(read([], { PROTECT_TAGS: '["a", "b,c"]' }), ['a', 'b,c']);
  assert.equal(read([], { PROTECT_TAGS: 'a, b ,,c' }), ['a', 'b', 'c']);
  assert.equal(read([], { PROTECT_TAGS: '' }), []);
  assert.match(
    JSON.stringify(readSettings('mirror', [], { PROTECT_TAGS: '["a"' }).faults),
    /begins with \[ and is not JSON/,
  );
  assert.match(JSON.stringify(readSettings('mirror', [], { PROTECT_TAGS: '[1]' }).faults), /1 is not a glob/);
});

test('one destination and several: one of the two variables', () => {
  const both = { DESTINATION_REPOSITORIES: follower, DESTINATION_REPOSITORY: leader };
  const [fault] = readSettings('copy', [], both).faults;
  assert.is(
    fault && printFault(fault),
    'DESTINATION_REPOSITORY: DESTINATION_REPOSITORIES is set too; set one of them, or the other to nothing',
  );
  const one = readSettings('copy', [], { ...both, DESTINATION_REPOSITORIES: '' });
  assert.equal(one.settings.destinations, [named('europe-west1')]);
});

test('booleans', () => {
  for (const [text, value] of Object.entries({
    true: true,
    1: true,
    YES: true,
    False: false,
    0: false,
    no: false,
    ' yes ': true,
  }))
    assert.is(readSettings('copy', [], { DRY_RUN: text }).settings.dryRun, value, text);
});

test('everything wrong is told at once, in the nearest names', () => {
  const { faults } = readSettings(
    'mirror',
    [
      '--max-deletion',
      '5',
      '--dryrun',
      'now',
      '--sorce=x',
      '--maxDeletions',
      '7',
      '-x',
      'y',
      '--max-deletions',
      '-5',
      '--protect-tag',
    ],
    {
      REPLICATOR_EMULATOR_HOSTS: 'secret-1',
      REPLICATOR_DRY_RUN: 'secret-2',
      REPLICATOR_QQQQQQQQQQ: 'secret-3',
      ALLOW_EMPTY_SOURCE: 'maybe',
    },
  );
  assert.equal(faults.map(printFault), [
    '--max-deletion: unknown flag; did you mean --max-deletions?',
    '--dryrun: unknown flag; did you mean --dry-run?',
    '--sorce: unknown flag; did you mean --source?',
    '--maxDeletions: unknown flag; did you mean --max-deletions?',
    '-x: unknown flag; job mirror --help lists them',
    '--protect-tag: needs a value; write a glob, such as release-*',
    'REPLICATOR_DRY_RUN: unknown variable; did you mean DRY_RUN?',
    'REPLICATOR_EMULATOR_HOSTS: unknown variable; did you mean REPLICATOR_EMULATOR_HOST?',
    'REPLICATOR_QQQQQQQQQQ: unknown variable; variables are listed in docs/job.md',
    '--max-deletions: -5 is below 0; write a whole number from 0 to 10000000',
    'ALLOW_EMPTY_SOURCE: "maybe" is neither true nor false; write true or false',
  ]);
});

test('words and repeated flags', () => {
  const said = (...args: string[]) => readSettings('copy', args, {}).faults.map(printFault);
  assert.equal(said('dry-run'), ['"dry-run": unexpected word; did you mean --dry-run?']);
  assert.equal(said('wait'), ['"wait": unexpected word; did you mean --no-wait?']);
  assert.equal(said('--name', 'a', '--name', 'b', '--name', 'c'), [
    '--name: given more than once; give it once',
  ]);
  assert.equal(said('--source', '--dry-run'), [
    '--source: needs a value; write a repository, projects/PROJECT/locations/LOCATION/repositories/REPOSITORY',
  ]);
  assert.is(readSettings('copy', ['--dry-run', '--no-dry-run'], {}).settings.dryRun, false);
  assert.is(readSettings('copy', ['--bad', '--help'], {}).help, true);
});

test('a repository in all its forms', () => {
  const read = (text: string) => readSettings('copy', ['--source', text], {});
  for (const text of [
    leader,
    `${leader}/`,
    'europe-west1-docker.pkg.dev/acme/prod',
    'europe-west1-docker.pkg.dev/acme/prod/',
    'https://europe-west1-maven.pkg.dev/acme/prod/',
    `https://artifactregistry.googleapis.com/v1/${leader}`,
    'https://console.cloud.google.com/artifacts/docker/acme/europe-west1/prod?project=acme',
  ])
    assert.equal(read(text).settings.source?.name, named('europe-west1').name, text);
  const refused = (text: string) => read(text).faults.map(printFault).join();
  const digest = `sha256:${'0'.repeat(64)}`;
  assert.match(
    refused(`europe-west1-docker.pkg.dev/acme/prod/app:v1@${digest}`),
    /whole repositories are copied; write "projects\/acme/,
  );
  assert.match(refused('docker.io/library/node'), /is not Artifact Registry/);
});

test('no setting can be given to a deployed job behind the back of its config', () => {
  const names = fieldNames.flatMap((name) => variablesOf(fields[name]));
  assert.equal(
    names.filter((name) => !isReserved(name)),
    [],
  );
});

test.run();
