/** A deploy from its plans to its end, apart from flags and files. */
import { managedBy, markedAs } from '../../generator/managed-by.ts';
import type { Named } from '../../generator/monitoring/names.ts';
import {
  type RepositoryName,
  repositoriesOf,
  resourceName,
  type WorkflowPlan,
} from '../../generator/plan.ts';
import { claimLabel } from '../../job/difference/guards.ts';
import type { Session } from '../cloud/session.ts';
import { examine } from '../doctor/doctor.ts';
import { printFindings } from '../doctor/print.ts';
import { during, type Progress } from '../progress.ts';
import { readActual } from './actual.ts';
import { type ApplyOptions, apply, type Outcome } from './apply.ts';
import { claimsOf, showClaims } from './claims.ts';
import { desiredOf, mergeWanted, type Template } from './desired.ts';
import type { GeneratedFiles } from './desired-monitoring.ts';
import { type Change, difference } from './difference.ts';
import { followerKey } from './follower-key.ts';
import { isMade } from './is-made.ts';
import { workflowName } from './names.ts';
import { claimsOfOthers, othersBeside } from './others.ts';
import { inTheirTrack } from './policy-track.ts';
import { printChanges, printCommands, printOutcome, teller, withFlag } from './print.ts';
import { repositoryOf } from './read-resource.ts';

/** How to deploy. */
export interface DeployOptions {
  readonly dryRun: boolean;
  /** Go on without a question where followers are claimed. */
  readonly yes: boolean;
  readonly skipDoctor: boolean;
  readonly adopt: boolean;
  readonly createDestinations: boolean;
  /** Text and path of what was generated, by the file's name. */
  readonly generated: GeneratedFiles;
  readonly imageHash: string;
  /** Called before the first change, with nothing to do in a dry run. */
  readonly writeFiles: () => Promise<void>;
  readonly say: (text: string) => void;
  /** Told what goes on; left out: nobody watches. */
  readonly progress?: Progress;
  readonly confirm: (question: string) => Promise<boolean>;
  /** The command that goes on where this one stops. */
  readonly command: string;
  /** Seconds before a command is tried again. */
  readonly backoff?: number;
}

/** @returns the exit code */
export async function deploy(
  plans: readonly WorkflowPlan[],
  session: Session,
  options: DeployOptions,
): Promise<number> {
  const { say, dryRun } = options;
  if (!options.skipDoctor && !(await isHealthy(plans, session, options))) return 1;
  const planned = planDeploy(plans, session, options);
  const changes = await during(options.progress, 'reading what is there', planned);
  say(printChanges(changes));
  const moved = movedFrom(changes);
  for (const text of await strangers(plans, moved, session)) say(text);
  const taken = changes.filter(({ action }) => action === 'taken');
  if (taken.length > 0) {
    const words =
      taken.some(({ resource }) => resource.kind === 'serviceAccount') && moved.length > 0
        ? `Service accounts are still those of ${moved.map(workflowName).join(', ')}. Nothing was changed. Take that away first, as the note says, and then: ${options.command}`
        : taken.some(({ resource }) => resource.kind !== 'claim')
          ? `Something is there under a name that this config uses, and carries no label of ours. Nothing was changed. See whose it is; to take it over: ${withFlag(options.command, '--adopt')}`
          : 'A follower is claimed by another leader. Nothing was changed.';
    say(`\n${words}`);
    return 1;
  }
  const todo = changes.filter(({ action }) => action !== 'unchanged');
  if (todo.length === 0) return 0;
  const claims = claimsOf(plans, changes);
  if (claims.length > 0) await showClaims(claims, session, say);
  if (dryRun) {
    say(`\n${printCommands(changes)}\n\nNothing was changed.`);
    return 0;
  }
  if (claims.length > 0 && !options.yes) {
    const question = `\nFrom now on a mirror may delete in ${claims.length === 1 ? 'this follower' : `these ${claims.length} followers`} what the leader does not have, within its limits. Claim them?`;
    if (!(await options.confirm(question))) {
      say(`\nNothing was changed. If the plan above is right: ${withFlag(options.command, '--yes')}`);
      return 1;
    }
  }
  await options.writeFiles();
  say('');
  const outcomes = await apply(changes, applyOptions(plans, session, options));
  return finish(outcomes, options);
}

function applyOptions(
  plans: readonly WorkflowPlan[],
  { gcloud, api }: Session,
  { say, backoff, progress }: Pick<DeployOptions, 'say' | 'backoff' | 'progress'>,
): ApplyOptions {
  return {
    gcloud,
    tell: teller(say, progress),
    isMade: (change) => isMade(api, plans, change),
    ...(backoff !== undefined && { backoff }),
  };
}

function finish(
  outcomes: readonly Outcome[],
  { say, command }: Pick<DeployOptions, 'say' | 'command'>,
): number {
  say(`\n${printOutcome(outcomes, command)}`);
  return outcomes.every(({ state }) => state === 'done') ? 0 : 1;
}

