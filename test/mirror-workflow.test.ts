/** The whole chain: config, workflow, Cloud Run, the real job as a process, followers equal to the leader. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { seed } from '../emulator/registry/seed.ts';
import type { Emulator } from '../emulator/server.ts';
import { followFlags } from '../generator/compile/job-flags.ts';
import type { Replicator } from '../generator/config.ts';
import type { WorkflowPlan } from '../generator/plan.ts';
import { claimLabel, claimOf } from '../job/difference/guards.ts';
import { toRequest } from '../job/settings/request.ts';
import { readSettings } from '../job/settings/settings.ts';
import type { Fault } from '../job/settings/usage-error.ts';
import { compileConfig, deploy, deployJob, execute, request, withBench } from './harness.ts';
import { digest } from './images.ts';
import { config as common, follower, leader } from './replicator.ts';

const test = suite('mirror workflow');

const jobName = 'projects/acme/locations/europe-west1/jobs/replicator';
const claim = { [claimLabel]: claimOf({ project: 'acme', location: 'europe-west1', repository: 'prod' }) };

const config = (more: Partial<Replicator> = {}) => common({ job: true, ...more });

/** Every image of a repository and its tags. */
async function images(emulator: Emulator, repository: string): Promise<Record<string, string[]>> {
  const { dockerImages = [] } = await request<{ dockerImages?: { name: string; tags?: string[] }[] }>(
    emulator,
    'GET',
    `${repository}/dockerImages?pageSize=1000`,
  );
  return Object.fromEntries(
    dockerImages.map(({ name, tags = [] }) => [
      name.slice(name.indexOf('/dockerImages/') + 14),
      [...tags].sort(),
    ]),
  );
}

/**
 * A leader of ten versions, and a follower that has one that the leader no longer has, a tag that the leader has on
 * another version, and one that the leader doesn't have at all.
 */
function seedBoth({ registry, clock }: Emulator, labels: Record<string, string>): void {
  const createTime = clock.now() - 24 * 3600 * 1000;
  // Nothing of this type can be attached to another version, so that its bytes are never asked for.
  const image = { mediaType: 'application/vnd.docker.distribution.manifest.v2+json' };
  const version = (number: number, ...tags: string[]) => ({ id: digest(number), tags, createTime, image });
  const all = Array.from({ length: 9 }, (_, index) => version(index + 1, `v${index + 1}`));
  seed(registry, leader, { packages: { app: [...all, version(10, 'v10', 'latest')] } });
  seed(registry, follower, {
    resource: { labels },
    packages: { app: [version(1, 'v1', 'latest'), version(2, 'v2', 'old'), version(11, 'v11')] },
  });
}

/** The last entry of an execution of the job. */
function lastEntry({ jobs }: Emulator): Record<string, unknown> & { counts?: Record<string, number> } {
  const [execution] = jobs.executions(jobName);
  const entries = execution?.log.entries.flatMap(({ jsonPayload }) => jsonPayload?.replicator ?? []) ?? [];
  return entries.at(-1) as Record<string, unknown>;
}

async function deployed(emulator: Emulator, settings: Replicator): Promise<WorkflowPlan> {
  const [plan] = await deploy(emulator, settings);
  if (!plan) throw new Error('no plan');
  await deployJob(emulator, plan);
  return plan;
}

test('a claimed follower is equal to the leader after one execution, and a second one changes nothing', () =>
  withBench({}, async ({ emulator, requests }) => {
    seedBoth(emulator, claim);
    const plan = await deployed(emulator, config({ mirror: { maxDeletionShare: 0.5 } }));
    const { summary } = await execute(emulator, plan);
    assert.is(summary.state, 'succeeded', summary.message);
    assert.is(summary.results[0]?.mirror?.state, 'succeeded');
    assert.equal(await images(emulator, follower), await images(emulator, leader));
    const { phase, state, counts } = lastEntry(emulator);
    assert.equal([phase, state], ['end', 'succeeded']);
    assert.is(counts?.deleted, 1);
    const before = requests.length;
    const again = await execute(emulator, plan);
    assert.is(again.summary.results[0]?.mirror?.state, 'succeeded', again.summary.message);
    const writes = requests
      .slice(before)
      .filter(
        ({ method, path }) => method !== 'GET' && path.startsWith('/v1/projects/acme/locations/us-central1/'),
      );
    assert.equal(
      writes.map(({ method, path }) => `${method} ${path}`),
      [`POST /v1/${follower}:copyRepository`],
    );
  }));

