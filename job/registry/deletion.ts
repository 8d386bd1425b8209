/** Versions deleted by the batch, and the reason for each that is still there. */
import pMap from 'p-map';
import type { RepositoryName } from '../../generator/plan.ts';
import { resourceName } from '../../generator/plan.ts';
import { type Ask, type Call, jsonObject } from './call.ts';
import type { Clock } from './clock.ts';
import { type Endpoints, resourceUrl } from './endpoints.ts';
import { decodeId, lastSegment, packageName, versionName } from './names.ts';
import { awaitOperation, type Operation, readOperation } from './operation.ts';
import { RegistryError, type Stays, type VersionFacts, versionsInBatch } from './registry.ts';
import { unlessAbsent } from './tags.ts';

/** Requests for single versions at the same time; the limiter holds the rate. */
const atOnce = 8;
/** How long a batch may take, in milliseconds. */
const patience = 10 * 60_000;
/** Looks at what a batch did whose answer was lost, and the wait before each, in milliseconds. */
const looks = [1000, 4000, 10_000];

/** What deleting goes through. */
export interface DeletionOptions {
  readonly call: Call;
  readonly endpoints: Endpoints;
  readonly clock: Clock;
  /** A version by its name; undefined where the service says that there is none. */
  readonly version: (packageId: string, version: string) => Promise<VersionFacts | undefined>;
  readonly stays: Stays | undefined;
}

/**
 * Deletes versions of one package, batch after batch in the given order.
 *
 * What befalls all, a missing role or an outage, ends it: the rest would fare no better, and what was deleted until
 * then is deleted.
 *
 * @returns the reason for each that is still there, or may be
 */
export async function deleteVersions(
  options: DeletionOptions,
  name: RepositoryName,
  packageId: string,
  versions: readonly string[],
): Promise<Map<string, string>> {
  const reasons = new Map<string, string>();
  const gone = new Set<string>();
  try {
    for (let start = 0; start < versions.length; start += versionsInBatch) {
      const batch = versions.slice(start, start + versionsInBatch);
      const left = new Set(await deleteBatch(options, name, packageId, batch));
      for (const version of batch) if (!left.has(version)) gone.add(version);
      for (const version of left) {
        // The batch doesn't say why; a request for this one alone does, or finds it gone.
        const reason =
          (await options.stays?.(version)) ?? (await deleteOne(options, name, packageId, version));
        if (reason === undefined) gone.add(version);
        else reasons.set(version, reason);
      }
    }
  } catch (error) {
    if (!(error instanceof RegistryError)) throw error;
    for (const version of versions)
      if (!gone.has(version) && !reasons.has(version)) reasons.set(version, error.message);
  }
  return reasons;
}

/** Deletes a batch. @returns those that may still be there, in their order */
async function deleteBatch(
  options: DeletionOptions,
  name: RepositoryName,
  packageId: string,
  versions: readonly string[],
): Promise<readonly string[]> {
  const { call, endpoints, clock } = options;
  const parent = packageName(name, packageId);
  const ask: Ask = {
    method: 'POST',
    url: resourceUrl(endpoints, `${parent}/versions:batchDelete`),
    kind: 'delete',
    items: versions.length,
    // Whether it has begun is looked at, never guessed by sending it again.
    once: true,
    body: { names: versions.map((version) => versionName(name, packageId, version)) },
    verb: 'delete versions of',
    on: parent,
    role: 'roles/artifactregistry.repoAdmin',
    grantOn: resourceName(name),
  };
  let begun: Operation | undefined;
  let done: Operation;
  try {
    begun = readOperation(ask, jsonObject(ask, await call(ask)));
    done = await awaitOperation(call, endpoints, clock, begun, patience);
  } catch (error) {
    if (!(error instanceof RegistryError)) throw error;
    // An operation that cannot be followed goes on all the same.
    if (begun || error.kind === 'unclear' || error.kind === 'malformed')
      return stillThere(options, packageId, versions);
    // The batch as a whole is turned down for one of its versions, or the package is gone: one by one tells.
    if (error.kind === 'refused' || error.kind === 'not-found') return versions;
    throw error;
  }
  if (done.error !== undefined) return versions;
  const { failedVersions } = done.metadata;
  if (!Array.isArray(failedVersions)) return [];
  const failed = new Set(failedVersions.map((failure) => decodeId(lastSegment(String(failure)))));
  const left = versions.filter((version) => failed.has(decodeId(version)));
  // A name that is none of ours may stand for any.
  return left.length === failed.size ? left : versions;
}

/** Of versions whose delete may be on its way, those that stay. */
async function stillThere(
  { clock, version }: DeletionOptions,
  packageId: string,
  versions: readonly string[],
): Promise<readonly string[]> {
  let left = versions;
  for (const wait of looks) {
    await clock.sleep(wait);
    const found = await pMap(left, async (id) => ((await version(packageId, id)) ? [id] : []), {
      concurrency: atOnce,
    });
    const before = left.length;
    left = found.flat();
    // Nothing moves: the batch has not arrived, or is over.
    if (left.length === 0 || left.length === before) break;
  }
  return left;
}

/**
 * Deletes one version, untagged: a delete that would take tags along is refused. It may be sent again: what is gone
 * stays gone.
 *
 * @returns why it is still there
 */
async function deleteOne(
  { call, endpoints, clock }: DeletionOptions,
  name: RepositoryName,
  packageId: string,
  version: string,
): Promise<string | undefined> {
  const on = versionName(name, packageId, version);
  const ask: Ask = {
    method: 'DELETE',
    url: resourceUrl(endpoints, on),
    kind: 'delete',
    verb: 'delete',
    on,
    role: 'roles/artifactregistry.repoAdmin',
    grantOn: resourceName(name),
  };
  try {
    const answer = await unlessAbsent(async () => jsonObject(ask, await call(ask)));
    if (!answer) return undefined;
    const { error } = await awaitOperation(call, endpoints, clock, readOperation(ask, answer), patience);
    // By its name, as every reason of its own: one that is the same for several stands for all of them.
    return error === undefined ? undefined : `cannot delete ${on}: ${error}`;
  } catch (error) {
    const isItsOwn = error instanceof RegistryError && (error.kind === 'refused' || error.kind === 'unclear');
    if (isItsOwn) return error.message;
    throw error;
  }
}
