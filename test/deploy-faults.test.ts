/** Deploys that go wrong: what is in the way is named before anything is changed, and what failed can be gone on with. */
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { createApi } from '../scripts/cloud/api.ts';
import type { Ran } from '../scripts/cloud/gcloud.ts';
import { planDestroy } from '../scripts/deploy/destroy.ts';
import { checkClient } from '../scripts/doctor/client.ts';
import { examine } from '../scripts/doctor/doctor.ts';
import type { Finding } from '../scripts/doctor/finding.ts';
import {
  ask,
  config,
  type DeployBench,
  deployHere,
  exists,
  fill,
  follower,
  foreign,
  leader,
  makeRepositories,
  plansOf,
  rolesOn,
  startDeployBench,
  writesOf,
} from './deploy-bench.ts';
import { testWith } from './parts.ts';

const test = suite('deploy that goes wrong');
const place = 'v1/projects/acme/locations/europe-west1';

let bench: DeployBench;
test.before(async () => {
  bench = await startDeployBench();
  await makeRepositories(bench, [leader, follower, foreign]);
});
test.after.each(() => bench.emulator.faults.set([]));
test.after(() => bench.close());

/** A gcloud that answers as it is told. */
const gcloudSaying = (answer: (args: readonly string[]) => Partial<Ran>) => ({
  run: async (args: readonly string[]): Promise<Ran> => ({
    exitCode: 0,
    stdout: '',
    stderr: '',
    ...answer(args),
  }),
});
const version = (number: string) =>
  gcloudSaying(([first]) => ({
    stdout: first === 'version' ? JSON.stringify({ 'Google Cloud SDK': number }) : '',
  }));
const google = {
  target: { emulator: undefined },
  applicationDefault: async () => 'token',
  hasAlerts: true,
};
const failures = (findings: readonly Finding[]) => findings.filter(({ state }) => state === 'fail');

test('no gcloud, an old one, nobody logged in, no credentials: each with what mends it', async () => {
  const none = await checkClient({ ...google, gcloud: gcloudSaying(() => ({ exitCode: 127 })) });
  assert.match(failures(none.findings)[0]?.message ?? '', /not installed/);
  const old = await checkClient({ ...google, gcloud: version('400.0.0') });
  assert.match(failures(old.findings)[0]?.message ?? '', /400\.0\.0 is older than 528\.0\.0/);
  assert.is(failures(old.findings)[0]?.fix, 'gcloud components update');
  assert.is(failures(old.findings)[1]?.fix, 'gcloud auth login');
  const bare = await checkClient({
    ...google,
    gcloud: version('999.1.0'),
    applicationDefault: async () => {
      throw new Error('none found');
    },
  });
  assert.is(failures(bare.findings).at(-1)?.fix, 'gcloud auth application-default login');
});

test('a gcloud whose commands for alert policies are in a component that is missing', async () => {
  const gcloud = (number: string, ...components: string[]) =>
    gcloudSaying(() => ({
      stdout: JSON.stringify({
        'Google Cloud SDK': number,
        ...Object.fromEntries(components.map((id) => [id, '1'])),
      }),
    }));
  const found = async (value: ReturnType<typeof gcloud>, hasAlerts = true) => {
    const { findings } = await checkClient({ ...google, hasAlerts, gcloud: value });
    return findings.filter(({ check }) => check === 'gcloud').map(({ state, fix = '' }) => state + fix);
  };
  assert.equal(await found(gcloud('548.0.0', 'core')), ['failgcloud components install alpha']);
  assert.equal(await found(gcloud('548.0.0', 'core'), false), ['ok']);
  assert.equal(await found(gcloud('548.0.0', 'core', 'alpha')), ['ok']);
  assert.equal(await found(gcloud('549.0.0', 'core')), ['ok']);
});

test('a missing gcloud is found by the command too, and nothing is asked of the cloud', async () => {
  const { session } = bench;
  bench.requests.length = 0;
  const findings = await examine(plansOf(config), {
    ...session,
    gcloud: gcloudSaying(() => ({ exitCode: 127 })),
    mayCreate: false,
  });
  assert.is(failures(findings).length, 1);
  assert.equal(bench.requests, []);
});

