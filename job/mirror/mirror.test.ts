import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { destination, digest, now, requestWith, source, world } from '../../test/mirror-world.ts';
import { claimLabel, claimOf } from '../difference/guards.ts';
import type { LogFields } from '../log/log.ts';
import { RegistryError } from '../registry/registry.ts';
import type { JobRequest } from '../request.ts';
import { claimDestination } from './claim.ts';
import { mirrorDestination } from './mirror.ts';

const test = suite('mirror');

type World = ReturnType<typeof world>;

async function mirror({ registry }: World, request: JobRequest = requestWith()) {
  const entries: { message: string; fields: LogFields; writes: number }[] = [];
  const outcome = await mirrorDestination(registry, request, destination, {
    log: (_, message, fields) => entries.push({ message, fields, writes: registry.writes.length }),
    now: () => now,
  });
  return { outcome, entries, gone: registry.deleted.map(({ version }) => version) };
}

const both = [{ id: 'app@1', tags: ['latest'] }];

test('what the follower has beyond the leader is deleted, tags are moved, created and removed', async () => {
  const one = world(
    [
      { id: 'app@1', tags: ['v1', 'latest'] },
      { id: 'app@2', tags: ['v2'] },
    ],
    [{ id: 'app@1', tags: ['v1', 'old'] }, { id: 'app@2' }, { id: 'app@9', tags: ['latest', 'v9'] }],
  );
  const { outcome, gone } = await mirror(one);
  assert.is(outcome.state, 'succeeded');
  assert.equal(
    [outcome.created, outcome.moved, outcome.removed, outcome.deleted, outcome.bytes, outcome.equal],
    [1, 1, 2, 1, 1000, true],
  );
  assert.equal(gone, [digest(9)]);
  assert.equal([...(one.follower.tags.get('app') ?? [])].sort(), [
    ['latest', digest(1)],
    ['v1', digest(1)],
    ['v2', digest(2)],
  ]);
});

test('case 1: tags first, then indexes from the outermost, then children', async () => {
  const one = world(both, [
    ...both,
    { id: 'app@2' },
    { id: 'app@3' },
    { id: 'app@4', children: [2, 3] },
    { id: 'app@5', children: [4], tags: ['nested'] },
    { id: 'app@6', subject: 5 },
  ]);
  const { outcome, gone } = await mirror(one);
  assert.is(outcome.state, 'succeeded', JSON.stringify(outcome.notDone));
  assert.equal(gone, [digest(6), digest(5), digest(4), digest(2), digest(3)]);
  assert.is(one.registry.writes[0]?.call, 'deleteTag');
});

test('case 2: a tagged version is deleted once its tags are gone, and not tried again when it is refused', async () => {
  const one = world(both, [...both, { id: 'app@2', tags: ['a', 'b'] }]);
  assert.is((await mirror(one)).outcome.deleted, 1);

  const refused = world(both, [...both, { id: 'app@2', tags: ['a', 'b'] }]);
  refused.registry.before = (call, args) => {
    if (call === 'deleteTag' && args[2] === 'b')
      throw new RegistryError('refused', 400, 'GOOGLE_MANIFEST_DANGLING_TAG');
  };
  const { outcome, gone } = await mirror(refused);
  assert.is(outcome.state, 'partlyFailed');
  assert.equal(gone, []);
  assert.is(outcome.notDone.length, 1);
  assert.is(refused.registry.writes.filter(({ call }) => call === 'deleteVersions').length, 0);
});

test('case 3: untagged children of an index that stays are kept, however old', async () => {
  const index = { id: 'app@3', children: [1, 2], tags: ['multi'] };
  // The leader lost a child of its own index: the follower's is the last there is.
  const one = world([{ id: 'app@1' }, index], [{ id: 'app@1' }, { id: 'app@2', age: 400 }, index]);
  const { outcome, gone } = await mirror(one);
  assert.equal(gone, []);
  assert.equal(
    outcome.planned.kept.map(({ version, because, by }) => ({ version, because, by })),
    [{ version: digest(2), because: 'child-of-kept', by: digest(3) }],
  );
});

