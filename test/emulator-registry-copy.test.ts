/** CopyRepository over HTTP: what it takes, what it copies, how it goes on, how it ends; both sides of what is unconfirmed. */
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { Behavior } from '../emulator/behavior.ts';
import { type DrivenClock, drivenClock } from '../emulator/clock.ts';
import type { Fault } from '../emulator/faults.ts';
import { bareImages, digestOf, seed, type VersionSeed } from '../emulator/registry/seed.ts';
import { type Emulator, startEmulator } from '../emulator/server.ts';
import { attachment, blob, image, index, push } from './images.ts';
import { type Answer, type Json, listAll, send } from './rest.ts';

const leader = 'projects/p/locations/europe-west1/repositories/leader';
const follower = 'projects/q/locations/us/repositories/follower';
const leaderPath = 'europe-west1/p/leader';
const day = 24 * 60 * 60 * 1000;

/** One version a second, from the second on. */
const steady: Partial<Behavior> = { copyStartSeconds: 1, copyVersionsPerSecond: 1, copyMinimumSeconds: 0 };

interface World extends Emulator {
  clock: DrivenClock;
  v1: string;
  copy(body?: object): Promise<Answer>;
  operation(name: string): Promise<Json>;
  /** Package@version and package:tag of the follower. */
  state(repository?: string): Promise<{ versions: string[]; tags: Record<string, string> }>;
}

async function using(
  body: (world: World) => Promise<void>,
  {
    behavior = {},
    faults = [],
    both = true,
  }: { behavior?: Partial<Behavior>; faults?: Fault[]; both?: boolean } = {},
): Promise<void> {
  const clock = drivenClock();
  const emulator = await startEmulator({ clock, behavior: { ...steady, ...behavior }, faults });
  const v1 = `${emulator.url}/v1`;
  if (both) for (const name of [leader, follower]) seed(emulator.registry, name);
  try {
    await body({
      ...emulator,
      clock,
      v1,
      copy: (request = {}) =>
        send(`${v1}/${follower}:copyRepository`, 'POST', { sourceRepository: leader, ...request }),
      operation: async (name) => (await send(`${v1}/${name}`)).body,
      state: async (repository = follower) => {
        const { items } = await listAll(`${v1}/${repository}/dockerImages`, 'dockerImages');
        const id = (name: string) => decodeURIComponent(name.split('/').at(-1) ?? '');
        return {
          versions: items.map(({ name }) => id(name)),
          tags: Object.fromEntries(
            items.flatMap(({ name, tags = [] }) =>
              tags.map((tag: string) => [`${id(name).split('@')[0]}:${tag}`, id(name).split('@')[1]]),
            ),
          ),
        };
      },
    });
  } finally {
    await emulator.close();
  }
}

const seedLeader = ({ registry }: World, versions: Iterable<VersionSeed>, packageId = 'app') =>
  seed(registry, leader, { packages: { [packageId]: versions } });

