/**
 * Least privilege, shown: on an emulator that enforces roles, everything passes with the roles of the table that the
 * deploy and docs/permissions.md are made from, and each role that is taken away is missed, by name.
 */
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { drivenClock } from '../emulator/clock.ts';
import type { Replicator } from '../generator/config.ts';
import { generate } from '../generator/generate.ts';
import { resourceName, type WorkflowPlan } from '../generator/plan.ts';
import { claimLabel, claimOf } from '../job/difference/guards.ts';
import { openSession } from '../scripts/cloud/session.ts';
import { bindings } from '../scripts/deploy/bindings.ts';
import { executionBody } from '../scripts/deploy/desired.ts';
import { destroy } from '../scripts/deploy/destroy.ts';
import { accountEmail, jobName, placeOf, workflowName } from '../scripts/deploy/names.ts';
import { type Binding, policyName } from '../scripts/deploy/resource.ts';
import { examine } from '../scripts/doctor/doctor.ts';
import { type Grant, grants } from '../scripts/permissions/grants.ts';
import { type Need, needs } from '../scripts/permissions/needs.ts';
import {
  ask,
  config,
  type DeployBench,
  deployHere,
  fill,
  follower,
  foreign,
  leader,
  makeRepositories,
  plansOf,
  setPolicy,
  startDeployBench,
  until,
  writeConfig,
} from './deploy-bench.ts';
import { testWith } from './parts.ts';

const test = suite('roles');

const topic = 'projects/acme/topics/replication';
let bench: DeployBench;
test.before(async () => {
  bench = await startDeployBench({ iam: true, clock: drivenClock({ auto: true, start: Date.now() }) });
  await makeRepositories(bench, [leader, follower, foreign]);
  await setPolicy(bench, leader, { 'roles/artifactregistry.writer': ['allUsers'] });
  await setPolicy(bench, follower, { 'roles/artifactregistry.writer': ['allUsers'] });
  await fill(bench, leader);
  await ask(bench, 'PUT', `v1/${topic}`, {});
});
test.after(() => bench.close());

/** Configs that together ask for every role of the table. */
const { schedule: _, ...unscheduled } = config;
const configs: Readonly<Record<string, Replicator>> = {
  plain: { ...config, destinations: [follower] },
  mirror: {
    ...unscheduled,
    name: 'mirror',
    destinations: [foreign],
    job: true,
    mirror: { maxDeletionShare: 1 },
  },
  verify: { ...unscheduled, name: 'verify', destinations: [follower], job: true, verify: true },
  service: { ...unscheduled, name: 'service', destinations: [follower], job: { service: true } },
  byJob: { ...unscheduled, name: 'by-job', destinations: [follower], job: true, copy: { engine: 'job' } },
  notify: { ...unscheduled, name: 'notify', destinations: [follower], notify: { topic, on: 'always' } },
};

/** Gives accounts their roles, as a deploy does. */
async function grantAll(all: readonly Binding[]): Promise<void> {
  const targets = new Map<string, Record<string, string[]>>();
  for (const name of ['projects/acme', leader, follower, foreign, topic]) targets.set(name, {});
  for (const { target, role, member } of all) {
    const roles = targets.get(policyName(target)) ?? {};
    roles[role] = [...(roles[role] ?? []), member];
    targets.set(policyName(target), roles);
  }
  for (const [name, roles] of targets) await setPolicy(bench, name, roles);
}

/** Makes what runs, without gcloud. */
async function place(plan: WorkflowPlan): Promise<void> {
  const [file] = generate([plan], 'test.config.ts').files;
  await ask(bench, 'POST', `v1/${placeOf(plan)}/workflows?workflowId=${plan.name}`, {
    sourceContents: file?.text,
    serviceAccount: accountEmail(plan, 'workflow'),
  });
  if (plan.schedule)
    await ask(bench, 'POST', `v1/${placeOf(plan)}/jobs`, {
      name: jobName(plan),
      schedule: plan.schedule.cron,
      timeZone: plan.schedule.timeZone,
      httpTarget: {
        uri: `https://workflowexecutions.googleapis.com/v1/${workflowName(plan)}/executions`,
        body: Buffer.from(executionBody({})).toString('base64'),
        oauthToken: { serviceAccountEmail: accountEmail(plan, 'scheduler') },
      },
    });
  if (plan.job)
    await ask(bench, 'POST', `v2/${placeOf(plan)}/jobs?jobId=${plan.name}`, {
      template: {
        template: {
          containers: [{ image: 'x' }],
          maxRetries: 0,
          timeout: '600s',
          serviceAccount: accountEmail(plan, 'job'),
        },
      },
    });
}