test('case 4: a listing that fails on any page blocks every delete', async () => {
  for (const side of ['leader', 'follower'] as const)
    for (const page of [0, 1, 2]) {
      const one = world(
        [1, 2, 3, 4, 5, 6].map((number) => ({ id: `app@${number}` })),
        [1, 2, 3, 4, 5, 9].map((number) => ({ id: `app@${number}` })),
      );
      let pages = 0;
      one.registry.before = (call, [name]) => {
        if (call === 'versions' && name === (side === 'leader' ? source : destination) && pages++ === page)
          throw new RegistryError('unavailable', 500, 'page');
      };
      try {
        await mirror(one);
        assert.unreachable('went on');
      } catch (error) {
        assert.instance(error, RegistryError);
      }
      assert.equal(one.registry.writes, []);
    }
});

test('case 4: an empty source needs consent', async () => {
  const refused = world([], [{ id: 'app@1', tags: ['v1'] }]);
  const { outcome, gone } = await mirror(refused);
  assert.is(outcome.state, 'refused');
  assert.equal(gone, []);
  assert.equal(refused.registry.writes, []);
  assert.match(
    outcome.refusals[0]?.message ?? '',
    /leader is empty, and .*follower holds 1 versions\. If that is meant, set mirror\.allowEmptySource/,
  );

  const allowed = world([], [{ id: 'app@1', tags: ['v1'] }]);
  assert.equal((await mirror(allowed, requestWith({ allowEmptySource: true }))).gone, [digest(1)]);
});

test('case 5: a repository that may not be read is never an empty one', async () => {
  const one = world([], [{ id: 'app@1' }]);
  one.registry.before = (call, [name]) => {
    if (call === 'repository' && name === source)
      throw new RegistryError('permission', 403, 'grant roles/artifactregistry.reader');
  };
  try {
    await mirror(one, requestWith({ allowEmptySource: true }));
    assert.unreachable('went on');
  } catch (error) {
    assert.match((error as Error).message, /roles\/artifactregistry\.reader/);
  }
  assert.equal(one.registry.writes, []);
});

test('only a follower that is claimed for this very leader is deleted from', async () => {
  for (const [labels, code] of [
    [{}, 'no-claim'],
    [{ [claimLabel]: 'somebody-else' }, 'claimed-by-another'],
    [{ [claimLabel]: claimOf({ ...source, repository: 'another' }) }, 'claimed-by-another'],
  ] as const) {
    const one = world(
      [...both, { id: 'app@2', tags: ['new'] }],
      [...both, { id: 'app@2' }, { id: 'app@9', tags: ['x'] }],
      { labels },
    );
    const { outcome, gone } = await mirror(one);
    assert.is(outcome.state, 'refused');
    assert.equal(
      outcome.refusals.map((refusal) => refusal.code),
      [code],
    );
    assert.equal(gone, []);
    // What is missing is added all the same.
    assert.equal(
      one.registry.writes.map(({ call, ids }) => [call, ...ids]),
      [['createTag', 'new']],
    );
  }
});

