/**
 * Makes a destination an exact copy of the source, after a copy has brought what was missing: tags created, moved
 * and removed, versions deleted, then a second look. Stateless: killed anywhere and run again, it ends the same.
 */
import { type RepositoryName, resourceName } from '../../generator/plan.ts';
import { bytesOf, type Difference, deletions, isEqual, type TagChange } from '../difference/difference.ts';
import { planDestination } from '../difference/plan.ts';
import type { Log } from '../log/log.ts';
import { type Registry, RegistryError } from '../registry/registry.ts';
import type { JobRequest } from '../request.ts';
import { deleteVersions } from './delete.ts';
import type { MirrorOutcome, NotDone } from './outcome.ts';
import { mustBeAllowed } from './permissions.ts';
import { changeTags, type Sides } from './tags.ts';

/** What a mirror needs besides its request. */
export interface MirrorTools {
  readonly log: Log;
  /** Milliseconds since the epoch. */
  readonly now?: () => number;
}

/**
 * Mirrors the source to one destination.
 *
 * Where a guard refuses the deletes, nothing is deleted, removed or moved away; tags that are missing are created
 * all the same.
 *
 * @throws RegistryError where either side cannot be read whole, or a role is missing: nothing was changed then. What
 *   fails later is in the outcome
 */
export async function mirrorDestination(
  registry: Registry,
  request: JobRequest,
  destination: RepositoryName,
  { log, now = Date.now }: MirrorTools,
): Promise<MirrorOutcome> {
  const began = now();
  const fixed = { ...request, copyStartTime: request.copyStartTime ?? began };
  const planned = await planDestination(registry, fixed, destination, began);
  tellPlan(planned, request.dryRun, log);
  const nothing = { created: 0, moved: 0, removed: 0, deleted: 0, bytes: 0, notDone: [] };
  const outcome = (state: MirrorOutcome['state'], made: Partial<MirrorOutcome> = {}): MirrorOutcome => ({
    destination,
    planned,
    refusals: planned.refusals,
    equal: undefined,
    unseen: undefined,
    ...nothing,
    ...made,
    state,
    seconds: (now() - began) / 1000,
  });
  if (request.dryRun) return outcome('dryRun');

  const refused = planned.refusals.some((refusal) => refusal.package === undefined);
  const allowed = allowedOf(planned);
  await mustBeAllowed(registry, allowed);
  const sides: Sides = { registry, source: request.source, destination, log };
  const arrived = arrivedTags(allowed);
  const create = await changeTags(sides, arrived('create'));
  const move = await changeTags(sides, arrived('move'));
  const remove = await changeTags(sides, arrived('remove'));
  const deleted = await deleteVersions(sides, deletable(allowed, [...move.notDone, ...remove.notDone]));

  const notDone: NotDone[] = [...create.notDone, ...move.notDone, ...remove.notDone, ...deleted.notDone];
  const changes = create.done + move.done + remove.done + deleted.deleted;
  // A second look only where something was changed: a run with nothing to do reads each side once.
  const look = () => planDestination(registry, fixed, destination, now());
  const { left, unseen } = changes > 0 ? await secondLook(look) : { left: planned };
  const equal = left && isEqual(left);
  const state = refused
    ? 'refused'
    : notDone.length > 0 || planned.refusals.length > 0 || !equal
      ? 'partlyFailed'
      : 'succeeded';
  return outcome(state, {
    created: create.done,
    moved: move.done,
    removed: remove.done,
    deleted: deleted.deleted,
    bytes: deleted.bytes,
    notDone,
    equal,
    unseen,
  });
}

/** Should it fail, what was done before is still to be told. */
async function secondLook(
  look: () => Promise<Difference>,
): Promise<{ readonly left?: Difference; readonly unseen?: string }> {
  try {
    return { left: await look() };
  } catch (error) {
    if (!(error instanceof RegistryError)) throw error;
    return { unseen: error.message };
  }
}

/** The difference without what a guard refuses: all that deletes, of the whole destination or of some packages. */
function allowedOf(planned: Difference): Difference {
  const { refusals, tags, delete: doomed } = planned;
  const isRefused = (packageId: string) =>
    refusals.some((refusal) => refusal.package === undefined || refusal.package === packageId);
  return {
    ...planned,
    tags: tags.filter((change) => change.kind === 'create' || !isRefused(change.package)),
    delete: doomed.filter((one) => !isRefused(one.package)),
  };
}

/** Tag changes whose version is there already: the others wait for the next copy. */
function arrivedTags({ tags, copy }: Difference) {
  const missing = new Set(copy.map((one) => `${one.package}\n${one.version}`));
  return (kind: TagChange['kind']) =>
    tags.filter(
      (change) =>
        change.kind === kind && (change.kind === 'remove' || !missing.has(`${change.package}\n${change.to}`)),
    );
}

/**
 * Versions to delete, without the packages in which a tag could not be moved or removed: its version still has it,
 * and may refer to others that would go. The next run decides anew.
 */
function deletable(difference: Difference, tagsLeft: readonly NotDone[]) {
  const blocked = new Set(tagsLeft.map((one) => one.package));
  return difference.delete.filter((one) => !blocked.has(one.package));
}

function tellPlan(planned: Difference, isDryRun: boolean, log: Log): void {
  const name = resourceName(planned.destination);
  const fields = { phase: 'plan' as const, destination: name };
  const kinds = { create: 0, move: 0, remove: 0 };
  for (const { kind } of planned.tags) kinds[kind]++;
  log('INFO', `${name}: ${deletions(planned)} deletions planned`, {
    ...fields,
    counts: {
      missing: planned.copy.length,
      createTags: kinds.create,
      moveTags: kinds.move,
      removeTags: kinds.remove,
      deleteVersions: planned.delete.length,
      kept: planned.kept.length,
    },
    bytes: bytesOf(planned.delete),
  });
  for (const { message } of planned.warnings) log('WARNING', message, fields);
  for (const { code: reason, message, package: id } of planned.refusals) {
    if (isDryRun) log('WARNING', message, { ...fields, reason });
    else {
      const where = { destination: name, ...(id !== undefined && { package: id }) };
      log('ERROR', message, { phase: 'mirror', ...where, reason });
    }
  }
}
