/**
 * Random leaders and followers, random protection: after copy and mirror the follower equals the leader but for
 * what is kept, nothing that is protected or reachable was ever deleted, and a second run changes nothing.
 */
import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type RepositoryName, resourceName } from '../generator/plan.ts';
import { claimLabel, claimOf } from '../job/difference/guards.ts';
import { silent } from '../job/log/log.ts';
import { mirrorDestination } from '../job/mirror/mirror.ts';
import { RegistryError } from '../job/registry/registry.ts';
import type { JobRequest } from '../job/request.ts';
import { copyAll, ModelRegistry, type ModelRepository, modelRepository } from './model-registry.ts';

const test = suite('mirror property');

const source: RepositoryName = { project: 'acme', location: 'us', repository: 'leader' };
const destination: RepositoryName = { project: 'acme', location: 'eu', repository: 'follower' };
const now = Date.UTC(2026, 0, 10);
const day = 24 * 60 * 60 * 1000;

const index = 'application/vnd.oci.image.index.v1+json';
const manifest = 'application/vnd.oci.image.manifest.v1+json';

/** A manifest of a world: what it refers to are manifests before it in its package. */
interface Node {
  kind: 'image' | 'index' | 'referrer';
  refers: number[];
  where: 'source' | 'destination' | 'both';
  /** Days before now. */
  age: number;
}

interface World {
  packages: {
    id: string;
    nodes: Node[];
    sourceTags: [string, number][];
    destinationTags: [string, number][];
  }[];
  protect: { tags: string[]; packages: string[]; newerThanDays: number };
}

const node: fc.Arbitrary<Node> = fc.record({
  kind: fc.constantFrom('image' as const, 'image' as const, 'index' as const, 'referrer' as const),
  refers: fc.array(fc.nat(200), { maxLength: 4 }),
  where: fc.constantFrom('source' as const, 'destination' as const, 'destination' as const, 'both' as const),
  age: fc.integer({ min: 1, max: 20 }),
});
const tag = fc.constantFrom('latest', 'stable', 'v1', 'v2', 'v3', 'release-1', 'release-2');
const tags = fc.array(fc.tuple(tag, fc.nat(200)), { maxLength: 6 });
const world: fc.Arbitrary<World> = fc.record({
  packages: fc.uniqueArray(
    fc.record({
      id: fc.constantFrom('app', 'team%2Fapp', 'team%2Fdeep%2Ftool'),
      nodes: fc.array(node, { maxLength: 40 }),
      sourceTags: tags,
      destinationTags: tags,
    }),
    { selector: ({ id }) => id, minLength: 1, maxLength: 3 },
  ),
  protect: fc.record({
    tags: fc.subarray(['stable', 'release-*']),
    packages: fc.subarray(['team/*', 'app'], { maxLength: 1 }),
    newerThanDays: fc.constantFrom(0, 0, 5),
  }),
});

/** Both repositories of a world. What a manifest refers to is where it is itself: nothing else can be pushed. */
function build({ packages }: World): { leader: ModelRepository; follower: ModelRepository } {
  const leader = modelRepository();
  const follower = modelRepository({ labels: { [claimLabel]: claimOf(source), team: 'ours' } });
  for (const [number, { id, nodes, sourceTags, destinationTags }] of packages.entries()) {
    const digest = (at: number) => `sha256:${(number * 1000 + at + 1).toString(16).padStart(64, '0')}`;
    const refers = nodes.map(({ kind, refers }, at) => {
      const targets = at === 0 || kind === 'image' ? [] : [...new Set(refers.map((target) => target % at))];
      return kind === 'referrer' ? targets.slice(0, 1) : targets;
    });
    const at = (side: 'source' | 'destination') => {
      const there = new Set<number>();
      const add = (one: number): void => {
        if (there.has(one)) return;
        there.add(one);
        for (const target of refers[one] ?? []) add(target);
      };
      for (const [one, { where }] of nodes.entries()) if (where === side || where === 'both') add(one);
      return there;
    };
    for (const [side, repository, wanted] of [
      ['source', leader, sourceTags],
      ['destination', follower, destinationTags],
    ] as const) {
      const there = at(side);
      const versions = new Map();
      for (const one of there) {
        const { kind, age } = nodes[one] as Node;
        const targets = (refers[one] ?? []).map(digest);
        versions.set(digest(one), {
          createTime: now - age * day,
          updateTime: now - age * day,
          bytes: 100,
          mediaType: kind === 'index' ? index : manifest,
          ...(kind === 'index' && { children: targets }),
          ...(kind === 'referrer' && targets[0] !== undefined && { subject: targets[0] }),
        });
      }
      const held = [...there];
      repository.versions.set(id, versions);
      repository.tags.set(
        id,
        new Map(
          held.length === 0
            ? []
            : wanted.map(([name, one]) => [name, digest(held[one % held.length] as number)]),
        ),
      );
    }
  }
  return { leader, follower };
}

