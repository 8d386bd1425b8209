/**
 * A config becomes a scheduled replication by one command, and goes again by another, with real gcloud: the whole
 * product with no step done by hand.
 */
import { fileURLToPath } from 'node:url';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { DrivenClock } from '../emulator/clock.ts';
import { imageHash } from '../scripts/deploy/image-hash.ts';
import {
  ask,
  config,
  type DeployBench,
  deployHere,
  differing,
  exists,
  fill,
  follower,
  foreign,
  leader,
  makeRepositories,
  rolesOn,
  setPolicy,
  startDeployBench,
  until,
  writeConfig,
  writesOf,
} from './deploy-bench.ts';
import { testWith } from './parts.ts';

const test = suite('deploy');
const root = fileURLToPath(new URL('..', import.meta.url));
const place = 'v1/projects/acme/locations/europe-west1';
const runPlace = 'v2/projects/acme/locations/europe-west1';
const exact = 'projects/acme/locations/europe-north1/repositories/exact';
const account = (who: string) => `${who}@acme.iam.gserviceaccount.com`;
const ours = (who: string) => `serviceAccount:${account(who)}`;
const theirs = 'user:somebody@example.com';

const topic = 'projects/acme-ops/topics/replication';
const { schedule, ...unscheduled } = config;
const variables = { NODE_OPTIONS: '--max-old-space-size=400', TEXT: 'a, b | c = d' };
/** One without a schedule, and one with a job that mirrors a follower that isn't there yet. */
const others = [
  {
    ...unscheduled,
    name: 'nightly',
    destinations: ['projects/acme/locations/us-east1/repositories/copy'],
    notify: { topic },
  },
  {
    ...unscheduled,
    name: 'exact',
    destinations: [exact],
    job: { service: true, env: variables },
    mirror: true,
    createDestinations: {
      labels: { team: 'platform' },
      immutableTags: false,
    },
  },
];
const three = [{ ...unscheduled, ...(schedule && { schedule }), notify: { topic } }, ...others];
const options: string[] = [];

/** A container of a job or a service. */
interface Container {
  readonly image: string;
  readonly args?: readonly string[];
  readonly env?: readonly { readonly name: string; readonly value: string }[];
}

/** Roles and who has them, each sorted. */
async function roles(resource: string): Promise<Record<string, string[]>> {
  const found = await rolesOn(bench, resource);
  return Object.fromEntries(Object.entries(found).map(([role, members]) => [role, [...members].sort()]));
}

let bench: DeployBench;
let file: string;
test.before(async () => {
  bench = await startDeployBench();
  file = writeConfig(bench, three);
  await makeRepositories(bench, [
    leader,
    follower,
    foreign,
    'projects/acme/locations/us-east1/repositories/copy',
  ]);
  await fill(bench, leader);
  await ask(bench, 'PUT', `v1/${topic}`, {});
  // What is there before us, and has to be there after us.
  await setPolicy(bench, topic, { 'roles/pubsub.publisher': [theirs] });
  await setPolicy(bench, 'projects/acme', { 'roles/workflows.viewer': [theirs] });
  await setPolicy(bench, leader, { 'roles/artifactregistry.reader': [theirs] });
});
test.after(() => bench.close());

/** Runs the deploy as a person does. */
const run = (...flags: string[]) =>
  bench.run('deploy', '--config', file, '--out', `${bench.folder}/workflows`, ...options, ...flags);

testWith(test, ['gcloud'], 'a dry run shows the list and the commands, and writes nothing', async () => {
  bench.requests.length = 0;
  const { code, out } = await run('--dry-run');
  assert.is(code, 0, out);
  assert.equal(writesOf(bench.requests), []);
  assert.match(out, /^create +workflow +projects\/acme\/locations\/europe-west1\/workflows\/replicator$/m);
  assert.match(out, /^create +claim +replicator-leader on .*exact$/m);
  assert.match(out, /^gcloud scheduler jobs create http replicator .*--schedule='0 3 \* \* \*'/m);
  assert.match(out, /^gcloud builds submit /m);
  assert.match(out, /Nothing was changed\./);
  assert.not.ok(out.includes('\u001b['), 'no colour without a terminal');
});

testWith(test, ['gcloud'], 'a follower is claimed after its plan was shown and confirmed', async () => {
  bench.requests.length = 0;
  const { code, out } = await run();
  assert.is(code, 1);
  assert.match(out, /To be claimed: .*europe-north1\/repositories\/exact/);
  assert.match(out, /If the plan above is right: npm run deploy -- .*--yes/);
  assert.equal(writesOf(bench.requests), []);
});

