/** Our service accounts: a deploy leaves one disabled that somebody disabled, and then nothing runs. */
import type { WorkflowPlan } from '../../generator/plan.ts';
import { type Api, ApiError } from '../cloud/api.ts';
import { commandLine } from '../cloud/gcloud.ts';
import { accountEmail } from '../deploy/names.ts';
import type { Who } from '../permissions/grants.ts';
import { type Finding, findings } from './finding.ts';

/** Nothing of those that are not there: the deploy makes them. */
export async function checkAccounts(api: Api, plan: WorkflowPlan): Promise<Finding[]> {
  const whose: Who[] = [
    'workflow',
    ...(plan.schedule ? (['scheduler'] as const) : []),
    ...(plan.job ? (['job'] as const) : []),
  ];
  const found = await Promise.all(
    whose.map((who) => checkAccount(api, plan.project, accountEmail(plan, who))),
  );
  return found.filter((finding) => finding !== undefined);
}

async function checkAccount(api: Api, project: string, email: string): Promise<Finding | undefined> {
  const { ok, note } = findings('accounts');
  try {
    const path = `v1/projects/${project}/serviceAccounts/${email}`;
    const there = await api.find<{ disabled?: boolean }>('iam', path);
    if (!there) return undefined;
    if (!there.disabled) return ok(email);
    // Whoever did it may have meant to stop what runs: it is not for a deploy to undo.
    return note(
      `${email} is disabled: nothing runs as it until it is enabled`,
      commandLine(['iam', 'service-accounts', 'enable', email, `--project=${project}`]),
    );
  } catch (error) {
    // Whether it may be read is told with the permissions.
    if (error instanceof ApiError) return undefined;
    throw error;
  }
}