interface Execution {
  readonly name: string;
  readonly state: string;
  readonly result?: string;
  readonly error?: { readonly payload: string };
}

/** Waits for the end. @returns everything that was said, or nothing where it went well */
async function outcomeOf(name: string): Promise<string | undefined> {
  for (;;) {
    const { state, error } = await ask<Execution>(bench, 'GET', `v1/${name}`);
    if (state === 'SUCCEEDED') return undefined;
    if (state !== 'ACTIVE') return `${error?.payload ?? state}\n${jobLog()}`;
    await pause(20);
  }
}

/** What jobs have written since the last look. */
const read = 0;
function jobLog(): string {
  const { jobs } = bench.emulator;
  const all = jobs
    .list('projects/acme/locations/-')
    .flatMap(({ name }) => jobs.executions(name).flatMap(({ log }) => log.entries));
  return JSON.stringify(all.slice(0, Math.max(0, all.length - read)));
}

/** Runs what a grant is for. @returns why it failed; undefined when it did not */
async function run(plan: WorkflowPlan, { who, role, on }: Grant): Promise<string | undefined> {
  if (who === 'scheduler') {
    const started = async () =>
      (await ask<{ executions?: unknown[] }>(bench, 'GET', `v1/${workflowName(plan)}/executions`)).executions
        ?.length ?? 0;
    const before = await started();
    await ask(bench, 'POST', `v1/${jobName(plan)}:run`, {});
    await pause(300);
    if ((await started()) > before) return undefined;
    const { status } = await ask<{ status: { message: string } }>(bench, 'GET', `v1/${jobName(plan)}`);
    return status.message;
  }
  if (role === 'roles/artifactregistry.repoAdmin') await fillExtra();
  // What only the service or the job's own copy asks of the job's account, asked of the job alone.
  if (who === 'job' && on === 'destination' && role === 'roles/artifactregistry.writer')
    return runJob(plan, 'copy');
  const { name } = await ask<Execution>(bench, 'POST', `v1/${workflowName(plan)}/executions`, {});
  return (await outcomeOf(name)) ?? (role === 'roles/pubsub.publisher' ? untold(name) : undefined);
}

/** What was logged because the message of an execution, which has succeeded, could not be published. */
async function untold(execution: string): Promise<string | undefined> {
  const { entries = [] } = await ask<{ entries?: { jsonPayload: { message: string } }[] }>(
    bench,
    'POST',
    'v2/entries:list',
    {
      resourceNames: ['projects/acme'],
      filter: `jsonPayload.replicator.phase="notify" AND jsonPayload.replicator.execution="${execution.slice(execution.lastIndexOf('/') + 1)}"`,
    },
  );
  return entries[0]?.jsonPayload.message;
}

async function runJob(plan: WorkflowPlan, command: string): Promise<string | undefined> {
  const args = [
    command,
    `--source=${resourceName(plan.source)}`,
    ...plan.destinations.map(({ repository }) => `--destination=${resourceName(repository)}`),
  ];
  const overrides = { containerOverrides: [{ args }] };
  const operation = await ask<{ metadata: { name: string } }>(bench, 'POST', `v2/${jobName(plan)}:run`, {
    overrides,
  });
  const execution = bench.emulator.jobs.execution(operation.metadata.name);
  await execution.over;
  return execution.operation.error ? JSON.stringify(execution.log.entries) : undefined;
}