test('limits: at the edge all is done, beyond it nothing is deleted at all, and both numbers are told', async () => {
  const extras = [2, 3, 4].map((number) => ({ id: `app@${number}` }));
  const make = () => world(both, [...both, ...extras, { id: 'app@1', tags: ['old'] }]);
  // Three versions and one tag to go.
  assert.is((await mirror(make(), requestWith({ maxDeletions: 4 }))).outcome.deleted, 3);
  const beyond = make();
  const { outcome, gone } = await mirror(beyond, requestWith({ maxDeletions: 3 }));
  assert.equal(gone, []);
  assert.equal(beyond.registry.writes, []);
  assert.match(
    outcome.refusals[0]?.message ?? '',
    /^4 deletions are needed at .*, and mirror\.maxDeletions allows 3 in a run\./,
  );
  // Six versions and tags are there: 0.6 of them, rounded up, is 4.
  assert.is((await mirror(make(), requestWith({ maxDeletionShare: 0.6 }))).outcome.deleted, 3);
  const share = await mirror(make(), requestWith({ maxDeletionShare: 0.5 }));
  assert.is(share.outcome.state, 'refused');
  assert.match(
    share.outcome.refusals[0]?.message ?? '',
    /^4 deletions are needed at .*, and mirror\.maxDeletionShare 0\.5 allows 3 of its 6 versions and tags/,
  );
});

test('a tag that is moved away counts as a deletion', async () => {
  const one = world(
    [{ id: 'app@1', tags: ['a', 'b'] }, { id: 'app@2' }],
    [{ id: 'app@1' }, { id: 'app@2', tags: ['a', 'b'] }],
  );
  const { outcome } = await mirror(one, requestWith({ maxDeletions: 1 }));
  assert.is(outcome.state, 'refused');
  assert.equal(one.registry.writes, []);
});

test('nothing is deleted while versions are still to be copied, unless they are the reported skips', async () => {
  const make = () => world([...both, { id: 'app@2' }], [...both, { id: 'app@9' }]);
  const { outcome, gone } = await mirror(make());
  assert.equal(gone, []);
  assert.is(outcome.refusals[0]?.code, 'copy-incomplete');
  assert.equal((await mirror(make(), requestWith({}, { skippedVersions: 1 }))).gone, [digest(9)]);
});

test('what the filters of the copy leave out is neither missing nor deleted', async () => {
  const old = { id: 'app@2', age: 100, tags: ['ancient'] };
  const one = world([...both, old], [...both]);
  const { outcome } = await mirror(
    one,
    requestWith({}, { behavior: { allAttachmentsIncluded: true, maxVersionAgeDays: 30 } }),
  );
  assert.is(outcome.state, 'succeeded');
  assert.is(outcome.planned.excluded, 1);
  assert.equal(one.registry.writes, []);

  const noTags = world([{ id: 'app@1', tags: ['a'] }], [{ id: 'app@1', tags: ['b'] }]);
  await mirror(
    noTags,
    requestWith({}, { behavior: { allAttachmentsIncluded: true, allTagsExcluded: true } }),
  );
  assert.equal(noTags.registry.writes, []);

  const attached = world([...both, { id: 'app@3', subject: 1 }], both);
  assert.is((await mirror(attached, requestWith({}, { behavior: {} }))).outcome.state, 'succeeded');
});

test('a moved tag on an old version, which an incremental copy misses, is caught', async () => {
  const one = world(
    [
      { id: 'app@1', age: 100, tags: ['stable'] },
      { id: 'app@2', age: 1 },
    ],
    [
      { id: 'app@1', age: 100 },
      { id: 'app@2', age: 1, tags: ['stable'] },
    ],
  );
  const { outcome } = await mirror(
    one,
    requestWith({}, { behavior: { allAttachmentsIncluded: true, maxVersionAgeDays: 7 } }),
  );
  assert.is(outcome.moved, 1);
  assert.is(one.follower.tags.get('app')?.get('stable'), digest(1));
});

test('a version under a tag that the source has too stays until the tag can move', async () => {
  const old = { id: 'app@2', age: 100, tags: ['latest'] };
  const one = world([old], [{ id: 'app@9', tags: ['latest'] }]);
  const { outcome, gone } = await mirror(
    one,
    requestWith({}, { behavior: { allAttachmentsIncluded: true, maxVersionAgeDays: 7 } }),
  );
  assert.equal(gone, []);
  assert.is(outcome.planned.kept[0]?.because, 'tag-of-source');
  assert.equal(outcome.planned.tags, []);
  assert.is(one.follower.tags.get('app')?.get('latest'), digest(9));
});