testWith(test, ['gcloud'], 'npm run deploy takes a config to working replications', async () => {
  const { code, out, err } = await run('--yes');
  assert.is(code, 0, out + err);
  assert.match(out, /\$ gcloud workflows deploy replicator --project=acme/);
  assert.match(out, /^\d+ changes made\.$/m);

  const { serviceAccount, labels } = await ask<{ serviceAccount: string; labels: object }>(
    bench,
    'GET',
    `${place}/workflows/replicator`,
  );
  assert.ok(serviceAccount.endsWith(account('replicator-workflow')));
  assert.equal(labels, { 'managed-by': 'artifact-registry-cron-replicator', replicator: 'replicator' });
  const workflows = ['exact-workflow', 'nightly-workflow', 'replicator-workflow'].map(ours);
  assert.equal(await roles('projects/acme'), {
    'roles/workflows.viewer': [...workflows, theirs].sort(),
    'roles/logging.logWriter': workflows,
    'roles/workflows.invoker': [ours('replicator-scheduler')],
  });
  assert.equal(await roles(leader), {
    'roles/artifactregistry.reader': [...workflows, ours('exact-job'), theirs].sort(),
  });
  for (const name of [follower, foreign])
    assert.equal(await roles(name), { 'roles/artifactregistry.writer': [ours('replicator-workflow')] });
  assert.equal(await roles(topic), {
    'roles/pubsub.publisher': [ours('nightly-workflow'), ours('replicator-workflow'), theirs],
  });
  assert.equal(await roles(exact), {
    'roles/artifactregistry.writer': [ours('exact-workflow')],
    'roles/artifactregistry.repoAdmin': [ours('exact-job')],
  });
});

testWith(test, ['gcloud'], 'the job, its service, its image and its claim are there', async () => {
  const job = await ask<{
    template: { template: { containers: Container[]; serviceAccount: string; maxRetries?: number } };
  }>(bench, 'GET', `${runPlace}/jobs/exact`);
  const { containers, serviceAccount, maxRetries = 0 } = job.template.template;
  assert.match(
    containers[0]?.image ?? '',
    /^europe-west1-docker\.pkg\.dev\/acme\/cron-replicator\/job:[0-9a-f]{16}$/,
  );
  assert.is(serviceAccount, account('exact-job'));
  assert.is(maxRetries, 0);
  const service = await ask<{ template: { containers: Container[] } }>(
    bench,
    'GET',
    `${runPlace}/services/exact`,
  );
  const args = service.template.containers[0]?.args ?? [];
  for (const { env = [] } of [...containers, ...service.template.containers])
    assert.equal(Object.fromEntries(env.map(({ name, value }) => [name, value])), variables);
  assert.is(args[0], 'serve');
  assert.ok(args.includes(`--destination=${exact}`) && args.includes('--mirror'));
  // Made by the deploy, with what the config says of it beside its claim.
  const { labels = {} } = await ask<{ labels?: Record<string, string> }>(bench, 'GET', `v1/${exact}`);
  assert.is(labels.team, 'platform');
  assert.match(labels['replicator-leader'] ?? '', /^[0-9a-f]{40}$/);
});

testWith(test, ['gcloud'], 'the Scheduler job carries JSON within JSON (case 23)', async () => {
  const { httpTarget, timeZone } = await ask<{
    httpTarget: { uri: string; body: string; oauthToken: { serviceAccountEmail: string } };
    timeZone: string;
  }>(bench, 'GET', `${place}/jobs/replicator`);
  const body = JSON.parse(Buffer.from(httpTarget.body, 'base64').toString()) as Record<string, unknown>;
  assert.equal(Object.keys(body), ['argument']);
  assert.equal(JSON.parse(String(body.argument)), {});
  assert.is(
    httpTarget.uri,
    `https://workflowexecutions.googleapis.com/${place}/workflows/replicator/executions`,
  );
  assert.is(httpTarget.oauthToken.serviceAccountEmail, account('replicator-scheduler'));
  assert.is(timeZone, 'Europe/Berlin');
});

testWith(
  test,
  ['gcloud'],
  'a second deploy is all unchanged, writes nothing, and takes under 10 s',
  async () => {
    bench.requests.length = 0;
    // What else the machine does can only add to the time.
    const times: number[] = [];
    while (times.length < 3 && !times.some((time) => time < 10_000)) {
      const began = Date.now();
      const { code, out } = await run();
      times.push(Date.now() - began);
      assert.is(code, 0, out);
      assert.not.match(out, /^(create|update|remove)/m);
      assert.match(out, /^\d+ unchanged$/m);
    }
    assert.ok(Math.min(...times) < 10_000, `${times} ms`);
    assert.equal(writesOf(bench.requests), []);
  },
);

testWith(test, ['gcloud'], 'at three in Berlin it runs, and the followers equal the leader', async () => {
  const clock = bench.emulator.clock as DrivenClock;
  assert.ok((await differing(bench, leader, follower)).length > 0);
  await clock.advance(24 * 3600 * 1000);
  const execution = await until(async () => {
    const { executions = [] } = await ask<{
      executions?: { name: string; state: string; startTime: string }[];
    }>(bench, 'GET', `${place}/workflows/replicator/executions`);
    return executions.find(({ state }) => state !== 'ACTIVE');
  });
  assert.is(execution.state, 'SUCCEEDED');
  // In winter Berlin is an hour ahead of UTC.
  assert.match(execution.startTime, /T02:00:00/);
  for (const name of [follower, foreign]) assert.equal(await differing(bench, leader, name), []);
  const { status } = await ask<{ status: object }>(bench, 'GET', `${place}/jobs/replicator`);
  assert.equal(status, {});
});