test('counts move while it runs and the content arrives with them', () =>
  using(async (world) => {
    seedLeader(world, bareImages(3, 'a'), 'a');
    seedLeader(world, bareImages(2, 'b'), 'b');
    const { body: started } = await world.copy();
    assert.match(started.name, /^projects\/q\/locations\/us\/operations\//);
    assert.equal(started.metadata, {
      '@type': 'type.googleapis.com/google.devtools.artifactregistry.v1.CopyRepositoryMetadata',
      copyStartTime: '2026-01-01T00:00:00.000Z',
      sourceRepository: leader,
      destinationRepository: follower,
      totalPackagesCount: '2',
      totalVersionsCount: '5',
    });
    const counts = [];
    for (let second = 0; second <= 6; second++) {
      const { metadata, done } = await world.operation(started.name);
      const { versions } = await world.state();
      assert.is(versions.length, Number(metadata.versionsCopiedCount ?? 0));
      counts.push([metadata.packagesCopiedCount, metadata.versionsCopiedCount, done]);
      await world.clock.advance(1000);
    }
    assert.equal(counts, [
      [undefined, undefined, undefined],
      [undefined, undefined, undefined],
      [undefined, '1', undefined],
      [undefined, '2', undefined],
      ['1', '3', undefined],
      ['1', '4', undefined],
      ['2', '5', true],
    ]);
    const ended = await world.operation(started.name);
    assert.equal(ended.response, {
      '@type': 'type.googleapis.com/google.devtools.artifactregistry.v1.CopyRepositoryResponse',
      copyStartTime: '2026-01-01T00:00:00.000Z',
      sourceRepository: leader,
      destinationRepository: follower,
      packagesCopiedCount: '2',
      versionsCopiedCount: '5',
      copyCompleteTime: '2026-01-01T00:00:06.000Z',
    });
    assert.equal(await world.state(), await world.state(leader));
  }));

test('it does not matter when, or whether, anybody looks', async () => {
  const outcome = async (looks: number[]) => {
    let seen: unknown;
    await using(async (world) => {
      seedLeader(world, bareImages(5));
      const { body } = await world.copy();
      for (const wait of looks) {
        await world.clock.advance(wait);
        await world.operation(body.name);
      }
      const { items } = await listAll(`${world.v1}/${follower}/dockerImages`, 'dockerImages');
      const { name: _, ...operation } = await world.operation(body.name);
      seen = { items, operation };
    });
    return seen;
  };
  assert.equal(await outcome([60_000]), await outcome([1500, 500, 700, 57_300]));
});

test('what is pushed after the start is not copied; what is deleted after it is', () =>
  using(async (world) => {
    const one = image('one');
    await push(world.url, `${leaderPath}/app`, one, 'v1');
    const { body } = await world.copy();
    await push(world.url, `${leaderPath}/app`, image('two'), 'v2');
    await send(`${world.v1}/${leader}/packages/app/tags/v1`, 'DELETE');
    await send(`${world.v1}/${leader}/packages/app/versions/${one.digest}`, 'DELETE');
    await world.clock.advance(60_000);
    assert.equal((await world.operation(body.name)).response.versionsCopiedCount, '1');
    assert.equal((await world.state()).tags, { 'app:v1': one.digest });
    const pulled = await fetch(`${world.url}/v2/us/q/follower/app/manifests/v1`);
    assert.equal(Buffer.from(await pulled.arrayBuffer()), Buffer.from(one.bytes));
  }));

test('a second copy of the same changes nothing and copies the rest', () =>
  using(async (world) => {
    seedLeader(world, bareImages(2));
    for (let round = 0; round < 2; round++) {
      const { body } = await world.copy();
      await world.clock.advance(60_000);
      assert.is((await world.operation(body.name)).response.versionsCopiedCount, String(2 + round));
      const { items } = await listAll(`${world.v1}/${follower}/dockerImages`, 'dockerImages');
      assert.is(items.filter((each) => each.uploadTime < '2026-01-01T00:01').length, 2);
      seedLeader(world, bareImages(1, 'later'));
    }
  }));

test('nothing to copy takes the least time and counts nothing', () =>
  using(
    async (world) => {
      const { body } = await world.copy();
      await world.clock.advance(4999);
      assert.is((await world.operation(body.name)).done, undefined);
      await world.clock.advance(1);
      const { response } = await world.operation(body.name);
      assert.is(response.versionsCopiedCount, undefined);
      assert.is(response.packagesCopiedCount, undefined);
    },
    { behavior: { copyMinimumSeconds: 5 } },
  ));

test('requests that make no sense are refused', () =>
  using(async (world) => {
    const { registry } = world;
    seed(registry, 'projects/p/locations/us/repositories/npm', { format: 'NPM' });
    seed(registry, 'projects/p/locations/us/repositories/remote', { mode: 'REMOTE_REPOSITORY' });
    const cases: [object, number, RegExp][] = [
      [{ sourceRepository: undefined }, 400, /Missing required field: source_repository/],
      [{ sourceRepository: 'leader' }, 400, /Invalid source_repository "leader"/],
      [{ sourceRepository: `${leader}/` }, 400, /Invalid source_repository/],
      [{ sourceRepository: 'projects/p/locations/us/repositories/none' }, 404, /was not found: .*none/],
      [{ sourceRepository: follower }, 400, /are the same/],
      [
        { sourceRepository: 'projects/p/locations/us/repositories/npm' },
        400,
        /formats differ: .*NPM.*DOCKER/,
      ],
      [{ sourceRepository: 'projects/p/locations/us/repositories/remote' }, 400, /REMOTE_REPOSITORY/],
      [{ destinationRepository: leader }, 400, /destination_repository differs/],
      [{ x: 1 }, 400, /Unknown name "x": Cannot find field\./],
      [{ behavior: { y: true } }, 400, /Unknown name "y" at 'behavior': Cannot find field\./],
      [
        { behavior: { maxVersionAgeDays: '1.5' } },
        400,
        /'behavior.max_version_age_days' \(TYPE_INT32\), "1.5"/,
      ],
      [{ behavior: { maxVersionAgeDays: -1 } }, 400, /must not be negative/],
      [{ behavior: { allTagsExcluded: 'yes' } }, 400, /'behavior.all_tags_excluded' \(TYPE_BOOL\), "yes"/],
    ];
    for (const [request, status, expected] of cases) {
      const answer = await world.copy(request);
      assert.is(answer.status, status, JSON.stringify(request));
      assert.match(answer.body.error.message, expected);
    }
    assert.is(
      (await send(`${world.v1}/${follower}x:copyRepository`, 'POST', { sourceRepository: leader })).status,
      404,
    );
    assert.is((await world.copy({ destinationRepository: follower })).status, 200);
    const snake = { behavior: { max_version_age_days: '3', all_tags_excluded: true } };
    assert.is((await world.copy(snake)).status, 200);
  }));

test('tags can be left out', () =>
  using(async (world) => {
    seedLeader(world, bareImages(2));
    await world.copy({ behavior: { allTagsExcluded: true } });
    await world.clock.advance(60_000);
    const { versions, tags } = await world.state();
    assert.is(versions.length, 2);
    assert.equal(tags, {});
  }));

test('attachments are copied only when asked for, after what they are attached to', async () => {
  for (const allAttachmentsIncluded of [undefined, true])
    await using(async (world) => {
      const both = index([image('one'), image('two')]);
      await push(world.url, `${leaderPath}/app`, both, 'v1');
      await push(world.url, `${leaderPath}/app`, attachment(both, 'sbom'), 'sbom');
      const { body } = await world.copy({ behavior: { allAttachmentsIncluded } });
      const orders: string[][] = [];
      for (let second = 0; second < 6; second++) {
        await world.clock.advance(1000);
        orders.push((await world.state()).versions);
      }
      const { metadata } = await world.operation(body.name);
      assert.is(metadata.totalVersionsCount, allAttachmentsIncluded ? '4' : '3');
      assert.is('app:sbom' in (await world.state()).tags, allAttachmentsIncluded === true);
      const first = orders.findIndex((versions) => versions.includes(`app@${both.digest}`));
      assert.ok(orders[first]?.includes(`app@${both.children[0]?.digest}`));
      assert.ok(orders[first]?.includes(`app@${both.children[1]?.digest}`));
    });
});

test('old versions are left out by their update time, at the operation’s start', async () => {
  for (const copyOldChildren of [false, true])
    await using(
      async (world) => {
        const now = world.clock.now();
        const child = digestOf('old child');
        seedLeader(world, [
          { id: digestOf('old'), createTime: now - 8 * day, tags: ['old'], image: {} },
          {
            id: digestOf('touched'),
            createTime: now - 8 * day,
            updateTime: now - day,
            tags: ['touched'],
            image: {},
          },
          { id: digestOf('edge'), createTime: now - 7 * day, tags: ['edge'], image: {} },
          { id: child, createTime: now - 9 * day, image: {} },
          {
            id: digestOf('index'),
            createTime: now,
            tags: ['index'],
            image: { children: [{ digest: child }] },
          },
        ]);
        const { body } = await world.copy({ behavior: { maxVersionAgeDays: 7 } });
        await world.clock.advance(60_000);
        const { versions, tags } = await world.state();
        assert.equal(Object.keys(tags).sort(), ['app:edge', 'app:index', 'app:touched']);
        assert.is(versions.includes(`app@${child}`), copyOldChildren);
        assert.is(
          (await world.operation(body.name)).response.versionsCopiedCount,
          copyOldChildren ? '4' : '3',
        );
      },
      { behavior: { copyOldChildren } },
    );
});

test('an existing tag is kept, or moved; an immutable one always kept', async () => {
  for (const existingTag of ['kept', 'moved'] as const)
    for (const immutableTags of [false, true])
      for (const retagTouchesUpdateTime of [false, true])
        await using(
          async (world) => {
            seed(world.registry, leader);
            seed(world.registry, follower, { resource: { dockerConfig: { immutableTags } } });
            const [old, fresh] = [digestOf('old'), digestOf('new')];
            seedLeader(world, [{ id: fresh, tags: ['v1', 'v2'], image: {} }]);
            seed(world.registry, follower, {
              packages: {
                app: [
                  { id: old, tags: ['v1'], image: {} },
                  { id: fresh, image: {} },
                ],
              },
            });
            await world.copy();
            await world.clock.advance(60_000);
            const { tags } = await world.state();
            const moved = existingTag === 'moved' && !immutableTags;
            assert.equal(tags, { 'app:v1': moved ? fresh : old, 'app:v2': fresh });
            const { body } = await send(`${world.v1}/${follower}/packages/app/versions/${fresh}`);
            assert.is(body.updateTime === body.createTime, !retagTouchesUpdateTime);
          },
          { behavior: { existingTag, retagTouchesUpdateTime }, both: false },
        );
});

test('a version whose file is missing fails the copy where it is, or is skipped and told of', async () => {
  for (const continueOnSkippedVersion of [false, true])
    await using(async (world) => {
      const digests: string[] = [];
      for (const text of ['one', 'two', 'three'])
        digests.push(await push(world.url, `${leaderPath}/app`, image(text), text));
      digests.sort();
      const broken = ['one', 'two', 'three']
        .map((text) => image(text))
        .find((each) => each.digest === digests[1]);
      const layer = broken?.blobs[1]?.digest ?? '';
      world.registry.blobs.lose(layer.slice(7));
      const { body } = await world.copy({ behavior: { continueOnSkippedVersion } });
      await world.clock.advance(60_000);
      const { done, error, metadata, response } = await world.operation(body.name);
      assert.is(done, true);
      if (!continueOnSkippedVersion) {
        assert.is(error.code, 5);
        assert.match(error.message, new RegExp(`File ${layer} of version .* was not found`));
        assert.is(response, undefined);
        assert.is(metadata.copyFailureTime, '2026-01-01T00:00:03.000Z');
        assert.is(metadata.versionsCopiedCount, '1');
      } else {
        assert.is(error, undefined);
        assert.is(response.versionsCopiedCount, '2');
        assert.is(response.skippedVersionErrorCount, '1');
        assert.is(
          response.skippedVersionErrorSamples[0].version,
          `${leader}/packages/app/versions/${digests[1]}`,
        );
        assert.is(response.skippedVersionErrorSamples[0].error.code, 5);
      }
      assert.equal(
        (await world.state()).versions.map((each) => each.slice(4)),
        digests.filter((_, position) => position !== 1 && (position === 0 || continueOnSkippedVersion)),
      );
    });
});

test('at most 100 samples of what was skipped', () =>
  using(
    async (world) => {
      seedLeader(world, bareImages(150));
      const { body } = await world.copy({ behavior: { continueOnSkippedVersion: true } });
      await world.clock.advance(600_000);
      const { response } = await world.operation(body.name);
      assert.is(response.skippedVersionErrorCount, '150');
      assert.is(response.versionsCopiedCount, undefined);
      assert.is(response.skippedVersionErrorSamples.length, 100);
    },
    { faults: [{ copy: '*/follower', skip: 'app@*' }] },
  ));

test('faults: versions skipped by tag, a copy that fails in the middle, and the one after it', () =>
  using(
    async (world) => {
      seedLeader(world, bareImages(4));
      const first = await world.copy();
      await world.clock.advance(60_000);
      const failed = await world.operation(first.body.name);
      assert.equal(failed.error, { code: 8, message: 'quota' });
      assert.is(failed.metadata.versionsCopiedCount, '2');
      assert.is(failed.metadata.copyFailureTime, '2026-01-01T00:00:03.000Z');
      const second = await world.copy({ behavior: { continueOnSkippedVersion: true } });
      await world.clock.advance(60_000);
      const { response } = await world.operation(second.body.name);
      assert.equal([response.versionsCopiedCount, response.skippedVersionErrorCount], ['3', '1']);
      const third = await world.copy();
      await world.clock.advance(60_000);
      assert.is((await world.operation(third.body.name)).response.versionsCopiedCount, '4');
    },
    {
      faults: [
        { copy: '*', times: 1, fail: { status: 'RESOURCE_EXHAUSTED', message: 'quota', afterVersions: 2 } },
        { copy: '*', after: 1, times: 1, skip: 'app:v3' },
      ],
    },
  ));

test('a destination that is deleted ends the copy; one made anew in its place gets nothing', () =>
  using(async (world) => {
    seedLeader(world, bareImages(4));
    const { body } = await world.copy();
    await world.clock.advance(2500);
    await send(`${world.v1}/${follower}`, 'DELETE');
    seed(world.registry, follower);
    await world.clock.advance(60_000);
    const { error } = await world.operation(body.name);
    assert.is(error.code, 5);
    assert.equal((await world.state()).versions, []);
  }));

test('content that is deleted while it arrives, on either side, harms nothing', () =>
  using(async (world) => {
    seedLeader(world, bareImages(4));
    const { body } = await world.copy();
    await world.clock.advance(2500);
    await send(`${world.v1}/${follower}/packages/app`, 'DELETE');
    await send(`${world.v1}/${leader}`, 'DELETE');
    await world.clock.advance(60_000);
    assert.is((await world.operation(body.name)).response.versionsCopiedCount, '4');
    assert.is((await world.state()).versions.length, 3);
  }));

test('copies that overlap go by the clock: a chain hands on what had arrived', () =>
  using(async (world) => {
    const third = 'projects/q/locations/us/repositories/third';
    seed(world.registry, third);
    seedLeader(world, bareImages(4));
    await world.copy();
    await world.clock.advance(3500);
    await send(`${world.v1}/${third}:copyRepository`, 'POST', { sourceRepository: follower });
    await world.clock.advance(60_000);
    assert.is((await world.state()).versions.length, 4);
    assert.is((await world.state(third)).versions.length, 2);
  }));

test('other formats are copied with their files', () =>
  using(async (world) => {
    const [from, to] = [`${leader}-maven`, `${follower}-maven`];
    const files = { 'lib.jar': 'jar', 'lib.pom': 'pom' };
    seed(world.registry, from, { format: 'MAVEN', packages: { 'com.example:lib': [{ id: '1.0', files }] } });
    seed(world.registry, to, { format: 'MAVEN' });
    await send(`${world.v1}/${to}:copyRepository`, 'POST', { sourceRepository: from });
    await world.clock.advance(60_000);
    const hashes = async (name: string) =>
      (await listAll(`${world.v1}/${name}/files`, 'files')).items.map(({ hashes: [{ value }], owner }) => [
        value,
        owner.slice(name.length),
      ]);
    assert.equal(await hashes(to), await hashes(from));
    assert.is((await hashes(to))[0]?.[0], Buffer.from(blob('jar').digest.slice(7), 'hex').toString('base64'));
  }));

test.run();