test('what is newer than the copy stays with its tags', async () => {
  const one = world(both, [...both, { id: 'app@9', age: -1, tags: ['just-pushed'] }]);
  const { outcome, gone } = await mirror(one);
  assert.equal(gone, []);
  assert.is(outcome.planned.kept[0]?.because, 'newer-than-copy');
  assert.equal(one.registry.writes, []);
  assert.is(outcome.state, 'succeeded');
});

test('what comes to the source while others are deleted stays, and so does what is left once the claim is gone', async () => {
  const extras = Array.from({ length: 120 }, (_, index) => ({ id: `app@${100 + index}` }));
  const late = digest(219);
  for (const taken of [false, true]) {
    const one = world(both, [...both, ...extras]);
    one.registry.before = (call, args) => {
      if (call !== 'deleteVersions') return;
      // Deleting takes its time: the source has the last one before its turn comes.
      if (!(args[2] as string[]).includes(late))
        one.leader.versions.get('app')?.set(late, {
          createTime: now,
          updateTime: now,
          bytes: 1,
        });
      if (taken) one.follower.labels = {};
    };
    const { outcome, gone } = await mirror(one);
    assert.is(gone.length, taken ? 50 : 119);
    assert.not(gone.includes(late));
    assert.is(outcome.state, 'partlyFailed');
    assert.is(outcome.notDone.length, taken ? 70 : 1);
    assert.match(
      outcome.notDone[0]?.why ?? '',
      taken ? /does not carry our claim/ : /the source has it by now/,
    );
    assert.ok(outcome.notDone.every(({ failed }) => !failed));
  }
});

test('what keeps all of a batch from being deleted is not tried again and again', async () => {
  const one = world(both, [
    ...both,
    ...Array.from({ length: 500 }, (_, index) => ({ id: `app@${100 + index}` })),
  ]);
  let tries = 0;
  one.registry.before = (call) => {
    if (call !== 'deleteVersions') return;
    tries++;
    throw new RegistryError('unavailable', 503, 'out of order');
  };
  const { outcome } = await mirror(one);
  assert.is(tries, 1);
  assert.is(outcome.notDone.length, 500);
  assert.is(new Set(outcome.notDone.map(({ what }) => what)).size, 500);
  assert.ok(outcome.notDone.every(({ why, failed }) => why === 'out of order' && failed));
});

test('what a batch left is asked for again before it is deleted alone', async () => {
  const extras = [100, 101, 102].map((number) => ({ id: `app@${number}` }));
  for (const taken of [false, true]) {
    const one = world(both, [...both, ...extras]);
    one.registry.oneByOne = true;
    one.registry.before = (call, args) => {
      if (call !== 'deleteVersions' || (args[2] as string[]).length > 1) return;
      // While the batch was waited for.
      one.leader.versions.get('app')?.set(digest(101), { createTime: now, updateTime: now, bytes: 1 });
      if (taken) one.follower.labels = {};
    };
    const { outcome, gone } = await mirror(one);
    assert.equal(gone, taken ? [] : [digest(100), digest(102)]);
    assert.is(outcome.state, 'partlyFailed');
    assert.is(outcome.notDone.length, taken ? 3 : 1);
    assert.ok(outcome.notDone.every(({ failed }) => !failed));
    assert.match(
      outcome.notDone[0]?.why ?? '',
      taken ? /does not carry our claim/ : /the source has it by now/,
    );
  }
});

