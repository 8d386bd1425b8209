/**
 * Deletes versions, round by round. A listing proposed each; one request by name decides it: only what the source
 * answers 404 for, at that moment, is deleted.
 */
import pMap from 'p-map';
import { resourceName } from '../../generator/plan.ts';
import { entry } from '../difference/collect.ts';
import type { DeleteEntry } from '../difference/difference.ts';
import { RegistryError, versionsInBatch } from '../registry/registry.ts';
import { nameOf } from './names.ts';
import type { NotDone } from './outcome.ts';
import { unclaimed } from './still-claimed.ts';
import type { Sides } from './tags.ts';

/** Questions and packages under way at once; the registry's limiter holds the rate. */
const concurrency = 8;

/** What became of some deletes. */
export interface Deleted {
  readonly deleted: number;
  readonly bytes: number;
  readonly notDone: readonly NotDone[];
}

/** @param entries in the order of their rounds */
export async function deleteVersions(sides: Sides, entries: readonly DeleteEntry[]): Promise<Deleted> {
  const byPackage = new Map<string, DeleteEntry[]>();
  for (const one of entries) entry(byPackage, one.package, () => []).push(one);
  const results = await pMap([...byPackage], ([packageId, doomed]) => deleteFrom(sides, packageId, doomed), {
    concurrency,
  });
  return {
    deleted: results.reduce((sum, { deleted }) => sum + deleted, 0),
    bytes: results.reduce((sum, { bytes }) => sum + bytes, 0),
    notDone: results.flatMap(({ notDone }) => notDone),
  };
}

async function deleteFrom(
  sides: Sides,
  packageId: string,
  entries: readonly DeleteEntry[],
): Promise<Deleted> {
  const notDone: NotDone[] = [];
  let [deleted, bytes] = [0, 0];
  const rounds = byRound(entries);
  for (const [index, round] of rounds.entries()) {
    // No more are asked for than go in one batch: what the source lacked before one had begun may be there after it.
    for (let start = 0; start < round.length; start += versionsInBatch) {
      const confirmed: DeleteEntry[] = [];
      await pMap(
        round.slice(start, start + versionsInBatch),
        async (one) => {
          const why = await stillThere(sides, packageId, one.version);
          if (why) notDone.push(why);
          else confirmed.push(one);
        },
        { concurrency },
      );
      const outcome = await deleteConfirmed(sides, packageId, confirmed);
      notDone.push(...outcome.notDone);
      deleted += outcome.deleted;
      bytes += outcome.bytes;
      const why = reasonOfAll(outcome);
      if (why === undefined) continue;
      for (const { version } of round.slice(start + versionsInBatch))
        notDone.push({ ...why, what: `delete ${nameOf(packageId, version)}` });
      break;
    }
    // What is still there may refer to what later rounds would delete.
    const rest = rounds.slice(index + 1).flat();
    if (notDone.length > 0 && rest.length > 0) {
      for (const { version } of rest)
        notDone.push(
          notDeleted(
            packageId,
            version,
            'something that may refer to it was not deleted; the next run decides anew',
            false,
          ),
        );
      break;
    }
  }
  return { deleted, bytes, notDone };
}

/** What is true of each version by itself, in however many words it is the same for several. */
const hasIt = 'the source has it by now';

/** Why none of several was deleted, where it is one and the same: an outage, a role or the claim that is gone. */
function reasonOfAll({ deleted, notDone }: Deleted): NotDone | undefined {
  const [first, second] = notDone;
  if (deleted > 0 || !first || !second || first.why === hasIt) return undefined;
  return notDone.every(({ why }) => why === first.why) ? first : undefined;
}

function byRound(entries: readonly DeleteEntry[]): DeleteEntry[][] {
  const rounds = new Map<number, DeleteEntry[]>();
  for (const one of entries) entry(rounds, one.round, () => []).push(one);
  return [...rounds].sort(([one], [other]) => one - other).map(([, round]) => round);
}

/** Asks the source for a version by name. Anything but a plain "there is none" lets the version be. */
async function stillThere(
  { registry, source }: Sides,
  packageId: string,
  version: string,
): Promise<NotDone | undefined> {
  try {
    if (!(await registry.version(source, packageId, version))) return undefined;
    return notDeleted(packageId, version, hasIt, false);
  } catch (error) {
    if (!(error instanceof RegistryError)) throw error;
    const why = `whether the source has it cannot be told: ${error.message}`;
    return notDeleted(packageId, version, why, true);
  }
}

function notDeleted(packageId: string, version: string, why: string, failed: boolean): NotDone {
  return { package: packageId, what: `delete ${nameOf(packageId, version)}`, why, failed };
}

async function deleteConfirmed(
  sides: Sides,
  packageId: string,
  confirmed: readonly DeleteEntry[],
): Promise<Deleted> {
  const { registry, destination, source, log } = sides;
  const none = (why: string, failed: boolean): Deleted => ({
    deleted: 0,
    bytes: 0,
    notDone: confirmed.map(({ version }) => notDeleted(packageId, version, why, failed)),
  });
  if (confirmed.length === 0) return none('', false);
  const why = await unclaimed(sides);
  if (why !== undefined) return none(why, false);
  const because = `${resourceName(source)} does not have it`;
  for (const { version, bytes } of confirmed)
    log('NOTICE', `delete ${nameOf(packageId, version)}: ${because}`, {
      phase: 'mirror',
      action: 'delete-version',
      destination: resourceName(destination),
      package: packageId,
      version,
      bytes,
      because,
    });
  // What a batch left is asked for once more: until it had failed, minutes may have gone by.
  const staying = new Map<string, NotDone>();
  const stays = async (version: string): Promise<string | undefined> => {
    const unclaim = await unclaimed(sides);
    const found =
      unclaim === undefined
        ? await stillThere(sides, packageId, version)
        : notDeleted(packageId, version, unclaim, false);
    if (found) staying.set(version, found);
    return found?.why;
  };
  try {
    const ids = confirmed.map(({ version }) => version);
    const left = await registry.deleteVersions(destination, packageId, ids, stays);
    const gone = confirmed.filter(({ version }) => !left.has(version));
    return {
      deleted: gone.length,
      bytes: gone.reduce((sum, { bytes }) => sum + bytes, 0),
      notDone: [...left].map(
        ([version, why]) => staying.get(version) ?? notDeleted(packageId, version, why, true),
      ),
    };
  } catch (error) {
    if (!(error instanceof RegistryError)) throw error;
    return none(error.message, true);
  }
}
