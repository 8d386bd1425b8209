/** The job's copy against the emulator: what comes of each destination, whatever happens on the way. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Answered } from '../emulator/answer.ts';
import { drivenClock } from '../emulator/clock.ts';
import type { Fault } from '../emulator/faults.ts';
import { bareImages, seed } from '../emulator/registry/seed.ts';
import { type Emulator, type EmulatorOptions, startEmulator } from '../emulator/server.ts';
import { type RepositoryName, resourceName } from '../generator/plan.ts';
import { type CopyRequest, copyAll } from '../job/copy/copy.ts';
import type { CopyOutcome } from '../job/copy/outcome.ts';
import type { Clock } from '../job/registry/clock.ts';
import { openRegistry } from '../job/registry/open.ts';
import { all, noLimits } from '../job/registry/testing.ts';

const test = suite('job copy');

const at = (location: string, project = 'acme', repository = 'prod'): RepositoryName => ({
  project,
  location,
  repository,
});
const leader = at('europe-west1');
const [follower, second, third] = [at('us-central1'), at('asia-east1'), at('europe-north1', 'acme-dr')];

interface World {
  readonly emulator: Emulator;
  readonly requests: Answered[];
  readonly log: string[];
  /** Destinations and counts, as progress told them. */
  readonly progress: string[];
  readonly copy: (request?: Partial<CopyRequest>) => Promise<CopyOutcome[]>;
  /** Versions and their tags. */
  readonly held: (name: RepositoryName) => Promise<string[]>;
}

/** A test with an emulator of its own, whose idle time is skipped, and the usual repositories. */
function copying(name: string, options: EmulatorOptions, body: (world: World) => Promise<void>): void {
  test(name, async () => {
    const requests: Answered[] = [];
    const emulator = await startEmulator({
      clock: drivenClock({ auto: true }),
      onRequest: (answered) => requests.push(answered),
      ...options,
    });
    const clock: Clock = {
      now: () => emulator.clock.now(),
      async sleep(milliseconds) {
        const fiber = emulator.clock.fiber();
        await fiber.sleep(milliseconds).finally(() => fiber.end());
      },
    };
    const registry = openRegistry({
      env: { REPLICATOR_EMULATOR_HOST: emulator.host },
      limits: noLimits,
      clock,
    });
    const log: string[] = [];
    const progress: string[] = [];
    try {
      const packages = { app: bareImages(20), 'team/tool': bareImages(10, 'tool') };
      seed(emulator.registry, resourceName(leader), { packages });
      for (const each of [follower, second, third]) seed(emulator.registry, resourceName(each));
      await body({
        emulator,
        requests,
        log,
        progress,
        copy: (request = {}) =>
          copyAll(
            registry,
            {
              source: leader,
              destinations: [follower, second, third],
              behavior: {},
              allowSkippedVersions: false,
              poll: { initialDelay: 1, multiplier: 1.5, maxDelay: 5, deadline: 3600 },
              wait: true,
              dryRun: false,
              task: { index: 0, count: 1 },
              ...request,
            },
            {
              clock,
              log: (severity, message) => log.push(`${severity} ${message}`),
              onProgress: ({ location }, { copied, skipped, total }) =>
                progress.push(`${location} ${copied}+${skipped}/${total}`),
            },
          ),
        held: async (one) =>
          (await all(registry.versions(one, 'DOCKER')))
            .map((each) => `${each.package} ${each.version} ${each.tags}`)
            .sort(),
      });
    } finally {
      await emulator.close();
    }
  });
}

const posts = ({ requests }: World) =>
  requests.filter(({ method, path }) => method === 'POST' && path.endsWith(':copyRepository')).length;
const states = (outcomes: readonly CopyOutcome[]) => outcomes.map(({ state }) => state);

