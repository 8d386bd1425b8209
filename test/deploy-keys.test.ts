/** Followers that a deploy makes with a Cloud KMS key: what gcloud asks, who may use the key, and what is in the way. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { openSession } from '../scripts/cloud/session.ts';
import { examine } from '../scripts/doctor/doctor.ts';
import { needs } from '../scripts/permissions/needs.ts';
import {
  ask,
  config,
  type DeployBench,
  deployHere,
  exists,
  leader,
  makeRepositories,
  plansOf,
  rolesOn,
  setPolicy,
  startDeployBench,
  writesOf,
} from './deploy-bench.ts';
import { testWith } from './parts.ts';

const test = suite('deploy with a key');
const follower = 'projects/acme-dr/locations/us-east1/repositories/encrypted';
const ring = 'projects/acme-keys/locations/us-east1/keyRings/images';
const key = `${ring}/cryptoKeys/prod`;
const { schedule: _, ...unscheduled } = config;
const encrypted = { ...unscheduled, destinations: [follower], createDestinations: { kmsKeys: [key] } };
const role = 'roles/cloudkms.cryptoKeyEncrypterDecrypter';
const deployer = 'dev@example.com';

let bench: DeployBench;
test.before.each(async () => {
  bench = await startDeployBench({ iam: true });
  await makeRepositories(bench, [leader]);
});
test.after.each(() => bench.close());

async function makeKey(purpose = 'ENCRYPT_DECRYPT'): Promise<void> {
  await ask(bench, 'POST', 'v1/projects/acme-keys/locations/us-east1/keyRings?keyRingId=images', {});
  await ask(bench, 'POST', `v1/${ring}/cryptoKeys?cryptoKeyId=prod`, { purpose });
}

/** Whom Artifact Registry encrypts as in the follower's project. */
async function agent(): Promise<string> {
  const { projectNumber } = await ask<{ projectNumber: string }>(bench, 'GET', 'v1/projects/acme-dr');
  return `serviceAccount:service-${projectNumber}@gcp-sa-artifactregistry.iam.gserviceaccount.com`;
}

/** What the doctor says of the follower and its key, to somebody whose gcloud is recent. */
async function doctor(session = bench.session): Promise<string> {
  const gcloud = {
    run: async () => ({ exitCode: 0, stdout: '{"Google Cloud SDK":"999.0.0"}', stderr: '' }),
  };
  const findings = await examine(plansOf(encrypted), { ...session, gcloud, mayCreate: false });
  return findings
    .filter(({ state }) => state === 'fail' || state === 'note')
    .map(({ state, message, fix = '' }) => `${state} ${message} [${fix}]`)
    .join('\n');
}

testWith(
  test,
  ['gcloud'],
  'the follower is made with the key, which the service agent is let use; again all is unchanged',
  async () => {
    await makeKey();
    const others = { 'roles/cloudkms.viewer': ['user:somebody@example.com'] };
    await setPolicy(bench, key, others);
    const { code, out } = await deployHere(bench, encrypted);
    assert.is(code, 0, out);
    assert.match(out, new RegExp(`artifacts repositories create encrypted .*--kms-key=${key}$`, 'm'));
    const { kmsKeyName } = await ask<{ kmsKeyName: string }>(bench, 'GET', `v1/${follower}`);
    assert.is(kmsKeyName, key);
    assert.equal(await rolesOn(bench, key), { ...others, [role]: [await agent()] });
    bench.requests.length = 0;
    const again = await deployHere(bench, encrypted);
    assert.is(again.code, 0);
    assert.not.match(again.out, /^(create|update|remove)/m);
    assert.equal(writesOf(bench.requests), []);
  },
);

testWith(
  test,
  ['gcloud'],
  'a key that cannot be used fails the follower, and only what needs it',
  async () => {
    const { code, out } = await deployHere(bench, encrypted);
    assert.is(code, 1);
    assert.match(out, new RegExp(`create repository ${follower}: ERROR: .*NOT_FOUND.*${key}`));
    assert.match(out, /To go on, when the cause is removed: npm run deploy/);
    assert.not.ok(await exists(bench, `v1/${follower}`));
    assert.ok(await exists(bench, 'v1/projects/acme/locations/europe-west1/workflows/replicator'));
    await makeKey();
    const again = await deployHere(bench, encrypted);
    assert.is(again.code, 0, again.out);
  },
);

