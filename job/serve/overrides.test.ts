import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { Field, Override } from '../settings/field.ts';
import { type FieldName, fields, type Settings } from '../settings/fields.ts';
import { readSettings } from '../settings/settings.ts';
import { printFault } from '../settings/usage-error.ts';
import { bodyFields, readBody } from './body.ts';
import { applyOverrides } from './overrides.ts';

const name = (location: string) => `projects/acme/locations/${location}/repositories/prod`;
const configured = [
  ...['--source', name('europe-west1'), '--destination', name('us'), '--destination', name('asia')],
  ...['--protect-tag', 'stable', '--newer-than-days', '2', '--max-version-age-days', '30'],
];

function apply(body: unknown, args: readonly string[] = []): { settings: Settings; faults: string[] } {
  const { settings: before, faults } = readSettings('serve', [...configured, ...args], {});
  const settings = applyOverrides(before, readBody(body, faults), faults);
  return { settings, faults: faults.map(printFault) };
}

/** A body with one field. */
function bodyOf(path: string, value: unknown): unknown {
  return path.split('.').reduceRight((inner, key) => ({ [key]: inner }), value);
}

/** For each rule a value that is let through and one that is not, over the configured settings. */
const cases: Readonly<Record<string, readonly [within: unknown, beyond: unknown]>> = {
  source: [name('europe-west1'), name('us-east1')],
  destinations: [[name('asia')], [name('asia'), name('us-east1')]],
  extraLocations: [undefined, ['europe-west99']],
  'copy.engine': [undefined, 'api'],
  'copy.continueOnSkippedVersion': [true, undefined],
  'copy.maxVersionAgeDays': [7, 31],
  'copy.allAttachmentsIncluded': [false, true],
  'copy.allTagsExcluded': [true, undefined],
  'copy.behavior': [undefined, {}],
  'copy.allowSkippedVersions': [false, true],
  wait: [false, undefined],
  'poll.initialDelay': [30, undefined],
  'poll.multiplier': [10, undefined],
  'poll.maxDelay': [3600, undefined],
  'poll.deadline': [60, 43_201],
  'mirror.maxDeletions': [100, 101],
  'mirror.maxDeletionShare': [0, 0.11],
  'mirror.allowEmptySource': [false, true],
  'mirror.protect.tags': [['v*'], undefined],
  'mirror.protect.packages': [['base/*'], undefined],
  'mirror.protect.newerThanDays': [3, 1.9],
  mirror: [false, true],
  verify: [true, undefined],
  dryRun: [true, undefined],
};

test('the cases are all the fields that a body may have', () => {
  assert.equal(Object.keys(cases).sort(), [...bodyFields.keys()].sort());
});

for (const [path, [within, beyond]] of Object.entries(cases)) {
  test(`${path}: within what is configured`, () => {
    if (within === undefined) return;
    // Fields of a mirror ask for one.
    const { faults } = apply(bodyOf(path, within), path.startsWith('mirror.') ? ['--mirror'] : []);
    assert.equal(faults, []);
  });

  test(`${path}: beyond it, refused, unless the operator allows it`, () => {
    if (beyond === undefined) return;
    const args = path.startsWith('mirror.') ? ['--mirror'] : [];
    const { faults } = apply(bodyOf(path, beyond), args);
    assert.is(faults.length, 1, faults.join());
    assert.ok(faults[0]?.startsWith(`${path}: `), faults[0]);
    assert.ok(faults[0]?.endsWith(`the operator may allow it with --allow-override ${path}`));
    assert.equal(apply(bodyOf(path, beyond), [...args, '--allow-override', path]).faults, []);
  });
}

test('what is on can only stay on, what is off only off', () => {
  assert.is(apply({ dryRun: false }, ['--dry-run']).faults.length, 1);
  assert.is(apply({ copy: { allTagsExcluded: false } }, ['--all-tags-excluded']).faults.length, 1);
  assert.equal(apply({ copy: { allTagsExcluded: false } }).faults, []);
  assert.equal(apply({ mirror: true }, ['--mirror']).settings.mirror, true);
  assert.match(apply({ mirror: { maxDeletions: 1 } }).faults.join(), /^mirror: it is off/);
  // No age is the greatest of all.
  assert.match(apply({ copy: { maxVersionAgeDays: 0 } }).faults.join(), /0 is more than is configured, 30/);
});

test('protection is added to, unless it may be set', () => {
  const body = { mirror: { protect: { tags: ['v*', 'stable'] } } };
  assert.equal(apply(body, ['--mirror']).settings.protectTags, ['stable', 'v*']);
  const free = ['--mirror', '--allow-override', 'mirror.protect.tags'];
  assert.equal(apply({ mirror: { protect: { tags: [] } } }, free).settings.protectTags, []);
});

test('every rule has a field, so that none is untried', () => {
  const tried = new Set(
    Object.keys(cases).map((path) => (fields[bodyFields.get(path) as FieldName] as Field).override),
  );
  const rules: Record<Override, true> = {
    any: true,
    subset: true,
    added: true,
    lower: true,
    higher: true,
    younger: true,
    on: true,
    off: true,
  };
  for (const rule of Object.keys(rules)) assert.ok(tried.has(rule as Override), rule);
});

test('a body that is wrong, told at once and by path', () => {
  const faults: string[] = apply({
    destinatons: [],
    destinations: [name('us'), 'nowhere', { project: 'acme', location: 'asia', repository: 'prod' }, 5],
    copy: { maxVersionAgeDays: '7', allTagExcluded: true },
    mirror: { maxDeletions: null, protect: 5, __proto__x: 1 },
    poll: [],
    dryRun: 'yes',
  }).faults;
  assert.equal(faults, [
    'destinations[1]: malformed repository name "nowhere": it is not the whole name; write "projects/PROJECT/locations/LOCATION/repositories/nowhere"',
    'destinations[3]: 5 is not a repository, projects/PROJECT/locations/LOCATION/repositories/REPOSITORY; write a repository, projects/PROJECT/locations/LOCATION/repositories/REPOSITORY',
    'copy.maxVersionAgeDays: "7" is text; write 7, without quotes',
    'copy.allTagExcluded: unknown field; did you mean copy.allTagsExcluded?',
    'poll: an empty list is not an object; write an object of fields',
    'mirror.maxDeletions: null is not a whole number from 0 to 10000000; write a whole number from 0 to 10000000',
    'mirror.protect: 5 is not an object; write an object of fields',
    'mirror.__proto__x: unknown field; docs/job.md lists the fields',
    'dryRun: "yes" is neither true nor false; write true, without quotes',
    'destinatons: unknown field; did you mean destinations?',
  ]);
  for (const body of [[], 'x', 5, null])
    assert.match(apply(body).faults.join(), /^body: .* is not an object/);
  assert.match(apply(JSON.parse('{"__proto__": {"dryRun": true}}')).faults.join(), /unknown field/);
});

test.run();