function requestFor({ protect }: Pick<World, 'protect'>): JobRequest {
  return {
    source,
    destinations: [destination],
    behavior: { allAttachmentsIncluded: true },
    allowSkippedVersions: false,
    poll: { initialDelay: 1, multiplier: 1, maxDelay: 1, deadline: 60 },
    wait: true,
    mirror: { maxDeletions: 10_000, maxDeletionShare: 1, allowEmptySource: true, protect },
    copyStartTime: now,
    dryRun: false,
    skippedVersions: 0,
    limits: { requests: 6000, writes: 1800, deletes: 1800 },
    task: { index: 0, count: 1 },
  };
}

function registryOf(leader: ModelRepository, follower: ModelRepository): ModelRegistry {
  const registry = new ModelRegistry();
  registry.repositories.set(resourceName(source), leader);
  registry.repositories.set(resourceName(destination), follower);
  return registry;
}

const matches = (globs: readonly string[], text: string) =>
  globs.some((glob) =>
    glob.endsWith('*')
      ? text.startsWith(glob.slice(0, -1)) && !text.slice(glob.length - 1).includes('/')
      : glob === text,
  );

/** What must stay, worked out the slow way: everything kept, and again and again all that hangs on it. */
function mustStay(leader: ModelRepository, follower: ModelRepository, { protect }: World): Set<string> {
  const stay = new Set<string>();
  for (const [packageId, versions] of follower.versions) {
    const name = decodeURIComponent(packageId);
    for (const [version, facts] of versions) {
      const own = [...(follower.tags.get(packageId) ?? [])]
        .filter(([, id]) => id === version)
        .map(([tag]) => tag);
      const young = protect.newerThanDays > 0 && facts.createTime > now - protect.newerThanDays * day;
      if (
        leader.versions.get(packageId)?.has(version) ||
        matches(protect.packages, name) ||
        own.some((tag) => matches(protect.tags, tag)) ||
        young
      )
        stay.add(`${packageId}@${version}`);
    }
    for (let grown = -1; grown !== stay.size; ) {
      grown = stay.size;
      for (const [version, { children = [], subject }] of versions) {
        if (stay.has(`${packageId}@${version}`))
          for (const child of children) stay.add(`${packageId}@${child}`);
        if (subject !== undefined && stay.has(`${packageId}@${subject}`)) stay.add(`${packageId}@${version}`);
      }
    }
  }
  return stay;
}

function snapshot({ versions, tags }: ModelRepository): string {
  return JSON.stringify([
    [...versions].map(([id, held]) => [id, [...held.keys()].sort()]).sort(),
    [...tags].map(([id, held]) => [id, [...held].sort()]).sort(),
  ]);
}

test('after copy and mirror the follower equals the leader but for what is kept', async () => {
  let deletes = 0;
  await fc.assert(
    fc.asyncProperty(world, fc.boolean(), fc.boolean(), async (one, children, subject) => {
      const { leader, follower } = build(one);
      const registry = registryOf(leader, follower);
      registry.shows = { children, subject };
      copyAll(leader, follower);
      const stay = mustStay(leader, follower, one);
      const before = snapshot(leader);
      const outcome = await mirrorDestination(registry, requestFor(one), destination, {
        log: silent,
        now: () => now,
      });
      assert.is(outcome.state, 'succeeded', JSON.stringify(outcome.notDone));
      assert.is(outcome.equal, true);
      assert.is(snapshot(leader), before, 'the leader is untouched');

      for (const { package: packageId, version } of registry.deleted)
        assert.not.ok(
          stay.has(`${packageId}@${version}`),
          `deleted ${packageId}@${version}, which must stay`,
        );

      for (const [packageId, versions] of follower.versions) {
        const name = decodeURIComponent(packageId);
        for (const version of leader.versions.get(packageId)?.keys() ?? []) assert.ok(versions.has(version));
        // What stays beyond the leader, stays for a reason; a subject stays with what is attached to it.
        const reasons = new Set(outcome.planned.kept.map((kept) => `${kept.package}@${kept.version}`));
        for (const version of versions.keys())
          if (!leader.versions.get(packageId)?.has(version))
            assert.ok(reasons.has(`${packageId}@${version}`));
        const there = follower.tags.get(packageId) ?? new Map<string, string>();
        const wanted = leader.tags.get(packageId) ?? new Map<string, string>();
        const free = (tag: string) => !matches(one.protect.tags, tag) && !matches(one.protect.packages, name);
        for (const [tag, version] of wanted) {
          if (!free(tag)) continue;
          const on = there.get(tag);
          const young = outcome.planned.kept.some(
            (kept) => kept.version === on && kept.because === 'protected-age',
          );
          if (!young) assert.is(on, version, `${name}:${tag}`);
        }
        for (const [tag, version] of there) {
          if (!free(tag) || wanted.has(tag)) continue;
          assert.ok(
            outcome.planned.kept.some((kept) => kept.version === version && kept.because === 'protected-age'),
            `${name}:${tag} is too many`,
          );
        }
      }

      deletes += registry.deleted.length;
      registry.writes.length = 0;
      const again = await mirrorDestination(registry, requestFor(one), destination, {
        log: silent,
        now: () => now,
      });
      assert.equal(registry.writes, [], 'a second run writes nothing');
      assert.is(again.state, 'succeeded');
    }),
    { numRuns: 1000 },
  );
  assert.ok(deletes > 1000, `only ${deletes} deletes in all worlds`);
});