test('what keeps most of a batch from being deleted, or the only one in it, does not stop the next', async () => {
  for (const arrived of [0, 49]) {
    const one = world(both, [
      ...both,
      ...Array.from({ length: 60 }, (_, index) => ({ id: `app@${100 + index}` })),
    ]);
    const late = Array.from({ length: arrived }, (_, index) => digest(100 + index));
    one.registry.before = (call, args) => {
      const version = String(args[2]);
      if (call === 'version' && late.includes(version))
        one.leader.versions.get('app')?.set(version, { createTime: now, updateTime: now, bytes: 1 });
      if (call !== 'deleteVersions' || !version.includes(digest(149))) return;
      // Of those that are left all but the first are tagged by now; of one alone, that one.
      const [first, ...others] = args[2] as string[];
      for (const held of others.length > 0 ? others : [first ?? ''])
        one.follower.tags.get('app')?.set(held.slice(-8), held);
    };
    const { gone } = await mirror(one);
    assert.equal(gone.length, arrived === 0 ? 11 : 10);
    assert.ok(gone.includes(digest(159)));
  }
});

test('that the source has all that a batch left says nothing of the next', async () => {
  const one = world(both, [
    ...both,
    ...Array.from({ length: 60 }, (_, index) => ({ id: `app@${100 + index}` })),
  ]);
  one.registry.oneByOne = true;
  let batches = 0;
  one.registry.before = (call, args) => {
    if (call !== 'deleteVersions') return;
    const versions = args[2] as string[];
    if (versions.length > 1 && ++batches === 1)
      for (const version of versions)
        one.leader.versions.get('app')?.set(version, { createTime: now, updateTime: now, bytes: 1 });
  };
  const { outcome, gone } = await mirror(one);
  assert.is(batches, 2);
  assert.is(gone.length, 10);
  assert.is(outcome.notDone.length, 50);
});

test('protection: by tag, by package, by age', async () => {
  const one = world(both, [
    ...both,
    { id: 'app@2', tags: ['stable', 'other'] },
    { id: 'base%2Fnode@3', tags: ['x'] },
    { id: 'app@4', age: 3 },
    { id: 'app@5', age: 8 },
  ]);
  const { outcome, gone } = await mirror(
    one,
    requestWith({ protect: { tags: ['sta*'], packages: ['base/*'], newerThanDays: 5 } }),
  );
  assert.equal(gone, [digest(5)]);
  assert.equal(
    outcome.planned.kept.map(({ version, because }) => [version, because]),
    [
      [digest(2), 'protected-tag'],
      [digest(4), 'protected-age'],
      [digest(3), 'protected-package'],
    ],
  );
  assert.equal([...(one.follower.tags.get('app')?.keys() ?? [])].sort(), ['latest', 'stable']);
  assert.is(one.follower.tags.get('base%2Fnode')?.get('x'), digest(3));
});

test('immutable tags: a follower that has diverged is reported before anything is tried', async () => {
  const one = world(both, [...both, { id: 'app@2', tags: ['x'] }], {
    immutableTags: true,
    labels: { [claimLabel]: claimOf(source) },
  });
  const { outcome } = await mirror(one);
  assert.is(outcome.refusals[0]?.code, 'immutable-tags');
  assert.equal(one.registry.writes, []);
  const moved = world(
    [{ id: 'app@1', tags: ['x'] }, { id: 'app@2' }],
    [{ id: 'app@1' }, { id: 'app@2', tags: ['x'] }, { id: 'app@9' }],
    { immutableTags: true, labels: { [claimLabel]: claimOf(source) } },
  );
  assert.is((await mirror(moved)).outcome.refusals[0]?.code, 'immutable-tags');
  assert.equal(moved.registry.writes, []);
  const untagged = world(both, [...both, { id: 'app@2' }], {
    immutableTags: true,
    labels: { [claimLabel]: claimOf(source) },
  });
  assert.equal((await mirror(untagged)).gone, [digest(2)]);
});

test('a format of which nothing is known is not deleted from', async () => {
  const one = world(both, [...both, { id: 'app@2' }]);
  one.leader.format = 'HOLOGRAM';
  one.follower.format = 'HOLOGRAM';
  const { outcome } = await mirror(one);
  assert.match(outcome.refusals[0]?.message ?? '', /nothing is known of deleting in HOLOGRAM repositories/);
  assert.equal(one.registry.writes, []);
});