copying('every follower ends up equal to the leader', {}, async (world) => {
  const outcomes = await world.copy();
  assert.equal(states(outcomes), ['succeeded', 'succeeded', 'succeeded']);
  assert.equal(
    outcomes.map(({ destination }) => destination),
    [follower, second, third],
  );
  const [first] = outcomes;
  assert.equal([first?.copied, first?.skipped, first?.error], [30, 0, undefined]);
  assert.match(first?.operation ?? '', /^projects\/acme\/locations\/us-central1\/operations\//);
  assert.match(first?.copyStartTime ?? '', /^2026-01-01T00:00:0/);
  assert.ok((first?.seconds ?? 0) >= 2);
  const expected = await world.held(leader);
  assert.is(expected.length, 30);
  for (const name of [follower, second, third]) assert.equal(await world.held(name), expected);
  // Each once, and the leader read once for all.
  assert.is(posts(world), 3);
  assert.is(world.requests.filter(({ path }) => path === `/v1/${resourceName(leader)}`).length, 1);
});

copying('progress is told', { behavior: { copyVersionsPerSecond: 5 } }, async ({ copy, progress, log }) => {
  await copy({ destinations: [follower] });
  assert.ok(progress.length >= 2);
  assert.is(progress.at(-1), 'us-central1 30+0/30');
  assert.match(log[0] ?? '', /^INFO projects\/acme\/.*: copy started as projects\/acme\//);
  assert.match(log.at(-1) ?? '', /^INFO .*: succeeded, versions copied: 30$/);
});

copying('a dry run posts nothing and shows what would be posted', {}, async (world) => {
  const outcomes = await world.copy({ dryRun: true, behavior: { maxVersionAgeDays: 7 } });
  assert.equal(states(outcomes), ['dryRun', 'dryRun', 'dryRun']);
  assert.equal(outcomes[0]?.request, {
    url: `https://artifactregistry.googleapis.com/v1/${resourceName(follower)}:copyRepository`,
    body: { sourceRepository: resourceName(leader), behavior: { maxVersionAgeDays: 7 } },
  });
  assert.is(posts(world), 0);
});

copying('without waiting it is done when the copies are started', {}, async (world) => {
  const outcomes = await world.copy({ wait: false });
  assert.equal(states(outcomes), ['started', 'started', 'started']);
  assert.ok(outcomes.every(({ operation, seconds }) => operation !== undefined && seconds === 0));
  assert.ok(!world.requests.some(({ path }) => path.includes('/operations/')));
});

copying('one destination’s failure stops none of the others', {}, async ({ emulator, copy, log }) => {
  const maven = at('us-east1', 'acme', 'maven');
  const remote = at('us-east4', 'acme', 'remote');
  const missing = at('us-west1', 'acme', 'none');
  seed(emulator.registry, resourceName(maven), { format: 'MAVEN' });
  seed(emulator.registry, resourceName(remote), { mode: 'REMOTE_REPOSITORY' });
  emulator.faults.set([{ path: `/v1/${resourceName(third)}`, status: 403 }]);
  const outcomes = await copy({ destinations: [maven, remote, missing, third, follower] });
  assert.equal(states(outcomes), ['failed', 'failed', 'failed', 'failed', 'succeeded']);
  const texts = [
    /^the formats differ: projects\/acme\/.*\/prod is DOCKER, projects\/acme\/.*\/maven is MAVEN$/,
    /\/remote is a REMOTE_REPOSITORY; only a STANDARD_REPOSITORY can be copied from and to$/,
    /^there is no repository .*\/none: create it, or correct its name\. 404: /,
    /^may not read .*acme-dr.*: grant roles\/artifactregistry\.writer on it to the job's service account/,
  ];
  for (const [index, text] of texts.entries()) assert.match(outcomes[index]?.error ?? '', text);
  assert.is(log.filter((line) => line.startsWith('ERROR')).length, 4);
});

copying(
  'a source that is missing or hidden fails them all before anything is asked for',
  {},
  async (world) => {
    const none = await world.copy({ source: at('europe-west1', 'acme', 'none') });
    assert.equal(states(none), ['failed', 'failed', 'failed']);
    assert.match(none[0]?.error ?? '', /^there is no repository .*\/none/);
    world.emulator.faults.set([{ path: `/v1/${resourceName(leader)}`, status: 403 }]);
    const hidden = await world.copy();
    for (const { error } of hidden) assert.match(error ?? '', /grant roles\/artifactregistry\.reader on it/);
    assert.is(posts(world), 0);
  },
);

const skips: Fault = { copy: '*', skip: '*:v1*' };

copying(
  'skipped versions are a partial failure unless they are allowed',
  { faults: [skips] },
  async ({ copy }) => {
    const request = { destinations: [follower], behavior: { continueOnSkippedVersion: true } };
    const [strict] = await copy(request);
    assert.equal([strict?.state, strict?.copied, strict?.skipped], ['partlyFailed', 18, 12]);
    assert.is(strict?.error, '12 versions were skipped (copy.allowSkippedVersions is off)');
    assert.is(strict?.skippedVersions.length, 5);
    assert.match(strict?.skippedVersions[0]?.version ?? '', /\/versions\/sha256:/);
    const [easy] = await copy({ ...request, allowSkippedVersions: true });
    assert.equal([easy?.state, easy?.skipped, easy?.error], ['succeeded', 12, undefined]);
  },
);

copying('a copy that fails says why, and how far it came', {}, async ({ emulator, copy }) => {
  emulator.faults.set([
    { copy: '*us-central1*', fail: { status: 'INTERNAL', message: 'broke', afterVersions: 7 } },
  ]);
  const [failed, good] = await copy();
  assert.equal([failed?.state, failed?.copied, failed?.error], ['failed', 7, 'CopyRepository failed: broke']);
  assert.is(good?.state, 'succeeded');
});

copying('only the poll is repeated', {}, async (world) => {
  for (const fault of [{ status: 503 }, { status: 429 }, { reset: true as const }, { truncate: 3 }]) {
    world.requests.length = 0;
    world.emulator.faults.set([{ path: '*/operations/*', after: 1, times: 20, ...fault }]);
    assert.equal(states(await world.copy()), ['succeeded', 'succeeded', 'succeeded']);
    assert.is(posts(world), 3);
  }
});

copying('a POST that was turned away is sent again', {}, async (world) => {
  world.emulator.faults.set([
    { method: 'POST', path: '*:copyRepository', times: 3, status: 429, headers: { 'retry-after': '5' } },
  ]);
  assert.equal(states(await world.copy()), ['succeeded', 'succeeded', 'succeeded']);
});

copying(
  'a lost answer to the POST: the copy is found, not started again',
  { behavior: { operationsList: 'available' } },
  async (world) => {
    world.emulator.faults.set([{ method: 'POST', path: '*:copyRepository', truncate: 5 }]);
    assert.equal(states(await world.copy()), ['succeeded', 'succeeded', 'succeeded']);
    assert.is(posts(world), 3);
  },
);

for (const operationsList of ['unimplemented', 'missing', 'available'] as const)
  copying(
    `a lost POST of which nothing is found, ${operationsList}`,
    { behavior: { operationsList } },
    async (world) => {
      world.emulator.faults.set([{ method: 'POST', path: '*us-central1*:copyRepository', reset: true }]);
      const outcomes = await world.copy();
      assert.equal(states(outcomes), ['failed', 'succeeded', 'succeeded']);
      assert.match(
        outcomes[0]?.error ?? '',
        /answer to CopyRepository was lost and no operation of it was found/,
      );
      assert.is(posts(world), 3);
    },
  );

copying('a project without CopyRepository is told so', {}, async ({ emulator, copy }) => {
  for (const status of [404, 501, 403]) {
    emulator.faults.set([{ method: 'POST', path: '*:copyRepository', status }]);
    const [outcome] = await copy({ destinations: [follower] });
    assert.match(
      outcome?.error ?? '',
      status === 403 ? /Grant roles.*may not be open to the project/ : /is not there for/,
    );
    assert.is(outcome?.operation, undefined);
  }
});

copying(
  'the deadline ends the waiting, not the copy',
  { behavior: { copyVersionsPerSecond: 0.1 } },
  async ({ copy }) => {
    const poll = { initialDelay: 1, multiplier: 2, maxDelay: 8, deadline: 60 };
    const [outcome] = await copy({ destinations: [follower], poll });
    assert.is(outcome?.state, 'failed');
    assert.is(outcome?.seconds, 60);
    assert.ok((outcome?.copied ?? 0) > 0);
    assert.match(
      outcome?.error ?? '',
      /^not done after 60 s \(poll\.deadline\); the copy goes on\. To look: gcloud artifacts operations describe projects\/acme\//,
    );
  },
);

for (const count of [1, 3, 8])
  copying(`${count} tasks together copy to every destination, each once`, {}, async (world) => {
    const destinations = Array.from({ length: 12 }, (_, index) =>
      at('us-east1', 'acme', `follower-${index}`),
    );
    for (const each of destinations) seed(world.emulator.registry, resourceName(each));
    const tasks = await Promise.all(
      Array.from({ length: count }, (_, index) => world.copy({ destinations, task: { index, count } })),
    );
    assert.is(tasks.flat().length, 12);
    assert.equal(new Set(states(tasks.flat())), new Set(['succeeded']));
    assert.is(posts(world), 12);
    const expected = await world.held(leader);
    for (const each of destinations) assert.equal(await world.held(each), expected);
  });

test.run();