/** What the follower of a world holds after a copy and a mirror that nothing disturbed. */
async function undisturbed(one: World): Promise<string> {
  const { leader, follower } = build(one);
  copyAll(leader, follower);
  await mirrorDestination(registryOf(leader, follower), requestFor(one), destination, {
    log: silent,
    now: () => now,
  });
  return snapshot(follower);
}

/** A process that is killed: nothing after this request happens. */
class Killed extends Error {}

test('killed at any request and run again, it ends at the same place', async () => {
  await fc.assert(
    fc.asyncProperty(world, fc.nat(60), async (one, after) => {
      const expected = await undisturbed(one);
      const { leader, follower } = build(one);
      copyAll(leader, follower);
      const registry = registryOf(leader, follower);
      const stay = mustStay(leader, follower, one);
      let left = after;
      registry.before = () => {
        if (left-- <= 0) throw new Killed();
      };
      await mirrorDestination(registry, requestFor(one), destination, { log: silent, now: () => now }).catch(
        (error) => {
          if (!(error instanceof Killed)) throw error;
        },
      );
      registry.before = () => {};
      await mirrorDestination(registry, requestFor(one), destination, { log: silent, now: () => now });
      for (const { package: packageId, version } of registry.deleted)
        assert.not.ok(stay.has(`${packageId}@${version}`));
      assert.is(snapshot(follower), expected);
    }),
    { numRuns: 300 },
  );
});

test('a request that fails anywhere loses nothing, and the next run ends at the same place', async () => {
  await fc.assert(
    fc.asyncProperty(world, fc.nat(60), fc.integer({ min: 1, max: 3 }), async (one, after, times) => {
      const expected = await undisturbed(one);
      const { leader, follower } = build(one);
      copyAll(leader, follower);
      const registry = registryOf(leader, follower);
      const stay = mustStay(leader, follower, one);
      let at = 0;
      registry.before = () => {
        at++;
        if (at > after && at <= after + times) throw new RegistryError('unavailable', 503, 'not now');
      };
      try {
        const { state, notDone } = await mirrorDestination(registry, requestFor(one), destination, {
          log: silent,
          now: () => now,
        });
        if (notDone.some(({ failed }) => failed)) assert.is(state, 'partlyFailed');
      } catch (error) {
        assert.instance(error, RegistryError);
      }
      registry.before = () => {};
      await mirrorDestination(registry, requestFor(one), destination, { log: silent, now: () => now });
      for (const { package: packageId, version } of registry.deleted)
        assert.not.ok(stay.has(`${packageId}@${version}`));
      assert.is(snapshot(follower), expected);
    }),
    { numRuns: 300 },
  );
});

test('a version is deleted only after the source said, by name, that it does not have it', async () => {
  let deletes = 0;
  await fc.assert(
    fc.asyncProperty(world, fc.nat(300), async (one, after) => {
      const { leader, follower } = build(one);
      copyAll(leader, follower);
      const registry = registryOf(leader, follower);
      const absent = new Set<string>();
      let at = 0;
      registry.before = (call, args) => {
        // At some request the source gets everything that the follower has: from then on nothing may go.
        if (at++ === after)
          for (const [packageId, versions] of follower.versions)
            for (const [version, facts] of versions) {
              const there = leader.versions.get(packageId) ?? new Map();
              leader.versions.set(packageId, there.set(version, facts));
            }
        const [name, packageId, ids] = args as [RepositoryName, string, string | string[]];
        if (call === 'version' && name === source && !leader.versions.get(packageId)?.has(ids as string))
          absent.add(`${packageId}@${ids}`);
        if (call === 'deleteVersions')
          for (const version of ids as string[]) {
            deletes++;
            assert.ok(absent.has(`${packageId}@${version}`), `${packageId}@${version} was not asked for`);
          }
      };
      await mirrorDestination(registry, requestFor(one), destination, { log: silent, now: () => now });
    }),
    { numRuns: 300 },
  );
  assert.ok(deletes > 100, `${deletes} deletes seen`);
});

test.run();
