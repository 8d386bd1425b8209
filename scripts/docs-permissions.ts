/**
 * Writes `docs/permissions.md` from the table of roles in `scripts/permissions/`. Deterministic; `--check`
 * writes nothing and exits 1 when the page is stale.
 */
import { markdownTable } from '../job/print/markdown.ts';
import { runDocs } from './docs-page.ts';
import { type Grant, grants } from './permissions/grants.ts';
import { type Need, needs } from './permissions/needs.ts';

const places: Readonly<Record<Grant['on'] | Need['on'], string>> = {
  project: 'the project',
  source: 'the leader',
  destination: 'each follower',
  'destination project': "the follower's project",
  key: 'the key',
  job: 'the Cloud Run job',
  topic: 'the topic',
};

/** The whole page. */
function permissionsPage(): string {
  const accounts = (['scheduler', 'workflow', 'job'] as const).map((who) =>
    [`### ${accountTitles[who]}`, table(grants.filter((grant) => grant.who === who))].join('\n\n'),
  );
  const people = (['deployer', 'operator'] as const).map((who) =>
    [`### ${peopleTitles[who]}`, table(needs.filter((need) => need.who === who))].join('\n\n'),
  );
  return `${[HEAD, ...accounts, PEOPLE, ...people, FOOT].join('\n\n')}\n`;
}

const accountTitles = {
  scheduler: 'Scheduler: `NAME-scheduler`',
  workflow: 'Workflow: `NAME-workflow`',
  job: 'Cloud Run job: `NAME-job`',
} as const;

const peopleTitles = {
  deployer: 'Deployer: `npm run deploy`, `npm run destroy`',
  operator: 'Operator: `npm run replicate`, `status`, `logs`, `plan`',
} as const;

const HEAD = `<!-- Written by scripts/docs-permissions.ts from scripts/permissions/. Edit the table there. -->

# Permissions

Who needs which role, on what and why. The deploy makes its bindings from the same table that this page is written
from, and a test takes each role away in turn and sees what fails for want of it.

Roles on Artifact Registry are given on single repositories, never on a project. Workflows has no policies below the
project, so what concerns it is given there.

## Service accounts

\`deploy\` makes one for each part of a replicator, gives it these roles and no others, and takes away a role that the
config no longer asks for. \`NAME\` is the replicator's name; one that does not fit is cut and told apart by a hash.`;

const PEOPLE = `## People

Nothing here is given by the deploy. \`npm run doctor\` asks for each permission before anything is changed, and has the
command for each that is missing. Owners of the projects have them all.`;

const FOOT = `## Google's own accounts

| account | needs | why |
|---|---|---|
| Cloud Scheduler's service agent | \`roles/cloudscheduler.serviceAgent\` on the project, which it gets when the API is enabled | makes tokens for \`NAME-scheduler\` |
| Cloud Build's account | its usual roles, as \`roles/cloudbuild.builds.builder\` has them; an organisation policy may keep a default account from getting any | builds the image of the job |
| Artifact Registry's service agent | \`roles/cloudkms.cryptoKeyEncrypterDecrypter\` on the key of a follower that is made with one; gcloud gives it while it makes the repository, if the deployer may, and nothing takes it away again, since the follower stays | encrypts what the follower holds |
| Cloud Run's service agent | to pull an image from another project: \`roles/artifactregistry.reader\` on its repository | starts the job with an image that is given in the config |

## What is not confirmed

- Which permissions CopyRepository asks for is not documented. \`roles/artifactregistry.reader\` on the leader and
  \`roles/artifactregistry.writer\` on the follower are what a public example gives.
- Whether \`roles/run.viewer\` on the job alone lets the workflow poll the operation of a run, or it is needed on the
  project: an execution that waits for the job and is refused names the permission.
- Whether starting a run of the job also asks for \`iam.serviceAccounts.actAs\` on the job's own account: Cloud Run's
  page on access does not say so, a public report of its \`v2\` API does. An execution that is refused names the
  permission; \`roles/iam.serviceAccountUser\` on that one account gives it.
- What a workflow does that may not write log entries. The emulator lets it fail, which is the harder side.`;

function table(rows: readonly (Grant | Need)[]): string {
  return markdownTable([
    ['role', 'on', 'when', 'why', 'permissions that it is for'],
    ...rows.map(({ role, on, when, permissions, why }) => [
      ...[`\`${role}\``, places[on], when || 'always', why],
      permissions.map((one) => `\`${one}\``).join(', '),
    ]),
  ]);
}

await runDocs(
  'docs-permissions',
  'docs/permissions.md',
  'the table of roles that the deploy works by',
  permissionsPage,
);