/** The role that permits a little less. */
const lesser: Readonly<Record<string, string>> = {
  'roles/artifactregistry.repoAdmin': 'roles/artifactregistry.writer',
  'roles/artifactregistry.writer': 'roles/artifactregistry.reader',
  'roles/run.jobsExecutorWithOverrides': 'roles/run.jobsExecutor',
};

/** The scenario that asks for a role. */
function scenarioOf(grant: Grant): WorkflowPlan {
  for (const value of Object.values(configs)) {
    const [plan] = plansOf(value);
    const [destination] = plan?.destinations ?? [];
    if (plan && grant.applies(plan, grant.on === 'destination' ? destination : undefined)) return plan;
  }
  throw new Error(`no scenario asks for ${grant.role} of ${grant.who} on ${grant.on}`);
}

test('every role that is taken away is missed by name, and with exactly those all passes', async () => {
  const all = Object.values(configs).flatMap((value) => plansOf(value).flatMap(bindings));
  await grantAll(all);
  for (const value of Object.values(configs)) for (const plan of plansOf(value)) await place(plan);
  // Something to delete, so that a mirror asks for what deleting needs.
  await ask(bench, 'PATCH', `v1/${foreign}?updateMask=labels`, {
    labels: { [claimLabel]: claimOf(plansOf(configs.mirror as Replicator)[0]?.source as never) },
  });

  for (const grant of grants) {
    const plan = scenarioOf(grant);
    const label = `${grant.who} ${grant.role} on ${grant.on} (${plan.name})`;
    const member = `serviceAccount:${accountEmail(plan, grant.who)}`;
    const isIt = (binding: Binding) =>
      binding.role === grant.role && binding.member === member && isOn(binding, grant, plan);
    assert.ok(all.some(isIt), `${label} is given`);
    // In its place the role that comes next, where there is one: then this one is the least that will do.
    const role = lesser[grant.role];
    await grantAll(
      all.flatMap((binding) => (!isIt(binding) ? [binding] : role ? [{ ...binding, role }] : [])),
    );
    const why = await run(plan, grant);
    assert.type(why, 'string', `${label}: nothing failed without it`);
    const names = [grant.role, ...grant.permissions];
    assert.ok(
      names.some((name) => why?.includes(name)),
      `${label}: not named in ${why}`,
    );
    if (grant.who === 'workflow' && grant.on === 'source')
      assert.match(why ?? '', new RegExp(`may not read ${leader}: grant roles/artifactregistry.reader`));
  }

  await grantAll(all);
  for (const grant of grants) {
    const plan = scenarioOf(grant);
    assert.is(await run(plan, grant), undefined, `${grant.who} ${grant.role} on ${grant.on}`);
  }
});

function isOn(binding: Binding, { on }: Grant, plan: WorkflowPlan): boolean {
  const { target } = binding;
  if (target.on !== 'repository') return target.on === on;
  const isSource = resourceName(target.repository) === resourceName(plan.source);
  return on === (isSource ? 'source' : 'destination');
}

/** An image at the follower that the leader does not have. */
async function fillExtra(): Promise<void> {
  const manifest = {
    schemaVersion: 2,
    mediaType: 'application/vnd.oci.image.index.v1+json',
    manifests: [],
  };
  const answer = await fetch(`${bench.emulator.url}/v2/asia-east1/acme-dr/follower/extra/manifests/old`, {
    method: 'PUT',
    headers: {
      'content-type': manifest.mediaType,
      authorization: 'Bearer emulated:owner@emulator.test',
    },
    body: JSON.stringify(manifest),
  });
  assert.is(answer.status, 201);
}

const developer = 'dev@example.com';
const deployConfig: Replicator = {
  ...config,
  name: 'team',
  destinations: [follower],
  job: true,
  mirror: { maxDeletionShare: 1 },
  notify: { topic },
};

/** What needs are given on; those for making a follower have a test of their own, deploy-keys.test.ts. */
const onWhat: Readonly<Record<Need['on'], string | undefined>> = {
  project: 'projects/acme',
  source: leader,
  destination: follower,
  'destination project': undefined,
  key: undefined,
  topic,
};

