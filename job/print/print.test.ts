import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { Difference, KeptEntry, VersionEntry } from '../difference/difference.ts';
import { copyProgressLine } from './copy.ts';
import { printMirror } from './mirror.ts';
import { printPlan, printTotals } from './plan.ts';
import { duration, size, thousands } from './quantity.ts';
import { createScreen, statusLine, widthOf } from './screen.ts';
import { table } from './table.ts';
import { wrap } from './wrap.ts';

const digest = (n: number) => `sha256:${String(n).padStart(64, '0')}`;
const entry = (n: number, tags: string[] = []): VersionEntry => ({
  package: 'team%2Fapp',
  version: digest(n),
  tags,
  bytes: 1500 * n,
});
const side = { versions: 1200, tags: 30, bytes: 12_345_678 };
const difference: Difference = {
  source: { project: 'acme', location: 'europe-west1', repository: 'prod' },
  destination: { project: 'acme', location: 'us-central1', repository: 'prod' },
  format: 'DOCKER',
  held: { source: side, destination: { versions: 3, tags: 0, bytes: 0 } },
  copy: [entry(1, ['v1', 'latest']), entry(2)],
  excluded: 4,
  tags: [
    { kind: 'create', package: 'team%2Fapp', tag: 'v1', to: digest(1) },
    { kind: 'move', package: 'team%2Fapp', tag: 'latest', from: digest(9), to: digest(1) },
    { kind: 'remove', package: 'team%2Fapp', tag: 'old', from: digest(9) },
  ],
  delete: [{ ...entry(9, ['old']), round: 0 }],
  kept: [{ ...entry(7, ['stable']), because: 'protected-tag', by: 'stable' }],
  refusals: [{ code: 'no-claim', message: 'it does not carry the label' }],
  warnings: [{ code: 'cleanup-policy', message: 'policies that delete: keep-ten' }],
};

test('a plan', () => {
  assert.is(
    printPlan(difference, { width: 100, all: false }),
    `projects/acme/locations/us-central1/repositories/prod (DOCKER)
follows projects/acme/locations/europe-west1/repositories/prod

               versions  tags     size
  source          1,200    30  12.3 MB
  destination         3     0  0 bytes

To copy: 2 versions, 4.5 kB
  team/app  sha256:000000000000  v1, latest  1.5 kB
  team/app  sha256:000000000000              3.0 kB
Tags: 1 to create, 1 to move, 1 to remove
  create  team/app:v1                           → sha256:000000000000
  move    team/app:latest  sha256:000000000000  → sha256:000000000000
  remove  team/app:old     sha256:000000000000
To delete: 1 version, 13.5 kB
  team/app  sha256:000000000000  old  13.5 kB
Kept: 1 version that the source does not have
  team/app  sha256:000000000000  protected tag stable
Left out by the filters of the copy: 4 versions
Refused: nothing would be deleted
  no-claim: it does not carry the label
Warnings
  cleanup-policy: policies that delete: keep-ten`,
  );
  assert.is(
    printTotals([difference, difference]),
    'In all: 4 versions to copy (9.0 kB), 6 tags to change, 2 versions to delete (27.0 kB).',
  );
});

test('a plan with nothing to do, and one that is cut', () => {
  const equal: Difference = {
    ...difference,
    copy: [],
    tags: [],
    delete: [],
    kept: [],
    refusals: [],
    warnings: [],
    excluded: 0,
  };
  assert.match(
    printPlan(equal, { width: 80, all: false }),
    /\nNothing to do: the destination holds what the source holds\.$/,
  );
  // Something that could not be looked at is not nothing.
  const refusals = [{ code: 'unreadable-manifest' as const, message: 'x', package: 'app' }];
  assert.not.match(printPlan({ ...equal, refusals }, { width: 80, all: false }), /Nothing to do/);
  const each = Array.from({ length: 1000 }, (_, n) => ({
    ...{ code: 'unreadable-manifest' as const, message: `package ${n} is refused`, package: `p${n}` },
  }));
  const whole = { code: 'no-claim' as const, message: 'it does not carry the label' };
  const refused = printPlan({ ...equal, refusals: [...each, whole] }, { width: 80, all: false });
  assert.match(refused, /no-claim: it does not carry the label/);
  assert.match(refused, /package 9 is refused\n {2}… 990 more; --all shows them, --json has everything$/);
  assert.not.match(refused, /package 10 /);
  assert.match(printPlan({ ...equal, refusals: each }, { width: 80, all: true }), /package 999 is refused$/);
  const many: Difference = { ...equal, copy: Array.from({ length: 30 }, (_, n) => entry(n)) };
  const cut = printPlan(many, { width: 80, all: false });
  assert.match(cut, /\n {2}… 20 more; --all shows them, --json has everything$/);
  assert.is(cut.split('\n').length, 7 + 1 + 10 + 1);
  assert.is(printPlan(many, { width: 80, all: true }).split('\n').length, 7 + 1 + 30);
  // One that would be hidden alone is shown.
  assert.not.match(printPlan({ ...equal, copy: many.copy.slice(0, 11) }, { width: 80, all: false }), /more;/);
});

