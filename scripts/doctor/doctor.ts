/** Looks at everything that a deploy needs, and changes nothing. */
import type { WorkflowPlan } from '../../generator/plan.ts';
import type { Api } from '../cloud/api.ts';
import type { Gcloud } from '../cloud/gcloud.ts';
import type { Target } from '../cloud/target.ts';
import { checkAccounts } from './accounts.ts';
import { checkChannels } from './channels.ts';
import { checkClient } from './client.ts';
import type { Finding } from './finding.ts';
import { checkPermissions, memberOf } from './permissions.ts';
import { checkApis, checkBilling, checkOrganisation, checkProject, projectsOf } from './project.ts';
import { checkRepositories } from './repositories.ts';
import { checkTopic } from './topic.ts';

/** What the doctor works with. */
export interface DoctorTools {
  readonly target: Target;
  readonly gcloud: Pick<Gcloud, 'run'>;
  readonly api: Api;
  readonly applicationDefault: () => Promise<unknown>;
  /** Followers that are missing are made by the deploy. */
  readonly mayCreate: boolean;
}

/** Every finding, in the order in which a person would look. */
export async function examine(plans: readonly WorkflowPlan[], tools: DoctorTools): Promise<Finding[]> {
  const { target, api, mayCreate } = tools;
  const hasAlerts = plans.some(({ monitoring }) => monitoring?.alerts);
  const client = await checkClient({ ...tools, hasAlerts });
  // Without a token every other question has the same answer.
  if (
    client.findings.some(({ check, state }) => state === 'fail' && (check === 'gcloud' || check === 'login'))
  )
    return client.findings;
  const projects = projectsOf(plans);
  const member = memberOf(client.account);
  const found = await Promise.all(
    projects.map((project) => {
      const isHome = plans.some((plan) => plan.project === project);
      return checkProject(api, project, isHome, member);
    }),
  );
  const missing = new Set(projects.filter((_, index) => found[index]?.state === 'fail'));
  const present = plans.filter((plan) => !projectsOf([plan]).some((project) => missing.has(project)));
  const homes = [...new Set(present.map(({ project }) => project))];
  const others = await Promise.all([
    ...homes.map((project) => checkBilling(api, target, project)),
    ...homes.map((project) => checkOrganisation(api, target, firstIn(present, project))),
    ...homes.map((project) => checkApis(api, present, project)),
    // Of projects that are not there nothing can be asked.
    present.length > 0 ? checkPermissions(api, present, member) : [],
    ...present.map((plan) => checkAccounts(api, plan)),
    ...present.map((plan) => checkChannels(api, plan)),
    ...present.map((plan) => checkTopic(api, plan)),
    ...present.map((plan) => checkRepositories(api, plan, mayCreate || plan.create !== undefined, member)),
  ]);
  return unique([...client.findings, ...found, ...others.flat()]);
}

function firstIn(plans: readonly WorkflowPlan[], project: string): WorkflowPlan {
  const plan = plans.find((one) => one.project === project);
  if (!plan) throw new Error(`no replicator in ${project}`);
  return plan;
}

/** Several replicators may share a leader. */
function unique(all: readonly Finding[]): Finding[] {
  return [...new Map(all.map((finding) => [`${finding.check} ${finding.message}`, finding])).values()];
}