testWith(test, ['gcloud'], 'the deployed job mirrors, and the follower is an exact copy', async () => {
  const started = await ask<{ name: string }>(bench, 'POST', `${place}/workflows/exact/executions`, {});
  const ended = await until(async () => {
    const execution = await ask<{ state: string; error?: unknown }>(bench, 'GET', `v1/${started.name}`);
    return execution.state === 'ACTIVE' ? undefined : execution;
  });
  assert.is(ended.state, 'SUCCEEDED', JSON.stringify(ended.error));
  assert.equal(await differing(bench, leader, exact), []);
});

testWith(test, ['gcloud'], 'what was changed by hand is put right, each by its own command', async () => {
  const email = account('replicator-workflow');
  await ask(bench, 'PATCH', `v1/projects/acme/serviceAccounts/${email}`, {
    serviceAccount: { displayName: 'changed' },
    updateMask: 'displayName',
  });
  await ask(bench, 'PATCH', `${place}/jobs/replicator?updateMask=schedule`, { schedule: '0 5 * * *' });
  const { code, out } = await deployHere(bench, three[0] ?? config);
  assert.is(code, 0, out);
  assert.match(out, /^update +service account .*\n +displayName: "changed" → "replicator: workflow"$/m);
  assert.match(out, /^update +Scheduler job .*\n +schedule: "0 5 \* \* \*" → "0 3 \* \* \*"$/m);
  assert.match(out, /2 changes made\./);
});

testWith(
  test,
  ['gcloud'],
  'variables that the config no longer has are taken from job and service',
  async () => {
    const [, exactOnly] = others;
    assert.ok(exactOnly);
    const { code, out } = await deployHere(
      bench,
      { ...exactOnly, job: { service: true } },
      { imageHash: await imageHash(root) },
    );
    assert.is(code, 0, out);
    assert.match(out, /^update +Cloud Run job .*\n +env: .*→ \{\}$/m);
    for (const kind of ['jobs', 'services']) {
      const { template } = await ask<{
        template: { containers?: Container[]; template?: { containers: Container[] } };
      }>(bench, 'GET', `${runPlace}/${kind}/exact`);
      assert.equal((template.template ?? template).containers?.[0]?.env ?? [], [], kind);
    }
  },
);

testWith(test, ['gcloud'], 'what the config no longer says goes, and nothing else', async () => {
  const { code, out } = await deployHere(bench, { ...unscheduled, destinations: [follower] });
  assert.is(code, 0, out);
  assert.match(out, /note: .*workflows\/nightly is a replicator too/);
  assert.not.ok(await exists(bench, `${place}/jobs/replicator`));
  assert.not.ok(await exists(bench, `v1/projects/acme/serviceAccounts/${account('replicator-scheduler')}`));
  assert.equal(await roles(foreign), {});
  assert.equal(await differing(bench, leader, foreign), [], 'the follower keeps what it holds');
  assert.not.ok('roles/workflows.invoker' in (await roles('projects/acme')));
  assert.equal(await roles(topic), { 'roles/pubsub.publisher': [ours('nightly-workflow'), theirs] });
});

testWith(test, ['gcloud'], 'destroy takes everything of ours away, and nothing else', async () => {
  const refused = await bench.run('destroy', '--config', file);
  assert.is(refused.code, 1);
  assert.match(refused.out, /Nothing was changed\. To go on: npm run destroy -- .*--yes/);
  const { code, out, err } = await bench.run('destroy', '--config', file, '--yes');
  assert.is(code, 0, out + err);
  assert.equal(await ask(bench, 'GET', `${place}/workflows`), {});
  assert.equal(await ask(bench, 'GET', `${place}/jobs`), {});
  assert.equal(await ask(bench, 'GET', 'v1/projects/acme/serviceAccounts'), {});
  assert.equal(await ask(bench, 'GET', `${runPlace}/jobs`), {});
  assert.not.ok(await exists(bench, `${runPlace}/services/exact`));
  assert.equal(await roles('projects/acme'), { 'roles/workflows.viewer': [theirs] });
  assert.equal(await roles(leader), { 'roles/artifactregistry.reader': [theirs] });
  assert.equal(await roles(topic), { 'roles/pubsub.publisher': [theirs] });
  for (const name of [follower, foreign, exact]) {
    assert.equal(await roles(name), {});
    assert.equal(await differing(bench, leader, name), []);
  }
  const { labels = {} } = await ask<{ labels?: Record<string, string> }>(bench, 'GET', `v1/${exact}`);
  assert.not.ok('replicator-leader' in labels);
  assert.not.ok(await exists(bench, `${place}/repositories/cron-replicator`));
  const nothing = await bench.run('destroy', '--config', file, '--yes');
  assert.match(nothing.out, /There is nothing of ours\./);
});

test.run();