/** The doctor's failures on the emulator, each as text. */
async function doctor(value = config): Promise<string> {
  const findings = await examine(plansOf(value), {
    ...bench.session,
    gcloud: version('999.0.0'),
    mayCreate: false,
  });
  return failures(findings)
    .map(({ check, message, fix }) => `${check}: ${message} [${fix}]`)
    .join('\n');
}

test('the doctor names what is not there, and a deploy then changes nothing', async () => {
  assert.is(await doctor(), '');
  bench.emulator.faults.set([{ path: '/v1/projects/acme', status: 403 }]);
  assert.match(await doctor(), /project: there is no project acme, or it may not be seen/);
  bench.emulator.faults.set([{ path: `/v1/${follower}`, status: 404 }]);
  assert.match(
    await doctor(),
    /follower: there is no repository .*us-central1.* \[gcloud artifacts repositories create follower /,
  );
  bench.emulator.faults.set([{ path: `/v1/${leader}`, status: 403 }]);
  assert.match(await doctor(), /leader: .* cannot be read/);
  bench.emulator.faults.set([{ path: '/v1/projects/acme:testIamPermissions', body: {}, status: 200 }]);
  const missing = await doctor();
  assert.match(missing, /workflows\.workflows\.create.* missing, which roles\/workflows\.editor has/);
  assert.match(missing, /gcloud projects add-iam-policy-binding acme --role=roles\/workflows\.editor/);
});

test('a topic that is not there has the command that makes it', async () => {
  const notify = { topic: 'projects/acme-ops/topics/replication' };
  assert.is(
    await doctor({ ...config, notify }),
    'topic: there is no topic projects/acme-ops/topics/replication, which notify names [gcloud pubsub topics create replication --project=acme-ops]',
  );
  await ask(bench, 'PUT', `v1/${notify.topic}`, {});
  assert.is(await doctor({ ...config, notify }), '');
});

testWith(
  test,
  ['gcloud'],
  'an account of ours that somebody disabled is told of, with the command that enables it',
  async () => {
    const accounts = 'v1/projects/acme/serviceAccounts';
    const email = 'replicator-workflow@acme.iam.gserviceaccount.com';
    await ask(bench, 'POST', accounts, { accountId: 'replicator-workflow', serviceAccount: {} });
    const told = async () =>
      (await examine(plansOf(config), { ...bench.session, gcloud: version('999.0.0'), mayCreate: false }))
        .filter(({ check }) => check === 'accounts')
        .map(({ state, message, fix = '' }) => [state, message, fix]);
    const gcloud = async (command: string) => {
      const { exitCode, stderr } = await bench.session.gcloud.run(command.split(' '));
      assert.is(exitCode, 0, stderr);
    };
    assert.equal(await told(), [['ok', email, '']]);
    await gcloud(`iam service-accounts disable ${email} --project=acme`);
    const mend = `iam service-accounts enable ${email} --project=acme`;
    const message = `${email} is disabled: nothing runs as it until it is enabled`;
    assert.equal(await told(), [['note', message, `gcloud ${mend}`]]);
    await gcloud(mend);
    assert.equal(await told(), [['ok', email, '']]);
    await ask(bench, 'DELETE', `${accounts}/${email}`);
  },
);

test('the doctor is asked before a deploy, and stops it', async () => {
  bench.emulator.faults.set([{ path: `/v1/${foreign}`, status: 404 }]);
  bench.requests.length = 0;
  const { session } = bench;
  const { code, out } = await deployHere(
    { ...bench, session: { ...session, gcloud: { ...session.gcloud, ...version('999.0.0') } } },
    config,
    { skipDoctor: false },
  );
  assert.is(code, 1);
  assert.match(out, /FAIL {2}follower/);
  assert.match(out, /To go on all the same: npm run deploy -- --skip-doctor/);
  assert.equal(writesOf(bench.requests), []);
});

testWith(
  test,
  ['gcloud'],
  'refused on each kind of resource in turn: what depends on it waits, the rest is done, and it goes on',
  async () => {
    const refused = async (path: string, method: string, words: RegExp) => {
      bench.emulator.faults.set([{ method, path, status: 403 }]);
      const { code, out } = await deployHere(bench, config);
      assert.is(code, 1, out);
      const [, failed = ''] = out.split('Failed:\n');
      assert.match(failed, words);
      assert.match(out, /To go on, when the cause is removed: npm run deploy/);
      return out;
    };
    const first = await refused(
      '/v1/projects/acme/services:batchEnable',
      'POST',
      /update APIs in project acme/,
    );
    assert.match(first, /Not done, since something before it failed:\n.*service account/s);
    assert.match(first, /workflow projects\/acme/);
    await refused('/v1/projects/acme/serviceAccounts', 'POST', /create service account/);
    await refused('/v1/projects/acme:setIamPolicy', 'POST', /create role roles\/workflows\.viewer/);
    assert.ok(await exists(bench, `${place}/workflows/replicator`), 'what does not depend on it was done');
    assert.not.ok(await exists(bench, `${place}/jobs/replicator`), 'no schedule while a role is missing');
    await refused(`/${place}/jobs`, 'POST', /create Scheduler job/);
    bench.emulator.faults.set([]);
    const { code, out } = await deployHere(bench, config);
    assert.is(code, 0, out);
    assert.match(out, /1 change made\./);
    assert.ok(await exists(bench, `${place}/jobs/replicator`));
  },
);

testWith(
  test,
  ['gcloud'],
  'a policy that somebody changed meanwhile, and a quota: tried again, with everybody’s bindings kept',
  async () => {
    await ask(bench, 'DELETE', `${place}/jobs/replicator`);
    const name = 'roles/artifactregistry.reader';
    await ask(bench, 'POST', `v1/${leader}:setIamPolicy`, {
      policy: { bindings: [{ role: name, members: ['user:somebody@example.com'] }] },
    });
    bench.emulator.faults.set([
      {
        method: 'POST',
        path: `/v1/${leader}:setIamPolicy`,
        status: 409,
        times: 1,
        body: { error: { code: 409, status: 'ABORTED', message: 'There were concurrent policy changes.' } },
      },
      { method: 'POST', path: `/${place}/jobs`, status: 429, times: 1 },
    ]);
    const { code, out } = await deployHere(bench, config);
    assert.is(code, 0, out);
    assert.match(out, /concurrent policy changes.*again in/);
    assert.equal(await rolesOn(bench, leader), {
      [name]: [
        'user:somebody@example.com',
        'serviceAccount:replicator-workflow@acme.iam.gserviceaccount.com',
      ],
    });
  },
);

testWith(test, ['gcloud'], 'a name that is taken is left alone, unless it is to be adopted', async () => {
  await ask(bench, 'POST', `${place}/workflows?workflowId=taken`, {
    sourceContents: '- a:\n    return: 1\n',
    labels: { team: 'a' },
  });
  const { schedule: _, ...unscheduled } = config;
  const taken = { ...unscheduled, name: 'taken' };
  bench.requests.length = 0;
  const refused = await deployHere(bench, taken);
  assert.is(refused.code, 1);
  assert.match(refused.out, /^taken +workflow/m);
  assert.match(refused.out, /npm run deploy -- --adopt/);
  assert.equal(writesOf(bench.requests), []);
  const { code, out } = await deployHere(bench, taken, { adopt: true });
  assert.is(code, 0, out);
  const { labels } = await ask<{ labels: object }>(bench, 'GET', `${place}/workflows/taken`);
  assert.equal(labels, {
    team: 'a',
    'managed-by': 'artifact-registry-cron-replicator',
    replicator: 'taken',
  });
});

test('images stay where somebody else runs them, and where nobody can say who does', async () => {
  const images = 'projects/acme/locations/europe-west1/repositories/cron-replicator';
  await makeRepositories(bench, [images]);
  await ask(bench, 'PATCH', `v1/${images}?updateMask=labels`, {
    labels: { 'managed-by': 'artifact-registry-cron-replicator' },
  });
  const removed = async () => {
    const { changes, kept } = await planDestroy(plansOf(config), bench.session);
    return { isRemoved: changes.some(({ resource }) => resource.name === images), kept: kept.join() };
  };
  assert.equal(await removed(), { isRemoved: true, kept: '' });
  const jobs = '/v2/projects/acme/locations/europe-west1/jobs';
  bench.emulator.faults.set([{ method: 'GET', path: jobs, status: 403 }]);
  const unseen = await removed();
  assert.not.ok(unseen.isRemoved);
  assert.match(
    unseen.kept,
    /kept: .*cron-replicator: what it holds and which jobs use it could not be seen \(/,
  );
  bench.emulator.faults.set([]);
  const image = 'europe-west1-docker.pkg.dev/acme/cron-replicator/job:1';
  await ask(bench, 'POST', `${jobs.slice(1)}?jobId=other`, {
    template: { template: { containers: [{ image }] } },
  });
  const used = await removed();
  assert.not.ok(used.isRemoved);
  assert.match(used.kept, /kept: .*, whose images are used by .*\/jobs\/other/);
  await ask(bench, 'DELETE', `${jobs.slice(1)}/other`);
});

test('images stay where somebody else pushed something beside them', async () => {
  await fill(bench, 'projects/acme/locations/europe-west1/repositories/cron-replicator');
  const { changes, kept } = await planDestroy(plansOf(config), bench.session);
  assert.not.ok(changes.some(({ resource }) => resource.name.endsWith('/cron-replicator')));
  assert.match(kept.join(), /kept: .*cron-replicator, which holds more than our image: \S/);
});

test('images that are replicated themselves stay', async () => {
  const images = 'projects/acme/locations/europe-west1/repositories/cron-replicator';
  for (const own of [
    { ...config, source: images },
    { ...config, destinations: [images] },
  ]) {
    const { changes, kept } = await planDestroy(plansOf(own), bench.session);
    assert.not.ok(changes.some(({ action, resource }) => action === 'remove' && resource.name === images));
    assert.match(kept.join(), /kept: .*cron-replicator, which is copied from or to/);
  }
});

testWith(
  test,
  ['gcloud'],
  'a role of somebody with a condition is kept, and no question is asked',
  async () => {
    const conditional = {
      role: 'roles/artifactregistry.writer',
      members: ['user:somebody@example.com'],
      condition: { title: 'until spring', expression: 'request.time < timestamp("2027-03-20T00:00:00Z")' },
    };
    for (const name of [leader, 'projects/acme'])
      await ask(bench, 'POST', `v1/${name}:setIamPolicy`, {
        policy: { version: 3, bindings: [conditional] },
      });
    const deployed = await deployHere(bench, config);
    assert.is(deployed.code, 0, deployed.out);
    const { schedule: _, ...unscheduled } = config;
    const other = { ...unscheduled, source: follower, destinations: [foreign] };
    // The leader is another now: our role on the old one goes.
    const moved = await deployHere(bench, other);
    assert.is(moved.code, 0, moved.out);
    const { bindings } = await ask<{ bindings: object[] }>(bench, 'GET', `v1/${leader}:getIamPolicy`);
    assert.equal(bindings, [conditional]);
  },
);

test('a gcloud that is not there is reported by the script itself', async () => {
  const empty = join(bench.folder, 'bin');
  mkdirSync(empty, { recursive: true });
  writeFileSync(join(empty, 'gcloud'), '#!/bin/sh\nexit 127\n');
  chmodSync(join(empty, 'gcloud'), 0o755);
  const { createGcloud } = await import('../scripts/cloud/gcloud.ts');
  const gcloud = createGcloud(bench.session.target, { ...process.env, PATH: `${empty}:${process.env.PATH}` });
  const api = createApi(bench.session.target, async () => 'x');
  const findings = await examine(plansOf(config), { ...bench.session, api, gcloud, mayCreate: false });
  gcloud.close();
  assert.match(failures(findings)[0]?.message ?? '', /not installed/);
});

test.run();