test('no line is wider than the terminal, whatever things are called', () => {
  const long: KeptEntry = {
    ...entry(7, ['t'.repeat(300)]),
    package: 'p'.repeat(200),
    because: 'protected-package',
    by: 'p'.repeat(200),
  };
  const wide: Difference = {
    ...difference,
    copy: [long],
    delete: [{ ...long, round: 0 }],
    kept: [long],
    tags: [{ kind: 'move', package: 'p'.repeat(200), tag: 't'.repeat(128), from: digest(1), to: digest(2) }],
    refusals: [{ code: 'delete-limit', message: 'word '.repeat(80).trim() }],
  };
  for (const width of [70, 80, 120])
    for (const line of printPlan(wide, { width, all: true }).split('\n'))
      assert.ok(line.length <= width, `${line.length} ${line}`);
});

test('a mirror', () => {
  const text = printMirror(
    {
      destination: difference.destination,
      state: 'partlyFailed',
      planned: difference,
      created: 1,
      moved: 2,
      removed: 0,
      deleted: 1234,
      bytes: 5e9,
      notDone: [{ package: 'app', what: 'delete team%2Fapp@1', why: 'it is tagged again', failed: false }],
      refusals: [],
      equal: false,
      unseen: undefined,
      seconds: 65,
    },
    { width: 100, all: false },
  );
  assert.is(
    text,
    `projects/acme/locations/us-central1/repositories/prod
  tags: 1 created, 2 moved, 0 removed; 1,234 versions deleted (5.0 GB); 1 min 5 s
  not done: it still differs
  kept: 1 protected-tag
  not done: delete team/app@1: it is tagged again`,
  );
});

test('quantities', () => {
  assert.equal([0, 999, 1000, 999_949, 999_950, 1.5e12].map(size), [
    '0 bytes',
    '999 bytes',
    '1.0 kB',
    '999.9 kB',
    '1.0 MB',
    '1.5 TB',
  ]);
  assert.equal([0, 999, 1000, 1_234_567].map(thousands), ['0', '999', '1,000', '1,234,567']);
  assert.equal([0, 0.04, 2.54, 9.96, 59.4, 60, 3599, 12_000].map(duration), [
    '0 s',
    '0 s',
    '2.5 s',
    '10 s',
    '59 s',
    '1 min 0 s',
    '59 min 59 s',
    '3 h 20 min',
  ]);
});

test('a table shows no control characters, and cuts what it may cut first', () => {
  const lines = table([['\u001b[31ma', 'b'.repeat(50)]], [{}, { cut: true }], { width: 20 });
  assert.equal(lines, [`a  ${'b'.repeat(16)}…`]);
  assert.equal(wrap('one two three', 8, 2), ['  one', '    two', '    three']);
});

test('the status line is written anew on a terminal, and never elsewhere', () => {
  const written: string[] = [];
  const stderr = { isTTY: true, columns: 10, write: (text: string) => written.push(text) };
  const status = statusLine(stderr);
  status.show('one of many things');
  status.above('entry');
  status.show('');
  assert.equal(written, ['\r\u001b[2Kone of ma', '\r\u001b[2Kentry\none of ma', '\r\u001b[2K']);
  const plain: string[] = [];
  const silent = statusLine({ write: (text) => plain.push(text) });
  silent.show('x');
  silent.above('entry');
  assert.equal(plain, ['entry\n']);
});

test('on Cloud Run a report is a log entry', () => {
  const written: string[] = [];
  const streams = { stdout: { write: (text: string) => written.push(text) }, stderr: { write: () => true } };
  const entries: string[] = [];
  const screen = createScreen(streams, statusLine(streams.stderr), (_, message) => entries.push(message));
  screen.report('a\nb\n', { phase: 'plan' });
  screen.document({ a: 1 });
  assert.equal(entries, ['a\nb']);
  assert.equal(written, ['{"a":1}\n']);
  assert.is(screen.isForPeople, false);
});

test('progress of several copies in one line', () => {
  const line = copyProgressLine(2, () => 61);
  const name = (repository: string) => ({ project: 'p', location: 'us', repository });
  const progress = {
    done: false,
    copied: 10,
    skipped: 0,
    total: 100,
    copyStartTime: undefined,
    skippedVersions: [],
    error: undefined,
  };
  assert.is(line.update(name('a'), progress), '0 of 2 destinations, 10 of 100 versions (10 %), 1 min 1 s');
  assert.is(
    line.update(name('b'), { ...progress, done: true, copied: 99, skipped: 1 }),
    '1 of 2 destinations, 110 of 200 versions (55 %), 1 min 1 s',
  );
});

test('a terminal that says it has no columns, as one without a window does, cuts nothing to nothing', () => {
  assert.is(widthOf({ isTTY: true, columns: 0 }), 80);
  assert.is(widthOf({ isTTY: true, columns: 200 }), 200);
  assert.is(widthOf({}), 120);
});

test.run();
