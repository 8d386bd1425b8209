import fc from 'fast-check';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { attachedTo, type Candidate, createSelection } from './candidate.ts';
import { platformName, platformTest, rewriteIndex, wantedEntries } from './platforms.ts';
import { Progress } from './progress.ts';
import { type Filters, noFilters } from './request.ts';
import { compareVersions } from './semver.ts';

const digest = (digit: string) => `sha256:${digit.repeat(64)}`;
const at = (id: string, tags: string[], time = 0): Candidate => ({ digest: digest(id), tags, time });
const day = 86_400_000;

function pick(filters: Partial<Filters>, candidates: readonly Candidate[], now = 0) {
  const { candidates: picked, attached } = createSelection({ ...noFilters, ...filters }, now).pick(
    candidates,
  );
  return {
    tags: picked.flatMap(({ tags }) => tags).sort(),
    count: picked.length,
    attached: [...attached.keys()],
  };
}

test('everything, unless it is said otherwise', () => {
  const all = [at('1', ['a']), at('2', []), at('3', [`sha256-${'1'.repeat(64)}.sig`])];
  assert.is(pick({}, all).count, 3);
  assert.equal(pick({ attachments: false }, all).tags, ['a']);
  assert.is(pick({ attachments: false }, all).count, 2);
});

test('tags by glob: what has none is not wanted, what is attached goes along', () => {
  const sig = `sha256-${'1'.repeat(64)}.sig`;
  const all = [at('1', ['v1', 'x']), at('2', []), at('3', [sig]), at('4', ['v2'])];
  assert.equal(pick({ tags: ['v*'] }, all), { tags: ['v1', 'v2'], count: 2, attached: [digest('1')] });
  assert.equal(pick({ tags: ['v*'], attachments: false }, all).attached, []);
  assert.is(attachedTo(sig), digest('1'));
  assert.is(attachedTo('sha256-1.sig'), undefined);
});

test('the newest by version, or by time', () => {
  const all = [
    at('1', ['1.2.0', 'latest'], 5),
    at('2', ['1.10.0'], 3),
    at('3', ['1.9.0'], 9),
    at('4', ['nightly'], 7),
  ];
  assert.equal(pick({ newest: { count: 2, by: 'semver' } }, all).tags, ['1.10.0', '1.9.0']);
  assert.equal(pick({ newest: { count: 2, by: 'time' } }, all).tags, ['1.9.0', 'nightly']);
  assert.equal(pick({ newest: { count: 1, by: 'semver' }, tags: ['1.2.*'] }, all).tags, ['1.2.0']);
});

test('by age', () => {
  const all = [at('1', ['old'], 0), at('2', ['young'], 9 * day)];
  assert.equal(pick({ maxVersionAgeDays: 2 }, all, 10 * day).tags, ['young']);
});

test('packages by glob', () => {
  const { isPackage } = createSelection({ ...noFilters, packages: ['team/*'] }, 0);
  assert.ok(isPackage('team/app'));
  assert.not.ok(isPackage('other'));
});

test('versions in their order', () => {
  const ordered = [
    'latest',
    '1.0.0-alpha',
    '1.0.0-alpha.1',
    '1.0.0-alpha.beta',
    '1.0.0-beta.2',
    '1.0.0-beta.11',
    'v1.0.0-rc.1',
    '1.0.0',
    'v1.2',
    '1.10.0',
    '2',
    '10.0.0',
  ];
  fc.assert(
    fc.property(fc.shuffledSubarray(ordered, { minLength: ordered.length }), (shuffled) => {
      assert.equal([...shuffled].sort(compareVersions), ordered);
    }),
  );
  assert.is(compareVersions('1.0.0_build.5', 'v1.0'), 0);
});

test('platforms, with their attestations', () => {
  const is = platformTest(['linux/amd64', 'linux/arm/v7', 'windows/*']);
  assert.ok(is({ os: 'linux', architecture: 'amd64' }));
  assert.ok(is({ os: 'linux', architecture: 'amd64', variant: 'v2' }));
  assert.ok(is({ os: 'windows', architecture: 'arm64' }));
  assert.not.ok(is({ os: 'linux', architecture: 'arm', variant: 'v6' }));
  assert.is(platformName({ os: 'linux', architecture: 'arm', variant: 'v7' }), 'linux/arm/v7');

  const entry = (id: string, more: object) => ({ mediaType: 'm', digest: digest(id), size: 1, ...more });
  const image = (id: string, architecture: string) => entry(id, { platform: { os: 'linux', architecture } });
  const attests = (id: string, of: string) =>
    entry(id, {
      platform: { os: 'unknown', architecture: 'unknown' },
      annotations: { 'vnd.docker.reference.digest': digest(of) },
    });
  const children = [image('1', 'amd64'), image('2', 'arm64'), attests('3', '1'), attests('4', '2')];
  const wanted = wantedEntries({ children }, is);
  assert.equal(
    wanted?.map((each) => each.digest),
    [digest('1'), digest('3')],
  );
  assert.is(wantedEntries({ children: [image('2', 'arm64')] }, is), undefined);
  const bytes = Buffer.from(
    JSON.stringify({ schemaVersion: 2, manifests: children, annotations: { kept: 'yes' } }),
  );
  const index = { bytes, mediaType: 'i', digest: digest('9') };
  assert.is(rewriteIndex(index, children), index);
  const rewritten = rewriteIndex(index, wanted ?? []);
  assert.equal(JSON.parse(rewritten.bytes.toString()), {
    schemaVersion: 2,
    manifests: [children[0], children[2]],
    annotations: { kept: 'yes' },
  });
  assert.is(rewriteIndex(index, wanted ?? []).digest, rewritten.digest);
});

test('progress: a rate, what is left, and a bar', () => {
  let now = 0;
  const progress = new Progress(() => now);
  assert.is(progress.bar(4), '[    ] 0 of 0+ images, 0 blobs, 0 bytes at 0 bytes/s');
  Object.assign(progress.counts, {
    found: 40,
    settled: 10,
    sent: 25,
    bytes: 10_000_000,
    bytesWanted: 20_000_000,
    failed: 1,
  });
  now = 10_000;
  progress.isListed = true;
  assert.is(progress.bar(4), '[=   ] 10 of 40 images, 25 blobs, 10.0 MB at 1.0 MB/s, 1 failed, 30 s left');
});

test.run();