test('repositories that do not fit together are not compared', async () => {
  for (const change of [{ mode: 'REMOTE_REPOSITORY' }, { mode: 'VIRTUAL_REPOSITORY' }, { format: 'MAVEN' }]) {
    const one = world(both, [...both, { id: 'app@2' }]);
    Object.assign(one.follower, change);
    try {
      await mirror(one);
      assert.unreachable('went on');
    } catch (error) {
      assert.instance(error, RegistryError);
    }
    assert.equal(one.registry.writes, []);
  }
});

test('cleanup policies of the follower are warned of', async () => {
  const { outcome } = await mirror(world(both, both, { deletingPolicies: ['old-ones'] }));
  assert.match(outcome.planned.warnings[0]?.message ?? '', /cleanup policies that delete \(old-ones\)/);
});

test('a missing role is found before anything is changed, and named', async () => {
  const one = world([...both, { id: 'app@2', tags: ['new'] }], [...both, { id: 'app@2' }, { id: 'app@9' }]);
  one.registry.permissions = async (_, wanted) =>
    new Set(wanted.filter((permission) => !permission.endsWith('.delete')));
  try {
    await mirror(one);
    assert.unreachable('went on');
  } catch (error) {
    assert.match(
      (error as Error).message,
      /artifactregistry\.versions\.delete is missing on .*follower: grant roles\/artifactregistry\.repoAdmin .* Nothing was changed/,
    );
  }
  assert.equal(one.registry.writes, []);
});

test('a manifest that cannot be read stops the deletes of its package, and of no other', async () => {
  const one = world(both, [...both, { id: 'app@2', children: [] }, { id: 'tool@3', tags: ['x'] }]);
  one.registry.shows = { children: false, subject: true };
  one.registry.manifest = async (_, packageId) =>
    packageId === 'app' ? undefined : { mediaType: '', children: [], subject: undefined };
  const { outcome, gone } = await mirror(one);
  assert.equal(gone, [digest(3)]);
  assert.is(outcome.state, 'partlyFailed');
  assert.match(outcome.refusals[0]?.message ?? '', /a manifest in .*follower\/packages\/app cannot be read/);
});

test('children that the listing does not show are read from the manifest', async () => {
  const index = { id: 'app@3', children: [1, 2], tags: ['multi'] };
  const one = world([{ id: 'app@1' }, index], [{ id: 'app@1' }, { id: 'app@2' }, index, { id: 'app@9' }]);
  one.registry.shows = { children: false, subject: false };
  const { outcome, gone } = await mirror(one);
  assert.equal([outcome.state, gone], ['succeeded', [digest(9)]]);
});

test('what an index of both sides is attached to, which its listing does not show, stays', async () => {
  const index = { id: 'app@3', children: [1], subject: 2, tags: ['multi'] };
  const one = world([{ id: 'app@1' }, index], [{ id: 'app@1' }, { id: 'app@2' }, index, { id: 'app@9' }]);
  one.registry.shows = { children: false, subject: false };
  const { outcome, gone } = await mirror(one);
  assert.equal(gone, [digest(9)]);
  assert.equal(
    outcome.planned.kept.map(({ version, because, by }) => [version, because, by]),
    [[digest(2), 'subject-of-kept', digest(3)]],
  );
});

test('far too many extras are refused without being looked into', async () => {
  const many = Array.from({ length: 50 }, (_, index) => ({
    id: `app@${index + 100}`,
    tags: [`own-${index}`],
  }));
  const one = world(both, [...both, ...many]);
  one.registry.shows = { children: false, subject: false };
  let manifests = 0;
  one.registry.before = (call) => {
    if (call === 'manifest') manifests++;
  };
  const { outcome } = await mirror(
    one,
    requestWith({ maxDeletions: 4, protect: { tags: ['own-*'], packages: [], newerThanDays: 0 } }),
  );
  assert.is(manifests, 0);
  assert.is(outcome.state, 'refused');
  assert.match(
    outcome.refusals[0]?.message ?? '',
    /^50 versions at .* alone would have to be looked into, more than ten times/,
  );
});