test('in a follower that nobody has claimed nothing is deleted, and the run says so', () =>
  withBench({}, async ({ emulator }) => {
    seedBoth(emulator, {});
    const plan = await deployed(emulator, config({ mirror: { maxDeletionShare: 0.5 } }));
    const { state, summary } = await execute(emulator, plan);
    assert.is(state, 'FAILED');
    const [row] = summary.results;
    assert.is.not(row?.mirror?.state, 'succeeded');
    assert.match(row?.error ?? '', /^mirror: .* Its log: projects\/acme\/.*\/executions\/replicator-/);
    const left = await images(emulator, follower);
    assert.equal(left[`app@${digest(11)}`], ['v11']);
    assert.ok(left[`app@${digest(1)}`]?.includes('latest'));
    assert.is(Object.keys(left).length, 11);
    const entries = emulator.jobs.executions(jobName)[0]?.log.entries ?? [];
    assert.ok(entries.some(({ jsonPayload }) => /Claim it with/.test(String(jsonPayload?.message))));
  }));

test('a verification tells a follower that has more from one that is equal', () =>
  withBench({}, async ({ emulator }) => {
    seedBoth(emulator, {});
    const plan = await deployed(emulator, config({ verify: true }));
    const { summary } = await execute(emulator, plan);
    assert.is.not(summary.results[0]?.verify?.state, 'succeeded');
    const { version, tag } = { version: digest(11), tag: 'v11' };
    // Made equal by hand, it is.
    await request(emulator, 'DELETE', `${follower}/packages/app/tags/${tag}`);
    await request(emulator, 'DELETE', `${follower}/packages/app/tags/old`);
    await request(emulator, 'DELETE', `${follower}/packages/app/versions/${version}`);
    await request(emulator, 'PATCH', `${follower}/packages/app/tags/latest?updateMask=version`, {
      version: `${follower}/packages/app/versions/${digest(10)}`,
    });
    const equal = await execute(emulator, plan);
    assert.is(equal.summary.results[0]?.verify?.state, 'succeeded', equal.summary.message);
  }));

test('a dry run leaves everything as it is, and the plan in the log', () =>
  withBench({}, async ({ emulator }) => {
    seedBoth(emulator, claim);
    const plan = await deployed(emulator, config({ mirror: true }));
    const before = await images(emulator, follower);
    const { summary } = await execute(emulator, plan, { dryRun: true });
    assert.is(summary.state, 'dryRun', summary.message);
    assert.equal(await images(emulator, follower), before);
    const { counts } = lastEntry(emulator);
    assert.ok(counts && Object.values(counts).some((count) => count > 0), JSON.stringify(counts));
  }));

test('the job takes every flag that a config can lead to', () => {
  const { plans } = compileConfig(
    config({
      extraLocations: ['europe-west99'],
      destinations: ['projects/acme/locations/europe-west99/repositories/prod'],
      copy: {
        continueOnSkippedVersion: false,
        maxVersionAgeDays: 0,
        allAttachmentsIncluded: true,
        allTagsExcluded: false,
        allowSkippedVersions: true,
        behavior: { later: { deep: '--x' } },
      },
      mirror: {
        maxDeletions: 0,
        maxDeletionShare: 1e-7,
        allowEmptySource: true,
        protect: {
          tags: ['--tag', 'a=b', '${c}', ' '.concat('d')],
          packages: ['base/**'],
          newerThanDays: 0.5,
        },
      },
    }),
  );
  const [plan] = plans as [WorkflowPlan];
  const [destination] = plan.destinations as [WorkflowPlan['destinations'][number]];
  const faults: Fault[] = [];
  const read = (command: 'plan' | 'mirror' | 'verify', flags: string[]) => {
    const repositories = [
      `--source=${leader}`,
      '--destination=projects/acme/locations/europe-west99/repositories/prod',
    ];
    const more = ['--copy-start-time=2026-01-01T00:00:00.123456Z', '--skipped-versions=2', '--execution=e'];
    const { settings, at, faults: found } = readSettings(command, [...repositories, ...flags, ...more], {});
    const { request: asked } = toRequest(command, settings, at, found);
    faults.push(...found);
    return asked;
  };
  const asked = read('mirror', followFlags(plan, destination));
  read('plan', followFlags(plan, destination));
  read('verify', followFlags(plan, { ...destination, mirror: undefined }));
  assert.equal(faults, []);
  assert.equal(asked.mirror, destination.mirror);
  assert.equal(asked.behavior, destination.copy.behavior);
  assert.is(asked.allowSkippedVersions, true);
  assert.is(asked.copyStartTime, Date.UTC(2026, 0, 1) + 123);
});

test.run();
