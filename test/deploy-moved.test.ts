/** What is there of an older deploy, or of somebody else: renamed, moved, taken over. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { claimLabel, claimOf } from '../job/difference/guards.ts';
import { apply } from '../scripts/deploy/apply.ts';
import { planDeploy } from '../scripts/deploy/deploy.ts';
import { planDestroy, planOfDeployed } from '../scripts/deploy/destroy.ts';
import {
  ask,
  config,
  type DeployBench,
  deployHere,
  follower,
  foreign,
  leader,
  makeRepositories,
  plansOf,
  startDeployBench,
} from './deploy-bench.ts';
import { testWith } from './parts.ts';

const test = suite('deploy of what moved');

let bench: DeployBench;
test.before(async () => {
  bench = await startDeployBench();
  await makeRepositories(bench, [leader, follower, foreign]);
});
test.after(() => bench.close());

/** A workflow as a deploy leaves it, as far as other commands look at it. */
async function makeWorkflow(
  name: string,
  repositories: readonly string[],
  region = 'europe-west1',
): Promise<void> {
  await ask(bench, 'POST', `v1/projects/acme/locations/${region}/workflows?workflowId=${name}`, {
    sourceContents: `main:\n  steps:\n    - done:\n        return: ${JSON.stringify(repositories)}\n`,
    labels: { 'managed-by': 'artifact-registry-cron-replicator', replicator: name },
  });
}

const surroundings = { createDestinations: false, generated: () => undefined, imageHash: 'abc' };
const planOf = (own: typeof config, adopt = false) =>
  planDeploy(plansOf(own), bench.session, { adopt, ...surroundings });

test('a claim stays for a replicator of another name that follows the same leader', async () => {
  const [, project = '', , location = '', , repository = ''] = leader.split('/');
  const claim = claimOf({ project, location, repository });
  for (const name of [follower, foreign])
    await ask(bench, 'PATCH', `v1/${name}?updateMask=labels`, { labels: { [claimLabel]: claim } });
  await makeWorkflow('old', [leader, follower, foreign]);
  await makeWorkflow('new', [leader, follower]);
  // Of another leader: no claim of this one is of use to it.
  await makeWorkflow('third', ['projects/acme/locations/europe-west1/repositories/other', foreign]);
  const old = await planOfDeployed({ name: 'old', project, region: 'europe-west1' }, bench.session);
  const { changes, kept } = await planDestroy([old], bench.session);
  const removed = changes.flatMap(({ action, resource }) =>
    action === 'remove' && resource.kind === 'claim' ? [resource.name] : [],
  );
  assert.equal(removed, [`${claimLabel} on ${foreign}`]);
  assert.match(kept.join('\n'), /kept: .*\/follower, which .*\/workflows\/new copies to too/);
});

test('a deploy that does not mirror takes no claim from one that may', async () => {
  const own = await planOf(config);
  assert.equal(
    own.filter(({ resource }) => resource.kind === 'claim').map(({ action }) => action),
    [],
  );
  // Nobody else copies from here to there.
  const source = 'projects/acme/locations/europe-west1/repositories/lonely';
  await makeRepositories(bench, [source]);
  const [, project = '', , location = '', , repository = ''] = source.split('/');
  await ask(bench, 'PATCH', `v1/${follower}?updateMask=labels`, {
    labels: { [claimLabel]: claimOf({ project, location, repository }) },
  });
  const [removal] = (await planOf({ ...config, source, destinations: [follower] })).filter(
    ({ resource }) => resource.kind === 'claim',
  );
  assert.is(removal?.action, 'remove');
});

test('a claim stays for a replicator that got another region', async () => {
  await makeWorkflow('old', [leader, foreign], 'europe-west4');
  const old = await planOfDeployed({ name: 'old', project: 'acme', region: 'europe-west1' }, bench.session);
  const { changes, kept } = await planDestroy([old], bench.session);
  assert.not.ok(changes.some(({ resource }) => resource.kind === 'claim'));
  assert.match(kept.join('\n'), /kept: .*, which .*\/europe-west4\/workflows\/old copies to too/);
});

test('a replicator whose region changed: the one that is still there is named, with what takes it away', async () => {
  await ask(bench, 'POST', 'v1/projects/acme/serviceAccounts', {
    accountId: 'replicator-workflow',
    serviceAccount: {
      description: '[artifact-registry-cron-replicator europe-west1/replicator] runs the workflow',
    },
  });
  const { schedule: _, ...unscheduled } = config;
  const moved = { ...unscheduled, region: 'europe-west4' };
  const refused = await deployHere(bench, moved);
  assert.is(refused.code, 1);
  assert.match(
    refused.out,
    /^note: .*\/europe-west1\/workflows\/replicator is .*: npm run destroy -- --name replicator --project acme --region europe-west1$/m,
  );
  assert.match(refused.out, /still those of .*\/europe-west1\/workflows\/replicator\. Nothing was changed\./);
  assert.not.match(refused.out, /--adopt/);
  // Who takes the accounts over all the same is told that the other one goes on.
  const adopted = await deployHere(bench, moved, { adopt: true, dryRun: true });
  assert.match(adopted.out, /^note: .*\/europe-west1\/workflows\/replicator is /m);
});

testWith(test, ['gcloud'], 'a repository of images that was taken over is ours from then on', async () => {
  const images = 'projects/acme/locations/europe-west1/repositories/cron-replicator';
  await makeRepositories(bench, [images]);
  await ask(bench, 'PATCH', `v1/${images}?updateMask=labels`, {
    labels: { team: 'a', 'managed-by': 'them' },
  });
  const { schedule: _, ...unscheduled } = config;
  const withJob = { ...unscheduled, name: 'images', job: true };
  const only = async ({ adopt }: { adopt: boolean }) =>
    (await planOf(withJob, adopt)).filter(({ resource }) => resource.name === images);
  assert.equal(
    (await only({ adopt: false })).map(({ action }) => action),
    ['taken'],
  );
  const changes = await only({ adopt: true });
  const [outcome] = await apply(changes, {
    gcloud: bench.session.gcloud,
    tell: { started: () => {}, again: () => {}, ended: () => {} },
  });
  assert.is(outcome?.state, 'done', outcome?.why);
  assert.equal(
    (await only({ adopt: false })).map(({ action }) => action),
    ['unchanged'],
  );
  const { labels } = await ask<{ labels: object }>(bench, 'GET', `v1/${images}`);
  assert.equal(labels, { team: 'a', 'managed-by': 'artifact-registry-cron-replicator' });
});

test.run();