testWith(
  test,
  ['gcloud'],
  'the doctor looks at the key first, and its commands mend what it finds',
  async () => {
    const mend = async (found: string) => {
      const [, commands = ''] = /\[(gcloud kms .*)\]$/m.exec(found) ?? [];
      for (const command of commands.split(' && ')) {
        const { exitCode, stderr } = await bench.session.gcloud.run(command.split(' ').slice(1));
        assert.is(exitCode, 0, stderr);
      }
    };
    const missing = await doctor();
    assert.match(missing, /fail .* is to be made with .*, which does not exist/);
    assert.match(missing, /kms keyrings create images .* && gcloud kms keys create prod /);
    await mend(missing);
    const forbidden = await doctor();
    assert.match(forbidden, /note .* does not name Artifact Registry's service agent; gcloud gives it/);
    await mend(forbidden);
    assert.equal(await rolesOn(bench, key), { [role]: [await agent()] });
    assert.not.match(await doctor(), /cryptoKeys/);
  },
);

test('a key of another location is refused by the config, and by the service', async () => {
  const elsewhere = 'projects/acme-dr/locations/us-west1/repositories/encrypted';
  assert.throws(() => plansOf({ ...encrypted, destinations: [elsewhere] }), /no follower is in "us-east1"/);
  await makeKey();
  const body = { format: 'DOCKER', kmsKeyName: key };
  const parent = 'v1/projects/acme-dr/locations/us-west1';
  const refused = await ask(bench, 'POST', `${parent}/repositories?repositoryId=encrypted`, body).then(
    () => '',
    ({ message }: Error) => message,
  );
  assert.match(refused, /: 400 .*The Cloud KMS key is in us-east1/);
});

test('a key for something else than encryption is refused', async () => {
  await makeKey('MAC');
  assert.match(await doctor(), /fail .*, whose purpose is MAC/);
});

test('a follower is not made without a key where the config names keys for others', async () => {
  const [plan] = plansOf({
    ...encrypted,
    destinations: [follower, 'projects/acme/locations/us-west1/repositories/other'],
  });
  assert.ok(plan);
  const gcloud = {
    run: async () => ({ exitCode: 0, stdout: '{"Google Cloud SDK":"999.0.0"}', stderr: '' }),
  };
  const findings = await examine([plan], { ...bench.session, gcloud, mayCreate: false });
  const failed = findings.filter(({ state }) => state === 'fail').map(({ message }) => message);
  assert.ok(failed.some((message) => /us-west1.* would be made without a key of yours/.test(message)));
});

testWith(
  test,
  ['gcloud'],
  'with exactly the roles that making a follower asks for a deploy passes',
  async () => {
    await makeKey();
    const grant = async (but?: string) => {
      const given: Record<string, Record<string, string[]>> = {};
      for (const need of needs) {
        if (need.who !== 'deployer' || (need.role === but && need.on !== 'source')) continue;
        const on = {
          project: 'projects/acme',
          source: leader,
          destination: '',
          'destination project': 'projects/acme-dr',
          topic: '',
          key,
        }[need.on];
        if (on !== '') given[on] = { ...given[on], [need.role]: [`user:${deployer}`] };
      }
      for (const [name, roles] of Object.entries(given)) await setPolicy(bench, name, roles);
      if (but === 'roles/cloudkms.admin') await setPolicy(bench, key, {});
      if (but === 'roles/artifactregistry.admin')
        await setPolicy(bench, 'projects/acme-dr', {
          'roles/artifactregistry.reader': [`user:${deployer}`],
          'roles/browser': [`user:${deployer}`],
        });
    };
    const session = openSession({
      ...process.env,
      REPLICATOR_EMULATOR_HOST: bench.emulator.host,
      REPLICATOR_EMULATOR_TOKEN: `emulated:${deployer}`,
    });
    const own = { ...bench, session };
    try {
      await grant('roles/artifactregistry.admin');
      const lacking = await doctor(session);
      assert.match(lacking, /fail projects\/acme-dr: artifactregistry\.repositories\.create missing/);
      assert.match(lacking, /projects add-iam-policy-binding acme-dr --role=roles\/artifactregistry\.admin/);
      // Who may not see the key's policy can't give the role, and gcloud goes on: the service says why not.
      await grant('roles/cloudkms.admin');
      assert.match(
        await doctor(session),
        /note .*, of which not all could be seen \(.*cloudkms\.cryptoKeys\.get/,
      );
      const refused = await deployHere(own, encrypted);
      assert.is(refused.code, 1);
      assert.match(refused.out, /create repository .*service-\d+@gcp-sa-artifactregistry.* lacks permission/);
      await grant();
      const { code, out } = await deployHere(own, encrypted, { skipDoctor: false });
      assert.is(code, 0, out);
    } finally {
      session.gcloud.close();
    }
  },
);

test.run();