/** Gives a person all roles that a plan needs but one. */
async function grantPerson(email: string, who: Need['who'], plan: WorkflowPlan, but?: Need): Promise<void> {
  const roles: Record<string, Record<string, string[]>> = {
    'projects/acme': {},
    [leader]: {},
    [follower]: {},
    [topic]: {},
  };
  for (const need of needs) {
    if (need.who !== who || need === but || !need.applies(plan, plan.destinations[0])) continue;
    const on = onWhat[need.on];
    if (on === undefined) continue;
    roles[on] = { ...roles[on], [need.role]: [`user:${email}`] };
  }
  for (const [name, given] of Object.entries(roles)) await setPolicy(bench, name, given);
}

const sessionOf = (email: string) =>
  openSession({
    ...process.env,
    REPLICATOR_EMULATOR_HOST: bench.emulator.host,
    REPLICATOR_EMULATOR_TOKEN: `emulated:${email}`,
  });

test('the doctor misses each role that a deployer lacks, and nothing else', async () => {
  const session = sessionOf(developer);
  const gcloud = {
    run: async () => ({ exitCode: 0, stdout: '{"Google Cloud SDK":"999.0.0"}', stderr: '' }),
  };
  const { name: channel } = await ask<{ name: string }>(
    bench,
    'POST',
    'v3/projects/acme/notificationChannels',
    { type: 'email' },
  );
  const watched = { ...deployConfig, monitoring: { alerts: { channels: [channel] } } };
  const [built] = plansOf(watched);
  // An image that is given asks for nothing on Artifact Registry in the project, which would stand for the rest.
  const image = `europe-west1-docker.pkg.dev/acme/tools/job@sha256:${'0'.repeat(64)}`;
  const [given] = plansOf({ ...watched, job: { image } });
  assert.ok(built && given);
  const look = async (plan: WorkflowPlan) =>
    (await examine([plan], { ...session, gcloud, mayCreate: false })).filter(({ state }) => state === 'fail');
  for (const need of needs.filter(({ who, on }) => who === 'deployer' && onWhat[on] !== undefined)) {
    const plan = need.applies(given, given.destinations[0]) ? given : built;
    await grantPerson(developer, 'deployer', plan);
    assert.equal(await look(plan), []);
    await grantPerson(developer, 'deployer', plan, need);
    const text = JSON.stringify(await look(plan));
    assert.ok(text.includes(need.role), `${need.role} on ${need.on}: ${text}`);
    assert.ok(text.includes(`--role=${need.role}`), 'with the command that mends it');
  }
  session.gcloud.close();
});

