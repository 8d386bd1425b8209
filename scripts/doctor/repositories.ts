/** The leader and its followers: that they are there, and fit together. */
import { type RepositoryName, resourceName, type WorkflowPlan } from '../../generator/plan.ts';
import { claimLabel, claimOf } from '../../job/difference/guards.ts';
import { type Api, ApiError, isDisabled } from '../cloud/api.ts';
import { commandLine } from '../cloud/gcloud.ts';
import { repositoryCommand } from '../cloud/repository-command.ts';
import type { RepositoryState } from '../deploy/read-resource.ts';
import { checkCreation, checkMaker } from './creation.ts';
import { type Finding, findings } from './finding.ts';

const standard = 'STANDARD_REPOSITORY';

/**
 * @param mayCreate missing followers are made by the deploy
 * @param member whom a command that mends it names
 */
export async function checkRepositories(
  api: Api,
  plan: WorkflowPlan,
  mayCreate: boolean,
  member: string,
): Promise<Finding[]> {
  const leader = await read(api, plan, plan.source);
  const followers = await Promise.all(
    plan.destinations.map(async ({ repository, mirror }) => {
      const follower = await read(api, plan, repository);
      if (!follower && mayCreate) {
        const key = leader && !(leader instanceof ApiError) ? leader.kmsKeyName : undefined;
        return checkCreation(api, plan, repository, key, member);
      }
      const checked = checkFollower(plan, repository, mirror !== undefined, leader, follower);
      // It may be missing: who may make it is told so, and who may not has the command for the role.
      const isHidden = follower instanceof ApiError && follower.status === 403 && !isDisabled(follower);
      return isHidden && mayCreate
        ? [checked, ...(await checkMaker(api, plan, repository, member))]
        : [checked];
    }),
  );
  return [checkLeader(plan.source, leader), ...followers.flat()];
}

/** The repository; nothing; or why it can't be read. */
type Read = RepositoryState | undefined | ApiError;

async function read(api: Api, { project }: WorkflowPlan, name: RepositoryName): Promise<Read> {
  try {
    return await api.find<RepositoryState>('artifactregistry', `v1/${resourceName(name)}`);
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    // There the deploy enables it, and until then there is no repository.
    return isDisabled(error) && name.project === project ? undefined : error;
  }
}

/** @param otherwise the command where it is not there: to whom it is hidden the service does not say which it is */
function unreadable(
  check: 'leader' | 'follower',
  name: RepositoryName,
  error: ApiError,
  otherwise: string,
): Finding {
  const { fail } = findings(check);
  const { project } = name;
  if (isDisabled(error))
    return fail(
      `${resourceName(name)} cannot be there: the Artifact Registry API is not enabled in ${project}`,
      commandLine(['services', 'enable', 'artifactregistry.googleapis.com', `--project=${project}`]),
    );
  if (error.status === 403)
    return fail(`${resourceName(name)} cannot be read, or is not there (${error.message})`, otherwise);
  return fail(
    `${resourceName(name)} cannot be read (${error.message})`,
    commandLine(repositoryCommand('describe', name)),
  );
}

function create(name: RepositoryName, format: string): string {
  return commandLine(repositoryCommand('create', name, `--repository-format=${format.toLowerCase()}`));
}

function checkLeader(name: RepositoryName, leader: Read): Finding {
  const { ok, fail } = findings('leader');
  if (leader instanceof ApiError) return unreadable('leader', name, leader, create(name, 'docker'));
  if (!leader) return fail(`there is no repository ${resourceName(name)}`, create(name, 'docker'));
  const { format = '', mode = standard } = leader;
  if (mode !== standard)
    return fail(
      `${resourceName(name)} is a ${mode}; only a ${standard} can be copied from`,
      'name another source in the config',
    );
  return ok(`${resourceName(name)}, ${format}`);
}

function checkFollower(
  { source }: WorkflowPlan,
  name: RepositoryName,
  isMirrored: boolean,
  leader: Read,
  follower: Read,
): Finding {
  const { ok, fail } = findings('follower');
  const format = leader && !(leader instanceof ApiError) ? (leader.format ?? 'DOCKER') : 'DOCKER';
  if (follower instanceof ApiError) return unreadable('follower', name, follower, create(name, format));
  if (!follower)
    return fail(
      `there is no repository ${resourceName(name)}; set createDestinations in the config, deploy with --create-destinations, or make it`,
      create(name, format),
    );
  const { mode = standard, labels = {} } = follower;
  if (mode !== standard)
    return fail(
      `${resourceName(name)} is a ${mode}; only a ${standard} can be copied to`,
      'name another destination in the config',
    );
  if (follower.format !== format)
    return fail(
      `${resourceName(name)} is ${follower.format}, its leader is ${format}`,
      'name another destination in the config',
    );
  const claim = labels[claimLabel];
  if (isMirrored && claim !== undefined && claim !== claimOf(source))
    return fail(
      `${resourceName(name)} is the follower of another leader (label ${claimLabel}=${claim})`,
      commandLine(repositoryCommand('update', name, `--remove-labels=${claimLabel}`)),
    );
  return ok(resourceName(name));
}
