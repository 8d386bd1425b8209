/** Whatever might make a mirror take away more than it should, or hide what it took. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { day, destination, digest, now, requestWith, source, world } from '../../test/mirror-world.ts';
import { mirrorEndings } from '../commands/mirror.ts';
import { claimLabel, claimOf } from '../difference/guards.ts';
import { planDestination } from '../difference/plan.ts';
import { silent } from '../log/log.ts';
import { printMirror } from '../print/mirror.ts';
import { RegistryError } from '../registry/registry.ts';
import type { JobRequest } from '../request.ts';
import { claimDestination } from './claim.ts';
import { mirrorDestination } from './mirror.ts';

const test = suite('mirror, never too much');

type World = ReturnType<typeof world>;

const mirror = ({ registry }: World, request: JobRequest = requestWith()) =>
  mirrorDestination(registry, request, destination, { log: silent, now: () => now });
const goneOf = ({ registry }: World) => registry.deleted.map(({ version }) => version);
const both = [{ id: 'app@1', tags: ['latest'] }];

test('a version that two pages show, since something was pushed meanwhile, counts once', async () => {
  const one = world(both, [...both, { id: 'app@9', tags: ['x'] }]);
  const { versions } = one.registry;
  one.registry.versions = async function* (name) {
    for await (const page of versions.call(one.registry, name)) {
      yield page;
      yield page;
    }
  };
  const planned = await planDestination(one.registry, requestWith(), destination, now);
  assert.equal(planned.held.destination, { versions: 2, tags: 2, bytes: 2000 });
  assert.equal(planned.tags, [{ kind: 'remove', package: 'app', tag: 'x', from: digest(9) }]);
  assert.is((await mirror(one)).state, 'succeeded');
});

test('a claim that is taken away stops the mirror before its next change', async () => {
  const follower = [
    ...both,
    { id: 'app@2', tags: ['x'] },
    { id: 'app@3', children: [2] },
    { id: 'tool@4', tags: ['y'] },
  ];
  for (const [after, gone] of [
    ['permissions', []],
    ['deleteTag', []],
    ['deleteVersions', [digest(3)]],
  ] as const) {
    const one = world(both, follower);
    let seen = false;
    one.registry.before = (call, [, packageId]) => {
      if (seen) delete one.follower.labels[claimLabel];
      seen ||= call === after && (after !== 'deleteVersions' || packageId === 'app');
    };
    const { state, notDone } = await mirror(one);
    assert.equal(
      goneOf(one).filter((version) => version !== digest(4)),
      gone,
      after,
    );
    assert.is(state, 'partlyFailed');
    assert.match(notDone[0]?.why ?? '', /does not carry our claim by now/);
    if (after === 'permissions') assert.equal(one.registry.writes, []);
  }
});

test('a claim that is another’s by now, or cannot be seen, stops it too', async () => {
  for (const [change, why] of [
    [({ follower }: World) => (follower.labels[claimLabel] = 'another'), /does not carry our claim by now/],
    [
      ({ registry }: World) => {
        const { before } = registry;
        registry.before = (call, args) => {
          if (call === 'repository') throw new RegistryError('unavailable', 503, 'no answer');
          before(call, args);
        };
      },
      /whether .* still carries our claim cannot be told: no answer/,
    ],
  ] as const) {
    const one = world(both, [...both, { id: 'app@9', tags: ['x'] }, { id: 'tool@8' }]);
    one.registry.before = (call) => {
      if (call === 'permissions') change(one);
    };
    const { state, notDone } = await mirror(one);
    assert.is(state, 'partlyFailed');
    assert.equal(one.registry.writes, []);
    for (const each of notDone) assert.match(each.why, why);
  }
});

test('two mirrors at once end where one ends, and neither takes more', async () => {
  const follower = [
    ...both,
    { id: 'app@2', tags: ['x'] },
    { id: 'app@3', children: [2] },
    { id: 'app@4', subject: 3 },
    { id: 'tool@5', tags: ['y'] },
  ];
  const alone = world(both, follower);
  await mirror(alone);
  const one = world(both, follower);
  await Promise.all([mirror(one), mirror(one)]);
  assert.equal(goneOf(one).sort(), goneOf(alone).sort());
  assert.equal(one.follower.tags, alone.follower.tags);
  assert.is((await mirror(one)).state, 'succeeded');
});

test('what the leader loses while a mirror runs stays until the next, within its limits', async () => {
  const leader = [1, 2, 3, 4, 5, 6, 7, 8].map((number) => ({ id: `app@${number}`, tags: [`v${number}`] }));
  const calls: string[] = [];
  const run = (after: number) => {
    const one = world(leader, [...leader, { id: 'app@9' }]);
    let at = 0;
    one.registry.before = (call, [name]) => {
      if (after === Number.POSITIVE_INFINITY) calls.push(`${call} ${name === source ? 'leader' : ''}`);
      if (at++ === after)
        for (const number of [1, 2, 3, 4, 5, 6]) {
          one.leader.versions.get('app')?.delete(digest(number));
          one.leader.tags.get('app')?.delete(`v${number}`);
        }
    };
    return mirror(one, requestWith({ maxDeletions: 3 })).then((outcome) => ({ one, outcome }));
  };
  await run(Number.POSITIVE_INFINITY);
  const listed = calls.lastIndexOf('versions leader', calls.indexOf('deleteVersions '));
  for (let after = listed + 1; after < calls.length; after++) {
    const { one } = await run(after);
    assert.equal(
      goneOf(one).filter((version) => version !== digest(9)),
      [],
      `after ${after}`,
    );
    const { state, refusals } = await mirror(one, requestWith({ maxDeletions: 3 }));
    assert.equal([state, refusals[0]?.code], ['refused', 'delete-limit']);
  }
});

test('a limit is not worn down by running again', async () => {
  const one = world(both, [...both, ...[2, 3, 4].map((number) => ({ id: `app@${number}` }))]);
  for (let run = 0; run < 5; run++)
    assert.is((await mirror(one, requestWith({ maxDeletions: 2 }))).state, 'refused');
  assert.equal(one.registry.writes, []);
});

test('a copy that skipped one version excuses no second one', async () => {
  const one = world([...both, { id: 'app@2' }, { id: 'app@3' }], [...both, { id: 'app@9' }]);
  const { refusals } = await mirror(one, requestWith({}, { skippedVersions: 1 }));
  assert.match(
    refusals[0]?.message ?? '',
    /^2 versions of the source are not at .* \(1 were reported as skipped\)/,
  );
  assert.equal(one.registry.writes, []);
});

test('what is attached to something that nobody has goes', async () => {
  const one = world(both, [...both, { id: 'app@9', subject: 8 }]);
  assert.is((await mirror(one)).state, 'succeeded');
  assert.equal(goneOf(one), [digest(9)]);
});

test('a second look that fails does not hide what was done', async () => {
  const one = world(both, [...both, { id: 'app@9', tags: ['x'] }]);
  one.registry.before = (call) => {
    if (call === 'versions' && one.registry.deleted.length > 0)
      throw new RegistryError('unavailable', 503, 'cannot list: 503');
  };
  const outcome = await mirror(one);
  assert.is(outcome.state, 'partlyFailed');
  assert.equal([outcome.removed, outcome.deleted, outcome.equal], [1, 1, undefined]);
  assert.equal(outcome.notDone, []);
  assert.is(outcome.unseen, 'cannot list: 503');
  const [ending] = mirrorEndings([{ destination, outcome }]);
  assert.is(ending?.error, 'what was changed was not seen again: cannot list: 503');
  assert.match(printMirror(outcome, { width: 100, all: false }), /1 version deleted.*cannot list: 503/s);
});

test('without tags in the copy, tags of the follower are its own, and so is what is under them', async () => {
  const one = world(both, [...both, { id: 'app@8', tags: ['theirs'] }, { id: 'app@9' }]);
  const { state, planned } = await mirror(
    one,
    requestWith({}, { behavior: { allAttachmentsIncluded: true, allTagsExcluded: true } }),
  );
  assert.is(state, 'succeeded');
  assert.equal(goneOf(one), [digest(9)]);
  assert.equal(
    planned.kept.map(({ version, because, by }) => [version, because, by]),
    [[digest(8), 'protected-tag', 'theirs']],
  );
});

test('a leader that follows this very follower is not mirrored: each would undo what is pushed to the other', async () => {
  const one = world(both, [...both, { id: 'app@9' }]);
  one.leader.labels[claimLabel] = claimOf(destination);
  const { state, refusals } = await mirror(one);
  assert.is(state, 'refused');
  assert.equal(
    refusals.map(({ code }) => code),
    ['circle'],
  );
  assert.equal(one.registry.writes, []);
  // A chain is none: it follows another.
  one.leader.labels[claimLabel] = claimOf({ ...source, repository: 'first' });
  assert.is((await mirror(one)).state, 'succeeded');
});

test('a follower is not claimed for a leader that follows it', async () => {
  const one = world(both, both, { labels: {} });
  one.leader.labels[claimLabel] = claimOf(destination);
  try {
    await claimDestination(one.registry, requestWith(), destination, { log: silent, show: () => {} });
    assert.unreachable('claimed');
  } catch (error) {
    assert.match(
      (error as Error).message,
      /leader is itself claimed as the follower of .*follower: .* gcloud artifacts repositories update leader --project=acme --location=us --remove-labels=replicator-leader$/,
    );
  }
  assert.equal(one.registry.writes, []);
});

test('a manifest whose type the listing does not tell is read before anything beside it goes', async () => {
  const index = { id: 'app@3', children: [1, 2], tags: ['multi'] };
  const untold = ({ leader, follower }: World) => {
    for (const side of [leader, follower])
      for (const version of side.versions.get('app')?.values() ?? [])
        delete (version as { mediaType?: string }).mediaType;
  };
  // An index of both sides whose child the leader has lost, and one of the follower that is protected.
  const mine = { id: 'app@5', children: [4], tags: ['stable'] };
  const one = world(
    [{ id: 'app@1' }, index],
    [{ id: 'app@1' }, { id: 'app@2' }, index, { id: 'app@4' }, mine, { id: 'app@9' }],
  );
  untold(one);
  one.registry.shows = { children: false, subject: false };
  const { state } = await mirror(
    one,
    requestWith({ protect: { tags: ['stable'], packages: [], newerThanDays: 0 } }),
  );
  assert.equal([state, goneOf(one)], ['succeeded', [digest(9)]]);
});

test('an index that is attached to something is read for both, its children and its subject', async () => {
  // Attached to what goes: it goes before that.
  const before = world(both, [
    ...both,
    { id: 'app@3', tags: ['x'] },
    { id: 'app@4' },
    { id: 'app@5', children: [4], subject: 3 },
  ]);
  before.registry.shows = { children: true, subject: false };
  assert.is((await mirror(before)).state, 'succeeded');
  assert.equal(goneOf(before), [digest(5), digest(3), digest(4)]);
  // Attached to what stays: its children stay with it.
  const kept = world(both, [...both, { id: 'app@4' }, { id: 'app@5', children: [4], subject: 1 }]);
  kept.registry.shows = { children: false, subject: true };
  assert.is((await mirror(kept)).state, 'succeeded');
  assert.equal(goneOf(kept), []);
});

test('where the leader cannot say whether it has a version, the version stays, and what it refers to', async () => {
  for (const kind of ['permission', 'unavailable', 'malformed', 'not-found'] as const) {
    const one = world(both, [...both, { id: 'app@2' }, { id: 'app@3', children: [2] }, { id: 'app@9' }]);
    one.registry.before = (call, [name, , version]) => {
      if (call === 'version' && name === source && version === digest(3))
        throw new RegistryError(kind, 503, 'no answer');
    };
    const { state, notDone } = await mirror(one);
    assert.equal([state, goneOf(one)], ['partlyFailed', [digest(9)]], kind);
    assert.equal(
      notDone.map(({ what, failed }) => [what, failed]),
      [
        [`delete app@${digest(3)}`, true],
        [`delete app@${digest(2)}`, false],
      ],
    );
    assert.is(notDone[0]?.why, 'whether the source has it cannot be told: no answer');
  }
});

test('where either side cannot say where a tag is, the tag stays, and all deletes of its package wait', async () => {
  for (const [side, isElsewhere] of [
    [source, false],
    [destination, false],
    [source, true],
    [destination, true],
  ] as const) {
    const leader = [{ id: 'app@1', tags: isElsewhere ? ['latest', 'x'] : ['latest'] }];
    const one = world(leader, [...both, { id: 'app@2', tags: ['x'] }, { id: 'app@3' }, { id: 'tool@4' }]);
    one.registry.before = (call, [name, , tag]) => {
      if (call === 'tag' && name === side && tag === 'x')
        throw new RegistryError('unavailable', 503, 'no answer');
    };
    const { state } = await mirror(one);
    assert.equal([state, goneOf(one)], ['partlyFailed', [digest(4)]]);
    assert.is(one.follower.tags.get('app')?.get('x'), digest(2));
  }
});

test('a tag that somebody moved at the follower meanwhile is neither moved nor removed', async () => {
  const one = world(
    [{ id: 'app@1', tags: ['latest'] }, { id: 'app@2' }, { id: 'app@3' }],
    [{ id: 'app@1' }, { id: 'app@2', tags: ['latest', 'x'] }, { id: 'app@3' }],
  );
  one.registry.before = (call) => {
    if (call === 'permissions') one.follower.tags.get('app')?.set('latest', digest(3)).set('x', digest(3));
  };
  const { notDone } = await mirror(one);
  assert.equal(
    notDone.map(({ what, why }) => [what, why]),
    [
      ['move tag app:latest', `at the destination it is ${digest(3)} by now`],
      ['remove tag app:x', `at the destination it is ${digest(3)} by now`],
    ],
  );
  assert.equal(one.registry.writes, []);
});

test('what is pushed to the leader after the copy began is neither missing nor tagged yet', async () => {
  const one = world(
    [...both, { id: 'app@7', tags: ['latest', 'new'], age: -1 }],
    [{ id: 'app@1', tags: ['latest'] }, { id: 'app@9' }],
  );
  one.leader.tags.get('app')?.set('latest', digest(7));
  const { state, planned } = await mirror(one);
  assert.equal([state, planned.copy, planned.tags], ['succeeded', [], []]);
  assert.equal(goneOf(one), [digest(9)]);
  assert.is(one.follower.tags.get('app')?.get('latest'), digest(1));
});

test('the version that a tag waits on stays while the one that it moves to is skipped', async () => {
  const one = world(
    [...both, { id: 'app@2', tags: ['stable', 'new'] }],
    [...both, { id: 'app@8' }, { id: 'app@9', tags: ['stable'] }],
  );
  const { notDone, planned } = await mirror(one, requestWith({}, { skippedVersions: 1 }));
  assert.equal([notDone, goneOf(one)], [[], [digest(8)]]);
  assert.equal(
    planned.kept.map(({ version, because, by }) => [version, because, by]),
    [[digest(9), 'tag-of-source', 'stable']],
  );
  assert.is(one.follower.tags.get('app')?.get('stable'), digest(9));
});

test('what was created or updated after the copy began stays, whenever the mirror begins', async () => {
  const one = world(both, [...both, { id: 'app@7', age: 1 }, { id: 'app@8' }, { id: 'app@9' }]);
  const facts = one.follower.versions.get('app')?.get(digest(8));
  if (facts) one.follower.versions.get('app')?.set(digest(8), { ...facts, updateTime: now - day });
  const { planned } = await mirror(one, requestWith({}, { copyStartTime: now - 2 * day }));
  assert.equal(goneOf(one), [digest(9)]);
  assert.equal(
    planned.kept.map(({ version, because }) => [version, because]),
    [digest(7), digest(8)].map((version) => [version, 'newer-than-copy']),
  );
});

test('in a protected package no tag is touched, on versions that both sides have too', async () => {
  const one = world(
    [{ id: 'base%2Fnode@1', tags: ['a'] }, { id: 'base%2Fnode@2' }, { id: 'base@3' }],
    [{ id: 'base%2Fnode@1' }, { id: 'base%2Fnode@2', tags: ['a', 'b'] }, { id: 'base@3', tags: ['c'] }],
  );
  await mirror(one, requestWith({ protect: { tags: [], packages: ['base/*'], newerThanDays: 0 } }));
  assert.equal(
    [...(one.follower.tags.get('base%2Fnode') ?? [])],
    [
      ['a', digest(2)],
      ['b', digest(2)],
    ],
  );
  // The glob is over the package's name, and stops at its slash.
  assert.equal([...(one.follower.tags.get('base') ?? [])], []);
});

test('a share of a number is no more than that, however it is rounded inside', async () => {
  // 0.07 × 100 is 7.000000000000001 in floating point.
  const follower = Array.from({ length: 100 }, (_, index) => ({ id: `app@${index + 1}` }));
  const at = (extras: number) => world(follower.slice(extras), follower);
  assert.is((await mirror(at(7), requestWith({ maxDeletionShare: 0.07 }))).deleted, 7);
  assert.is((await mirror(at(8), requestWith({ maxDeletionShare: 0.07 }))).state, 'refused');
});

test('what is protected as a package is not looked into, however much it is', async () => {
  const own = Array.from({ length: 11 }, (_, number) => ({
    id: `base%2Fown@${100 + number}`,
    tags: [`v${number}`],
  }));
  const policy = { maxDeletions: 1, protect: { tags: [], packages: ['base/**'], newerThanDays: 0 } };
  const one = world(both, [...both, ...own]);
  const manifests: string[] = [];
  one.registry.before = (call, args) => {
    if (call === 'manifest') manifests.push(String(args[2]));
  };
  const outcome = await mirror(one, requestWith(policy));
  assert.is(outcome.state, 'succeeded', JSON.stringify(outcome.refusals));
  assert.equal([outcome.planned.kept.length, manifests], [11, []]);

  const loose = await mirror(world(both, [...both, ...own]), requestWith({ maxDeletions: 1 }));
  assert.is(loose.state, 'refused');
  assert.match(loose.refusals[0]?.message ?? '', /^11 versions at .* alone would have to be looked into/);
});

test('the subject of an attachment that both sides have stays, although the leader has it no more', async () => {
  const signature = { id: 'app@5', subject: 4 };
  const one = world(
    [...both, signature],
    [...both, { id: 'app@4', children: [3] }, { id: 'app@3' }, signature, { id: 'app@9' }],
  );
  const { kept } = (await mirror(one)).planned;
  assert.equal(
    kept.map(({ version, because, by }) => [version, because, by]),
    [
      [digest(3), 'child-of-kept', digest(4)],
      [digest(4), 'subject-of-kept', digest(5)],
    ],
  );
  assert.equal(goneOf(one), [digest(9)]);
});

test.run();