test('each change is logged before it is made, with source and reason', async () => {
  const one = world(
    [{ id: 'app@1', tags: ['latest', 'v1'] }],
    [{ id: 'app@1', tags: ['latest', 'x'] }, { id: 'app@9' }],
  );
  const { entries } = await mirror(one);
  const changes = entries.filter(({ fields }) => 'action' in fields);
  assert.equal(
    changes.map(({ message, writes }) => [message, writes]),
    [
      [`create tag app:v1: the source has it on ${digest(1)}`, 0],
      ['remove tag app:x: the source has no such tag', 1],
      [`delete app@${digest(9)}: projects/acme/locations/us/repositories/leader does not have it`, 2],
    ],
  );
});

test('a dry run plans and changes nothing', async () => {
  const one = world(both, [...both, { id: 'app@9' }]);
  const { outcome } = await mirror(one, requestWith({}, { dryRun: true }));
  assert.is(outcome.state, 'dryRun');
  assert.is(outcome.planned.delete.length, 1);
  assert.equal(one.registry.writes, []);
});

test('with nothing to do each side is listed once, and nothing is written', async () => {
  const one = world(both, both);
  const calls: string[] = [];
  one.registry.before = (call) => calls.push(call);
  const { outcome } = await mirror(one);
  assert.is(outcome.state, 'succeeded');
  assert.equal(calls, ['repository', 'repository', 'versions', 'versions']);
});

test('what changes between the plan and the deed is left to the next run', async () => {
  const one = world(
    [{ id: 'app@1', tags: ['latest'] }, { id: 'app@2' }],
    [{ id: 'app@1' }, { id: 'app@2', tags: ['latest'] }, { id: 'app@9', tags: ['x'] }],
  );
  let moved = false;
  one.registry.before = (call) => {
    if (call !== 'tag' || moved) return;
    moved = true;
    one.leader.tags.get('app')?.set('latest', digest(2)).set('x', digest(1));
  };
  const { outcome, gone } = await mirror(one);
  assert.equal(gone, []);
  assert.equal(
    outcome.notDone.map(({ what, why }) => [what, why]),
    [
      ['move tag app:latest', `at the source it is ${digest(2)} by now`],
      ['remove tag app:x', `at the source it is ${digest(1)} by now`],
    ],
  );
  assert.is(outcome.state, 'partlyFailed');
});

test('claiming shows the plan, then sets the label and keeps the others; another leader is refused', async () => {
  const one = world(both, [...both, { id: 'app@9' }], { labels: { team: 'ours' } });
  const shown: number[] = [];
  const claim = (dryRun = false) =>
    claimDestination(one.registry, requestWith({}, { dryRun }), destination, {
      log: () => {},
      show: (planned) => shown.push(planned.delete.length, one.registry.writes.length),
    });
  assert.is((await claim(true)).state, 'dryRun');
  assert.equal([shown.splice(0), one.registry.writes], [[1, 0], []]);
  assert.is((await claim()).state, 'claimed');
  assert.equal(shown, [1, 0]);
  assert.equal(one.follower.labels, { team: 'ours', [claimLabel]: claimOf(source) });
  assert.is((await claim()).state, 'already');
  one.follower.labels[claimLabel] = 'another';
  try {
    await claim();
    assert.unreachable('claimed');
  } catch (error) {
    assert.match(
      (error as Error).message,
      /is claimed by another leader \(label replicator-leader=another\)/,
    );
  }
  assert.match(claimOf(source), /^[a-z0-9]{40}$/);
});

test.run();