// https://cloud.google.com/logging/docs/access-control
test('an alert policy that matches log entries asks Logging too, and what it asks the doctor asks', async () => {
  const policy = (condition: object) => ({
    displayName: 'alert',
    combiner: 'OR',
    conditions: [{ displayName: 'one', ...condition }],
    alertStrategy: { notificationRateLimit: { period: '300s' } },
  });
  const email = 'alerts@example.com';
  await setPolicy(bench, 'projects/acme', {
    'roles/monitoring.alertPolicyEditor': [`user:${email}`],
  });
  const post = (body: object) =>
    fetch(`${bench.emulator.url}/v3/projects/acme/alertPolicies`, {
      method: 'POST',
      headers: { authorization: `Bearer emulated:${email}`, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
  const metric = await post(policy({ conditionPrometheusQueryLanguage: { query: 'up' } }));
  assert.is(metric.status, 200, await metric.text());
  const logs = await post(policy({ conditionMatchedLog: { filter: 'severity>=ERROR' } }));
  assert.is(logs.status, 403);
  assert.match(await logs.text(), /logging\.notificationRules\.create/);
  const asked = needs.filter(({ who }) => who === 'deployer').flatMap(({ permissions }) => permissions);
  for (const verb of ['create', 'update'])
    assert.ok(asked.includes(`logging.notificationRules.${verb}`), verb);
});

testWith(
  test,
  ['gcloud'],
  'with exactly the roles of a deployer a deploy passes, and a destroy',
  async () => {
    const [plan] = plansOf(deployConfig);
    assert.ok(plan);
    await grantPerson(developer, 'deployer', plan);
    const session = sessionOf(developer);
    const own = { ...bench, session };
    try {
      const { code, out } = await deployHere(own, deployConfig, { skipDoctor: false, yes: true });
      assert.is(code, 0, out);
      const again = await deployHere(own, deployConfig);
      assert.not.match(again.out, /^(create|update|remove)/m, again.out);
      // Deployed so, it does its work: started by the Scheduler's account, copied by the workflow's, mirrored by the job's.
      assert.ok(plan);
      await ask(bench, 'POST', `v1/${jobName(plan)}:run`, {});
      const execution = await until(async () => {
        const { executions = [] } = await ask<{ executions?: Execution[] }>(
          bench,
          'GET',
          `v1/${workflowName(plan)}/executions`,
        );
        return executions[0];
      });
      assert.is(await outcomeOf(execution.name), undefined);
      const lines: string[] = [];
      const gone = await destroy([plan], session, {
        dryRun: false,
        yes: true,
        say: (line) => lines.push(line),
        confirm: async () => false,
        command: 'npm run destroy',
        backoff: 0.01,
      });
      assert.is(gone, 0, lines.join('\n'));
    } finally {
      session.gcloud.close();
    }
  },
);

test('an operator’s commands name the role that is missing, and pass with exactly the roles of one', async () => {
  const email = 'op@example.com';
  const file = writeConfig(bench, configs.plain as Replicator);
  const [plan] = plansOf(configs.plain as Replicator);
  assert.ok(plan);
  const command = async (script: string) => {
    const child = spawn(process.execPath, ['--import', 'tsx', `scripts/${script}.ts`, '--config', file], {
      cwd: new URL('..', import.meta.url),
      stdio: ['ignore', 'pipe', 'pipe'],
      env: {
        ...process.env,
        REPLICATOR_EMULATOR_HOST: bench.emulator.host,
        REPLICATOR_EMULATOR_TOKEN: `emulated:${email}`,
      },
    });
    let text = '';
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding('utf8').on('data', (piece: string) => {
        text += piece;
      });
    const [code] = (await once(child, 'close')) as [number];
    return { code, text };
  };
  const all = plansOf(configs.plain as Replicator).flatMap(bindings);
  const withAccounts = async (but?: Need) => {
    await grantPerson(email, 'operator', plan, but);
    for (const { target, role, member } of all) {
      const { bindings: there = [] } = await ask<{ bindings?: { role: string; members: string[] }[] }>(
        bench,
        'GET',
        `v1/${policyName(target)}:getIamPolicy`,
      );
      await ask(bench, 'POST', `v1/${policyName(target)}:setIamPolicy`, {
        policy: { bindings: [...there, { role, members: [member] }] },
      });
    }
  };
  await withAccounts();
  for (const script of ['replicate', 'status', 'logs', 'plan']) {
    const { code, text } = await command(script);
    assert.is(code, 0, `${script}: ${text}`);
  }
  const scripts: Readonly<Record<string, string>> = {
    'roles/workflows.invoker': 'replicate',
    'roles/workflows.viewer': 'status',
    'roles/logging.viewer': 'logs',
    'roles/cloudscheduler.viewer': 'status',
    'roles/artifactregistry.reader': 'plan',
  };
  for (const need of needs.filter(({ who }) => who === 'operator')) {
    await withAccounts(need);
    const { code, text } = await command(scripts[need.role] ?? '');
    assert.is(code, 1, `${need.role}: ${text}`);
    assert.ok(text.includes(need.role), `${need.role}: ${text}`);
  }
});

test('docs/permissions.md is what the table gives', () => {
  const { status, stderr } = spawnSync(
    process.execPath,
    ['--import', 'tsx', 'scripts/docs-permissions.ts', '--check'],
    { cwd: new URL('..', import.meta.url), encoding: 'utf8' },
  );
  assert.is(status, 0, stderr);
});

test.run();
