/** Projects: that they are there, are billed, and have no organisation policy that stands in the way. */
import type { WorkflowPlan } from '../../generator/plan.ts';
import { type Api, ApiError } from '../cloud/api.ts';
import { commandLine } from '../cloud/gcloud.ts';
import type { Target } from '../cloud/target.ts';
import { apisOf } from '../deploy/desired.ts';
import { apisIn } from '../deploy/read-resource.ts';
import { type Finding, findings } from './finding.ts';

/** Every project of a config: where workflows live, and where repositories do. */
export function projectsOf(plans: readonly WorkflowPlan[]): string[] {
  return [
    ...new Set(
      plans.flatMap((plan) => [
        plan.project,
        plan.source.project,
        ...plan.destinations.map(({ repository }) => repository.project),
      ]),
    ),
  ];
}

/**
 * @param isHome something is deployed to it; of others only repositories are looked at, which may be seen alone
 * @param member whom a command that mends it names
 */
export async function checkProject(
  api: Api,
  project: string,
  isHome: boolean,
  member: string,
): Promise<Finding> {
  const { ok, fail, note } = findings('project');
  try {
    const { lifecycleState } = await api.get<{ lifecycleState?: string }>(
      'cloudresourcemanager',
      `v1/projects/${project}`,
    );
    if (lifecycleState === 'ACTIVE') return ok(project);
    return fail(`${project} is ${lifecycleState}`, commandLine(['projects', 'undelete', project]));
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    if (error.status === 403 && !isHome) return note(`${project} may not be seen, its repositories may`);
    // For a project that isn't there the service says the same as for one that is not ours to see.
    if (error.status === 403 || error.status === 404)
      return fail(
        `there is no project ${project}, or it may not be seen (${error.message})`,
        `${commandLine(['projects', 'list'])}, or ${commandLine([
          ...['projects', 'add-iam-policy-binding', project, '--role=roles/resourcemanager.projectIamAdmin'],
          ...[`--member=${member}`, '--condition=None'],
        ])}`,
      );
    return fail(`${project}: ${error.message}`, commandLine(['projects', 'describe', project]));
  }
}

export async function checkBilling(api: Api, target: Target, project: string): Promise<Finding> {
  const { ok, fail, note, na } = findings('billing');
  if (target.emulator) return na(`${project}: nothing is billed on the emulator`);
  const fix = commandLine(['billing', 'projects', 'link', project, '--billing-account=ACCOUNT_ID']);
  try {
    const { billingEnabled } = await api.get<{ billingEnabled?: boolean }>(
      'cloudbilling',
      `v1/projects/${project}/billingInfo`,
    );
    return billingEnabled ? ok(project) : fail(`${project} has no billing account`, fix);
  } catch (error) {
    return note(`${project}: could not be read (${(error as Error).message})`);
  }
}

interface OrgPolicy {
  readonly booleanPolicy?: { readonly enforced?: boolean };
  readonly listPolicy?: {
    readonly allowedValues?: readonly string[];
    readonly deniedValues?: readonly string[];
    readonly allValues?: string;
  };
}

/** Policies that are known to bite, and what each means here. */
const constraints: readonly {
  readonly name: string;
  readonly judge: (policy: OrgPolicy, plan: WorkflowPlan) => Omit<Finding, 'check'> | undefined;
}[] = [
  {
    name: 'iam.disableServiceAccountCreation',
    judge: ({ booleanPolicy }, { project }) =>
      booleanPolicy?.enforced
        ? {
            state: 'fail',
            message: `no service account can be made in ${project}`,
            // Mostly inherited: the project has none of its own that could be deleted.
            fix: commandLine([
              ...['resource-manager', 'org-policies', 'disable-enforce'],
              ...['iam.disableServiceAccountCreation', `--project=${project}`],
            ]),
          }
        : undefined,
  },
  {
    name: 'iam.automaticIamGrantsForDefaultServiceAccounts',
    judge: ({ booleanPolicy }, { project, job }) =>
      booleanPolicy?.enforced && job && job.image === undefined
        ? {
            state: 'note',
            message: `default service accounts of ${project} get no roles: the build of the image may lack some`,
            fix: commandLine([
              ...['projects', 'add-iam-policy-binding', project, '--role=roles/cloudbuild.builds.builder'],
              '--member=serviceAccount:PROJECT_NUMBER-compute@developer.gserviceaccount.com',
            ]),
          }
        : undefined,
  },
  {
    name: 'gcp.resourceLocations',
    judge: ({ listPolicy = {} }, { region }) => {
      const { allowedValues = [], deniedValues = [], allValues } = listPolicy;
      if (allValues === 'ALLOW' || allowedValues.length + deniedValues.length === 0) return undefined;
      return {
        state: 'note',
        message: `locations are restricted (allowed: ${allowedValues.join(', ') || 'all others'}; denied: ${deniedValues.join(', ') || 'none'}): see that ${region} and the followers' are allowed`,
      };
    },
  },
  {
    name: 'iam.allowedPolicyMemberDomains',
    judge: ({ listPolicy = {} }, plan) => {
      const isForeign = projectsOf([plan]).length > 1;
      if (!listPolicy.allowedValues?.length || !isForeign) return undefined;
      return {
        state: 'note',
        message:
          'members of policies are restricted by domain: a follower in another organisation may refuse our accounts',
      };
    },
  },
];

export async function checkOrganisation(api: Api, target: Target, plan: WorkflowPlan): Promise<Finding[]> {
  const { project } = plan;
  const { ok, note, na } = findings('organisation');
  if (target.emulator) return [na(`${project}: the emulator has no organisation policies`)];
  const found = await Promise.all(
    constraints.map(async ({ name, judge }): Promise<Finding | undefined> => {
      try {
        const policy = await api.ask<OrgPolicy>(
          'cloudresourcemanager',
          `v1/projects/${project}:getEffectiveOrgPolicy`,
          { constraint: `constraints/${name}` },
        );
        const judged = judge(policy, plan);
        return judged && { check: 'organisation', ...judged };
      } catch (error) {
        return note(`${name} could not be read (${(error as Error).message})`);
      }
    }),
  );
  const bad = found.filter((finding) => finding !== undefined);
  return bad.length > 0 ? bad : [ok(`${project}: no policy in the way`)];
}

/** APIs of a project; those that are off are for the deploy to enable. */
export async function checkApis(api: Api, plans: readonly WorkflowPlan[], project: string): Promise<Finding> {
  const { ok, note, fail } = findings('APIs');
  const names = [...new Set(plans.filter((plan) => plan.project === project).flatMap(apisOf))];
  const enable = commandLine(['services', 'enable', ...names, `--project=${project}`]);
  try {
    const apis = await apisIn(api, project, names);
    const off = apis.filter(({ isEnabled }) => !isEnabled).map(({ name }) => name);
    if (off.length === 0) return ok(`${project}: all ${names.length} are enabled`);
    return note(
      `${project}: ${off.join(', ')} will be enabled by the deploy`,
      commandLine(['services', 'enable', ...off, `--project=${project}`]),
    );
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    return fail(`${project}: could not be read (${error.message})`, enable);
  }
}
