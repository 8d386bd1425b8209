/** Takes a deployment away, in the reverse order of its making. */
import type { Named } from '../../generator/monitoring/names.ts';
import { repositoriesOf, resourceName, type WorkflowPlan } from '../../generator/plan.ts';
import { ApiError, unlessDisabled } from '../cloud/api.ts';
import type { Session } from '../cloud/session.ts';
import { during, type Progress } from '../progress.ts';
import { readActual } from './actual.ts';
import { apply } from './apply.ts';
import { desiredOf, mergeWanted, type Wanted } from './desired.ts';
import { type Change, difference } from './difference.ts';
import { imagePackage, imagePrefix, jobName, placeOf, workflowName } from './names.ts';
import { claimsOfOthers } from './others.ts';
import { inTheirTrack } from './policy-track.ts';
import { printChanges, printCommands, printOutcome, teller, withFlag } from './print.ts';
import { repositoriesIn } from './read-bindings.ts';
import { isMonitoring, type Repository } from './resource.ts';

/** How to destroy. */
export interface DestroyOptions {
  readonly dryRun: boolean;
  /** Without a question. */
  readonly yes: boolean;
  readonly say: (text: string) => void;
  /** Told what goes on; left out: nobody watches. */
  readonly progress?: Progress;
  readonly confirm: (question: string) => Promise<boolean>;
  /** The command that goes on where this one stops. */
  readonly command: string;
  readonly backoff?: number;
}

/** @returns the exit code */
export async function destroy(
  plans: readonly WorkflowPlan[],
  session: Session,
  { dryRun, yes, say, confirm, command, backoff, progress }: DestroyOptions,
): Promise<number> {
  const planned = planDestroy(plans, session);
  const { changes, kept } = await during(progress, 'reading what is there', planned);
  if (changes.length === 0) {
    say('There is nothing of ours.');
    return 0;
  }
  say(printChanges(changes));
  for (const text of kept) say(text);
  say('Repositories that are copied from or to, and what they hold, stay. So do APIs.');
  if (dryRun) {
    say(`\n${printCommands(changes)}\n\nNothing was changed.`);
    return 0;
  }
  if (!yes && !(await confirm('\nTake all of it away?'))) {
    say(`\nNothing was changed. To go on: ${withFlag(command, '--yes')}`);
    return 1;
  }
  say('');
  const outcomes = await apply(changes, {
    gcloud: session.gcloud,
    tell: teller(say, progress),
    ...(backoff !== undefined && { backoff }),
  });
  say(`\n${printOutcome(outcomes, command)}`);
  return outcomes.every(({ state }) => state === 'done') ? 0 : 1;
}

/** What a destroy would do, and what it leaves for a reason. */
export async function planDestroy(
  plans: readonly WorkflowPlan[],
  { api, gcloud }: Pick<Session, 'api' | 'gcloud'>,
): Promise<{ changes: Change[]; kept: string[] }> {
  const surroundings = {
    generated: () => undefined,
    imageHash: '',
    template: () => undefined,
  };
  const all = mergeWanted(plans.flatMap((plan) => desiredOf(plan, surroundings)));
  const wanted: Wanted[] = all.flatMap(({ resource }) =>
    resource.kind === 'binding' || resource.kind === 'image' ? [] : [{ resource, isWanted: false }],
  );
  const needed = new Set(all.filter(({ isWanted }) => isWanted).map(({ resource }) => resource.id));
  const watched = new Set(plans.filter(({ monitoring }) => monitoring).map(workflowName));
  const kept = new Map<string, string>();
  // Who has no role for what the config does not ask for can take the rest away all the same.
  const mayBeHidden = ({ resource }: Wanted) => {
    if (needed.has(resource.id) || (isMonitoring(resource) && watched.has(resource.owner))) return false;
    kept.set(resource.id, `kept, if it is there: ${resource.name}, which may not be seen`);
    return true;
  };
  const actual = await readActual(api, plans, wanted, mayBeHidden);
  const copied = new Set(plans.flatMap(repositoriesOf).map(resourceName));
  for (const { resource } of wanted) {
    if (resource.kind !== 'repository' || !resource.isForImages) continue;
    if (!actual.found.get(resource.id)?.isOurs) continue;
    // The job's own images may be what is replicated.
    const why = copied.has(resource.name)
      ? ', which is copied from or to'
      : await whyKept(resource, plans, api);
    if (why !== undefined) kept.set(resource.id, `kept: ${resource.name}${why}`);
  }
  for (const [id, why] of await claimsOfOthers(wanted, actual.found, plans, api)) kept.set(id, why);
  const removable = wanted.filter(({ resource }) => !kept.has(resource.id));
  const changes = difference(removable, actual, { adopt: false, isDestroy: true });
  return { changes: await inTheirTrack(changes, gcloud), kept: [...kept.values()] };
}

