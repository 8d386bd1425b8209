/** Metrics, dashboard and alerts are deployed, changed and destroyed with the rest, by real gcloud. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Replicator } from '../generator/config.ts';
import { generate } from '../generator/generate.ts';
import { openSession } from '../scripts/cloud/session.ts';
import { apply } from '../scripts/deploy/apply.ts';
import { planDeploy } from '../scripts/deploy/deploy.ts';
import { planDestroy } from '../scripts/deploy/destroy.ts';
import type { Change } from '../scripts/deploy/difference.ts';
import { titleOf } from '../scripts/deploy/print.ts';
import { isMonitoring } from '../scripts/deploy/resource.ts';
import { checkChannels } from '../scripts/doctor/channels.ts';
import { type Need, needs } from '../scripts/permissions/needs.ts';
import {
  ask,
  type DeployBench,
  deployHere,
  exists,
  follower,
  leader,
  makeRepositories,
  plansOf,
  setPolicy,
  startDeployBench,
} from './deploy-bench.ts';
import { testWith } from './parts.ts';

const test = suite('deploy of monitoring');
const project = 'projects/acme';
const config: Replicator = {
  project: 'acme',
  region: 'europe-west1',
  source: leader,
  destinations: [follower],
  schedule: { cron: '0 3 * * *' },
};

interface Policy {
  readonly name: string;
  readonly displayName: string;
  readonly userLabels: Record<string, string>;
  readonly notificationChannels?: string[];
}
const policies = async () =>
  (await ask<{ alertPolicies?: Policy[] }>(bench, 'GET', `v3/${project}/alertPolicies`)).alertPolicies ?? [];
const metrics = async () =>
  ((await ask<{ metrics?: { name: string }[] }>(bench, 'GET', `v2/${project}/metrics`)).metrics ?? []).map(
    ({ name }) => name,
  );
const dashboard = `v1/${project}/dashboards/replicator-europe-west1-replicator`;
const kinds = async () => (await policies()).map(({ userLabels }) => userLabels.alert ?? '').sort();
/** What is not there by us. */
const theirs = { displayName: 'theirs', combiner: 'OR', userLabels: { replicator: 'replicator' } };

const developer = 'dev@example.com';

/** Exactly what docs/permissions.md says that a deployer needs. */
async function grantDeployer(): Promise<void> {
  const [plan] = plansOf({ ...config, monitoring: { alerts: { channels: [channel] } } });
  assert.ok(plan);
  const roles = (on: Need['on']) =>
    needs.filter(
      (need) => need.who === 'deployer' && need.on === on && need.applies(plan, plan.destinations[0]),
    );
  for (const [name, on] of [
    [project, 'project'],
    [leader, 'source'],
    [follower, 'destination'],
  ] as const)
    await setPolicy(
      bench,
      name,
      Object.fromEntries(roles(on).map(({ role }) => [role, [`user:${developer}`]])),
    );
}

let bench: DeployBench;
let channel: string;
test.before(async () => {
  const started = await startDeployBench({ iam: true });
  started.session.gcloud.close();
  const env = {
    ...process.env,
    REPLICATOR_EMULATOR_HOST: started.emulator.host,
    REPLICATOR_EMULATOR_TOKEN: `emulated:${developer}`,
  };
  const session = openSession(env);
  bench = {
    ...started,
    session,
    async close() {
      session.gcloud.close();
      await started.close();
    },
  };
  await makeRepositories(bench, [leader, follower]);
  ({ name: channel } = await ask<{ name: string }>(bench, 'POST', `v3/${project}/notificationChannels`, {
    type: 'email',
    displayName: 'on call',
  }));
  await ask(bench, 'POST', `v3/${project}/alertPolicies`, {
    ...theirs,
    conditions: [{ displayName: 'theirs', conditionPrometheusQueryLanguage: { query: 'up' } }],
  });
  await ask(bench, 'POST', `v2/${project}/metrics`, { name: 'theirs', filter: 'severity>=ERROR' });
  await grantDeployer();
});
test.after(() => bench.close());

/** What a deploy does of it: the rest has tests of its own, and a command of gcloud takes most of a second. */
async function deployed(value: Replicator, adopt = false): Promise<Change[]> {
  const plans = plansOf(value);
  const { files } = generate(plans, 'replicator.config.ts');
  for (const { name, text } of files) writeFileSync(join(bench.folder, name), text);
  const changes = await planDeploy(plans, bench.session, {
    adopt,
    createDestinations: false,
    imageHash: 'abc',
    generated: (name) => {
      const file = files.find((one) => one.name === name);
      return file && { text: file.text, file: join(bench.folder, name) };
    },
  });
  return make(changes);
}

async function make(changes: readonly Change[]): Promise<Change[]> {
  const about = changes.filter(({ resource }) => isMonitoring(resource));
  const tell = { started() {}, again() {}, ended() {} };
  const outcomes = await apply(about, { gcloud: bench.session.gcloud, tell, backoff: 0.01 });
  assert.equal(
    outcomes.filter(({ state }) => state !== 'done').map(({ why }) => why),
    [],
  );
  return about;
}

const titles = (changes: readonly Change[]) =>
  changes
    .filter(({ action }) => action !== 'unchanged')
    .map(titleOf)
    .sort();