async function isHealthy(
  plans: readonly WorkflowPlan[],
  session: Session,
  { say, createDestinations, command, progress }: DeployOptions,
): Promise<boolean> {
  const examined = examine(plans, { ...session, mayCreate: createDestinations });
  const findings = await during(progress, 'the doctor looks', examined);
  const failed = findings.filter(({ state }) => state === 'fail');
  if (failed.length === 0) {
    const notes = findings.filter(({ state }) => state === 'note');
    say(`doctor: ${findings.length} findings, none in the way${notes.length > 0 ? ':' : ''}`);
    if (notes.length > 0) say(printFindings(notes));
    say('');
    return true;
  }
  say(printFindings(findings));
  say(
    `\n${failed.length} of ${findings.length} findings ${failed.length === 1 ? 'is' : 'are'} in the way, and nothing was changed. Once they are mended: ${command}\nTo go on all the same: ${withFlag(command, '--skip-doctor')}`,
  );
  return false;
}

/** What a deploy would do. */
export async function planDeploy(
  plans: readonly WorkflowPlan[],
  { api, gcloud }: Pick<Session, 'api' | 'gcloud'>,
  options: Pick<DeployOptions, 'adopt' | 'createDestinations' | 'generated' | 'imageHash'>,
): Promise<Change[]> {
  const creating = plans.filter(({ create }) => create !== undefined || options.createDestinations);
  const templates = await readTemplates(creating, api);
  const wanted = mergeWanted(
    plans.flatMap((plan) =>
      desiredOf(plan, {
        generated: options.generated,
        imageHash: options.imageHash,
        template: (_, { repository }) => templates.get(resourceName(repository)),
      }),
    ),
  );
  const actual = await readActual(api, plans, wanted);
  // One that copies only has no need of the claim by which another one mirrors.
  const unwanted = wanted.filter(({ isWanted }) => !isWanted);
  const kept = await claimsOfOthers(unwanted, actual.found, plans, api);
  const changeable = wanted.filter(({ resource }) => !kept.has(resource.id));
  return inTheirTrack(difference(changeable, actual, { adopt: options.adopt }), gcloud);
}

/** How to make the followers that are missing: as their leader is. */
async function readTemplates(
  plans: readonly WorkflowPlan[],
  api: Session['api'],
): Promise<Map<string, Template>> {
  const templates = new Map<string, Template>();
  await Promise.all(
    plans.map(async (plan) => {
      const [leader, ...followers] = await Promise.all(
        repositoriesOf(plan).map((name) => repositoryOf(api, name)),
      );
      if (!leader) return;
      for (const [index, { repository }] of plan.destinations.entries()) {
        // One that we made is there from now on and is not ours to change.
        if (followers[index]) continue;
        templates.set(resourceName(repository), templateOf(leader, plan, repository));
      }
    }),
  );
  return templates;
}

function templateOf(
  leader: NonNullable<Awaited<ReturnType<typeof repositoryOf>>>,
  plan: WorkflowPlan,
  follower: RepositoryName,
): Template {
  const { create } = plan;
  const key = followerKey(plan, follower, leader.kmsKeyName);
  return {
    format: leader.format ?? 'DOCKER',
    kmsKeyName: 'name' in key ? key.name : undefined,
    immutableTags: create?.immutableTags ?? leader.dockerConfig?.immutableTags === true,
    labels: create?.labels ?? withoutClaims(leader.labels ?? {}),
  };
}

/** A leader may be the follower of another, or ours: neither is true of its follower. */
function withoutClaims(labels: Readonly<Record<string, string>>): Record<string, string> {
  const { [claimLabel]: _, [managedBy.key]: __, ...others } = labels;
  return others;
}

/** Where a replicator was deployed before its region changed: its service accounts are a project's, and still say so. */
function movedFrom(changes: readonly Change[]): Named[] {
  const former = changes.flatMap(({ resource: { kind, project }, found }) => {
    const mark =
      kind === 'serviceAccount' && found?.isOurs === false && markedAs(String(found.fields.description));
    return mark ? [{ ...mark, project }] : [];
  });
  return [...new Map(former.map((one) => [workflowName(one), one])).values()];
}

/**
 * Replicators that are there and that this config does not name: told of, never touched.
 *
 * @param moved those of this config in another region
 */
async function strangers(
  plans: readonly WorkflowPlan[],
  moved: readonly Named[],
  { api }: Session,
): Promise<string[]> {
  const others = [...(await othersBeside(plans, api)), ...moved];
  return others.map(
    (other) =>
      `note: ${workflowName(other)} is a replicator too, and not of this config. If it was: npm run destroy -- --name ${other.name} --project ${other.project} --region ${other.region}`,
  );
}