/** Why images stay; undefined where nobody else uses them. */
async function whyKept(
  repository: Repository,
  plans: readonly WorkflowPlan[],
  api: Session['api'],
): Promise<string | undefined> {
  try {
    const [others, users] = await Promise.all([
      packagesOfOthers(repository, api),
      usersOfImages(repository, plans, api),
    ]);
    if (others.length > 0) return `, which holds more than our image: ${others.join(', ')}`;
    return users.length > 0 ? `, whose images are used by ${users.join(', ')}` : undefined;
  } catch (error) {
    // Where nobody can say what they are and who uses them, they are not taken away.
    if (error instanceof ApiError)
      return `: what it holds and which jobs use it could not be seen (${error.message})`;
    throw error;
  }
}

/** What somebody else pushed there: it would go with the repository. */
async function packagesOfOthers({ repository }: Repository, api: Session['api']): Promise<string[]> {
  const path = `v1/${resourceName(repository)}/packages`;
  const packages = await api.list<{ name: string }>('artifactregistry', `${path}?pageSize=1000`, 'packages');
  return packages
    .map(({ name }) => decodeURIComponent(name.slice(name.lastIndexOf('/') + 1)))
    .filter((name) => name !== imagePackage);
}

/** Jobs of others that run images of ours. */
async function usersOfImages(
  { repository }: Repository,
  plans: readonly WorkflowPlan[],
  api: Session['api'],
): Promise<string[]> {
  const own = new Set(plans.map(jobName));
  const images = imagePrefix(repository);
  const lists = await Promise.all(
    [...new Set(plans.map(placeOf))].map((place) =>
      api
        .list<{ name: string; template?: { template?: { containers?: { image?: string }[] } } }>(
          'run',
          `v2/${place}/jobs`,
          'jobs',
        )
        .catch((error: unknown) => unlessDisabled(error) ?? []),
    ),
  );
  return lists.flat().flatMap(({ name, template }) => {
    const isOurs = template?.template?.containers?.some(({ image }) => image?.startsWith(images));
    return isOurs && !own.has(name) ? [name] : [];
  });
}

/**
 * A replicator that no config describes any more, as far as taking it away goes: the workflow that is there names its
 * repositories.
 */
export async function planOfDeployed(named: Named, { api }: Pick<Session, 'api'>): Promise<WorkflowPlan> {
  const there = await api.find<{ sourceContents?: string }>('workflows', `v1/${workflowName(named)}`);
  const [source = { project: named.project, location: named.region, repository: 'none' }, ...others] =
    repositoriesIn(there?.sourceContents ?? '');
  return {
    ...named,
    source,
    destinations: others.map((repository) => ({
      id: resourceName(repository),
      repository,
      copy: { engine: 'api', behavior: {}, allowSkippedVersions: false, own: {} },
      mirror: undefined,
      verify: false,
      path: '',
    })),
    schedule: undefined,
    poll: { initialDelay: 5, multiplier: 1.5, maxDelay: 30, deadline: 43_200 },
    job: undefined,
    create: undefined,
    notify: undefined,
    // Whatever may be there is looked for.
    monitoring: { dashboard: true, alerts: undefined },
    overlap: 'skip',
    path: '',
  };
}