test('the doctor looks whether whom alerts tell is there', async () => {
  const { name: muted } = await ask<{ name: string }>(bench, 'POST', `v3/${project}/notificationChannels`, {
    type: 'sms',
    displayName: 'night',
    enabled: false,
  });
  const gone = `${project}/notificationChannels/1`;
  const [plan] = plansOf({ ...config, monitoring: { alerts: { channels: [channel, muted, gone] } } });
  assert.ok(plan);
  assert.equal(
    (await checkChannels(bench.session.api, plan)).map(({ state, message }) => `${state}: ${message}`),
    [
      'ok: on call (email)',
      'note: the notification channel night (sms) is disabled: nobody will be told',
      `fail: there is no notification channel ${gone}`,
    ],
  );
});

testWith(test, ['gcloud'], 'a first deploy makes them all', async () => {
  await deployed(config);
  assert.equal(await metrics(), [
    'replicator/copied',
    'replicator/duration',
    'replicator/failures',
    'replicator/lag',
    'replicator/runs',
    'replicator/skipped',
    'theirs',
  ]);
  assert.equal(await kinds(), ['', 'no-success', 'run-failed', 'skipped-versions']);
  const { displayName, labels } = await ask<{ displayName: string; labels: object }>(bench, 'GET', dashboard);
  assert.is(displayName, 'replicator (europe-west1): replication');
  assert.equal(labels, {
    'managed-by': 'artifact-registry-cron-replicator',
    replicator: 'replicator',
    region: 'europe-west1',
  });
});

testWith(test, ['gcloud'], 'a second deploy changes nothing', async () => {
  assert.equal(titles(await deployed(config)), []);
});

testWith(test, ['gcloud'], 'a change goes to what it is about alone', async () => {
  const [runFailed] = (await policies()).filter(({ userLabels }) => userLabels.alert === 'run-failed');
  assert.ok(runFailed);
  // A lost answer to a creation leaves two.
  await ask(bench, 'POST', `v3/${project}/alertPolicies`, runFailed);
  // As somebody may have changed it in the console.
  const runs = `v2/${project}/metrics/replicator%2Fruns`;
  await ask(bench, 'PUT', runs, { ...(await ask<object>(bench, 'GET', runs)), filter: 'severity=ERROR' });
  const alerts = { channels: [channel], noSuccess: false, skippedVersions: false };
  assert.equal(titles(await deployed({ ...config, monitoring: { dashboard: false, alerts } })), [
    'remove alert policy no-success of replicator in project acme',
    'remove alert policy skipped-versions of replicator in project acme',
    'remove dashboard projects/acme/dashboards/replicator-europe-west1-replicator',
    'update alert policy run-failed of replicator in project acme',
    'update log-based metric projects/acme/metrics/replicator/runs',
  ]);
  assert.equal(await kinds(), ['', 'run-failed']);
  for (const { userLabels, notificationChannels } of await policies())
    if (userLabels.alert) assert.equal(notificationChannels, [channel]);
  assert.not.ok(await exists(bench, dashboard));
  assert.match((await ask<{ filter: string }>(bench, 'GET', runs)).filter, /phase="run"/);
});

testWith(test, ['gcloud'], 'a dashboard is changed although no file has its etag', async () => {
  const monitoring = { alerts: { channels: [channel], noSuccess: false, skippedVersions: false } };
  await deployed({ ...config, monitoring });
  const schedule = { cron: '30 4 * * *' };
  assert.equal(titles(await deployed({ ...config, schedule, monitoring })), [
    'update dashboard projects/acme/dashboards/replicator-europe-west1-replicator',
  ]);
  assert.match(JSON.stringify(await ask(bench, 'GET', dashboard)), /30 4 \* \* \*/);
});

testWith(test, ['gcloud'], 'one without our mark is left alone, and taken over when told so', async () => {
  const lag = `v2/${project}/metrics/replicator%2Flag`;
  await ask(bench, 'PUT', lag, { ...(await ask<object>(bench, 'GET', lag)), description: 'mine' });
  const { code, out } = await deployHere(bench, { ...config, monitoring: true }, { dryRun: true });
  assert.is(code, 1);
  assert.match(out, /^taken +log-based metric +.*replicator\/lag$/m);
  const adopted = await deployHere(bench, { ...config, monitoring: true }, { dryRun: true, adopt: true });
  assert.match(
    adopted.out,
    /^gcloud logging metrics update replicator\/lag --project=acme --config-from-file=/m,
  );
  assert.match(
    adopted.out,
    /^gcloud (alpha )?monitoring policies create --project=acme --policy-from-file=/m,
  );
});

testWith(
  test,
  ['gcloud'],
  'destroy takes them away, whatever the config says now, and nothing of others',
  async () => {
    await ask(bench, 'DELETE', `v2/${project}/metrics/replicator%2Flag`);
    const { changes } = await planDestroy(plansOf({ ...config, monitoring: false }), bench.session);
    await make(changes);
    assert.equal(await metrics(), ['theirs']);
    assert.equal(await kinds(), ['']);
    assert.not.ok(await exists(bench, dashboard));
  },
);

test.run();
