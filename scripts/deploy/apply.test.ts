/** How changes are made, with a gcloud that says what it is told to. */
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { type ApplyOptions, apply, type Outcome } from './apply.ts';
import type { Change } from './difference.ts';
import type { Image, ServiceAccount, Workflow } from './resource.ts';

const account: ServiceAccount = {
  kind: 'serviceAccount',
  id: 'serviceAccount replicator-workflow',
  name: 'replicator-workflow',
  owner: 'replicator',
  project: 'acme',
  account: 'replicator-workflow',
  email: 'replicator-workflow@acme.iam.gserviceaccount.com',
  fields: { displayName: '', description: '' },
};
const workflow: Workflow = {
  kind: 'workflow',
  id: 'workflow replicator',
  name: 'replicator',
  owner: 'replicator',
  project: 'acme',
  region: 'europe-west1',
  workflow: 'replicator',
  file: 'replicator.yaml',
  fields: {
    source: '',
    serviceAccount: account.email,
    description: '',
    labels: {},
    callLogLevel: 'LOG_ERRORS_ONLY',
    executionHistoryLevel: 'EXECUTION_HISTORY_BASIC',
  },
};
const creation = (resource: Change['resource'], ...after: string[]): Change => ({
  action: 'create',
  resource,
  fields: [],
  found: undefined,
  after,
});

/** Applies changes with commands that end as they are told, the last ones well. */
async function applied(
  changes: readonly Change[],
  failures: readonly string[],
  options: Partial<ApplyOptions> = {},
): Promise<{ outcomes: Outcome[]; commands: number }> {
  const left = [...failures];
  let commands = 0;
  const outcomes = await apply(changes, {
    gcloud: {
      run: async () => {
        commands++;
        const stderr = left.shift();
        return { exitCode: stderr === undefined ? 0 : 1, stdout: '', stderr: stderr ?? '' };
      },
    },
    tell: { started: () => {}, again: () => {}, ended: () => {} },
    backoff: 0.001,
    concurrency: 1,
    ...options,
  });
  return { outcomes, commands };
}

const exists =
  'ERROR: (gcloud.iam.service-accounts.create) Service account replicator-workflow already exists';

test('what is there after all was made by a request whose answer was lost', async () => {
  const answers = [false, false, true];
  const isMade = async () => answers.shift() ?? false;
  const { outcomes, commands } = await applied([creation(account)], [exists], { isMade });
  assert.is(outcomes[0]?.state, 'done');
  assert.is(commands, 1, 'a command that takes over what is there must not be run again');
});

test('what is gone is removed; where there is no gcloud nothing is', async () => {
  const ended = async (exitCode: number, stderr: string) => {
    const run = async () => ({ exitCode, stdout: '', stderr });
    const { outcomes } = await applied([{ ...creation(account), action: 'remove' }], [], { gcloud: { run } });
    return outcomes[0]?.state;
  };
  assert.is(await ended(1, 'ERROR: (gcloud.iam) NOT_FOUND: Unknown service account'), 'done');
  assert.is(await ended(127, 'sh: 1: gcloud: not found'), 'failed');
});

test('what is there and not ours fails', async () => {
  const { outcomes, commands } = await applied([creation(account)], [exists]);
  assert.equal([outcomes[0]?.state, outcomes[0]?.why], ['failed', exists]);
  assert.is(commands, 1);
});

test('a build that failed since another one had pushed its image has what it was for', async () => {
  const name = 'europe-west1-docker.pkg.dev/acme/cron-replicator/job:0123';
  const image: Image = {
    kind: 'image',
    id: `image ${name}`,
    name,
    owner: '',
    project: 'acme',
    region: 'europe-west1',
    repository: { project: 'acme', location: 'europe-west1', repository: 'cron-replicator' },
    image: name,
    fields: {},
  };
  const failed = 'ERROR: (gcloud.builds.submit) build 42 completed with status "FAILURE"';
  const made = await applied([creation(image)], [failed], { isMade: async () => true });
  assert.is(made.outcomes[0]?.state, 'done');
  const { outcomes } = await applied([creation(image)], [failed]);
  assert.equal([outcomes[0]?.state, outcomes[0]?.why], ['failed', failed]);
  const passing = await applied([creation(image)], ['ERROR: UNAVAILABLE']);
  assert.equal([passing.outcomes[0]?.state, passing.commands], ['done', 2]);
});

const denied = `ERROR: (gcloud.workflows.deploy) PERMISSION_DENIED: Permission 'iam.serviceaccounts.actAs' denied on service account ${account.email} (or it may not exist).`;

test('an account that was made just now may not be known yet, one that was there is', async () => {
  const changes = [creation(account), creation(workflow, account.id)];
  let isFirst = true;
  const gcloud: ApplyOptions['gcloud'] = {
    run: async ([first]) => {
      const fails = first === 'workflows' && isFirst;
      if (fails) isFirst = false;
      return { exitCode: fails ? 1 : 0, stdout: '', stderr: fails ? denied : '' };
    },
  };
  const { outcomes } = await applied(changes, [], { gcloud });
  assert.equal(
    outcomes.map(({ state }) => state),
    ['done', 'done'],
  );
  const old = await applied([creation(workflow)], [denied]);
  assert.equal([old.outcomes[0]?.state, old.commands], ['failed', 1]);
});

test.run();
