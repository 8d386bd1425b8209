/** The command beside a finding mends it, whatever the cause is. */
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { resolve } from '../../generator/resolve.ts';
import { type Api, ApiError } from '../cloud/api.ts';
import { checkKey } from './keys.ts';
import { checkOrganisation } from './project.ts';
import { checkRepositories } from './repositories.ts';
import { checkTopic } from './topic.ts';

const [plan] = resolve({
  project: 'acme',
  region: 'europe-west1',
  source: 'projects/acme/locations/europe-west1/repositories/leader',
  destinations: [
    'projects/acme/locations/us-central1/repositories/follower',
    'projects/acme-dr/locations/us-central1/repositories/follower',
  ],
}).plans;
assert.ok(plan);

/** Answers every read with what it is told. */
function answering(answer: (path: string) => unknown): Api {
  const ask = async (_: unknown, path: string) => answer(path) as never;
  return { get: ask, find: ask, ask, list: async () => [] };
}

test('an inherited organisation policy is overridden: there may be none of the project to delete', async () => {
  const [finding] = await checkOrganisation(
    answering(() => ({ booleanPolicy: { enforced: true } })),
    { emulator: undefined },
    plan,
  );
  assert.is(
    finding?.fix,
    'gcloud resource-manager org-policies disable-enforce iam.disableServiceAccountCreation --project=acme',
  );
});

test('a version of a key that is to be destroyed cannot be enabled: the key gets a new one', async () => {
  const key = 'projects/acme/locations/us-central1/keyRings/ring/cryptoKeys/key';
  const repository = { project: 'acme', location: 'us-central1', repository: 'follower' };
  const flags = '--key=key --project=acme --location=us-central1 --keyring=ring';
  const fixes: Readonly<Record<string, string>> = {
    DISABLED: `gcloud kms keys versions enable 3 ${flags}`,
    DESTROY_SCHEDULED: `gcloud kms keys versions create ${flags} --primary`,
    DESTROYED: `gcloud kms keys versions create ${flags} --primary`,
  };
  for (const [state, fix] of Object.entries(fixes)) {
    const primary = { name: `${key}/cryptoKeyVersions/3`, state };
    const found = await checkKey(
      answering(() => ({ purpose: 'ENCRYPT_DECRYPT', primary })),
      repository,
      key,
    );
    assert.is(found.fix, fix, state);
  }
});

test('where Artifact Registry is off in a project that the deploy enables nothing in, it is to be enabled', async () => {
  const off = answering((path) => {
    if (path.includes('/acme/locations/us-')) return undefined;
    if (path.includes('/acme/')) return { format: 'DOCKER' };
    throw new ApiError(403, 'Artifact Registry API has not been used', 'SERVICE_DISABLED');
  });
  const enable = 'gcloud services enable artifactregistry.googleapis.com --project=acme-dr';
  for (const mayCreate of [true, false]) {
    const found = await checkRepositories(off, plan, mayCreate, 'user:me@example.com');
    const [, , follower] = found.filter(({ check }) => check === 'leader' || check === 'follower');
    assert.is(follower?.state, 'fail');
    assert.match(follower?.message ?? '', /the Artifact Registry API is not enabled in acme-dr/);
    assert.is(follower?.fix, enable);
  }
});

test('what is hidden may be missing too: the command that makes it, or the role to make it with', async () => {
  const hidden = answering((path) => {
    if (path.endsWith(':testIamPermissions')) return {};
    if (path.includes('/acme/')) return { format: 'DOCKER' };
    throw new ApiError(403, "Permission denied on resource 'it' (or it may not exist)");
  });
  const told = async (mayCreate: boolean) =>
    (await checkRepositories(hidden, plan, mayCreate, 'user:me@example.com'))
      .filter(({ state }) => state === 'fail')
      .map(({ message, fix }) => `${message}: ${fix}`);
  const make = 'gcloud artifacts repositories create follower --project=acme-dr --location=us-central1';
  const [follower = '', ...others] = await told(false);
  assert.match(follower, /acme-dr.* cannot be read, or is not there \(Permission/);
  assert.ok(follower.endsWith(`: ${make} --repository-format=docker`), follower);
  assert.equal(others, []);
  const [, role = ''] = await told(true);
  assert.match(role, /projects add-iam-policy-binding acme-dr --role=roles\/artifactregistry\.admin/);
  const topic = 'projects/acme-ops/topics/replication';
  const [seen] = await checkTopic(hidden, { ...plan, notify: { topic, on: 'always' } });
  assert.is(seen?.fix, 'gcloud pubsub topics create replication --project=acme-ops');
});

test.run();
