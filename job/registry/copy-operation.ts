/** CopyRepository: started, looked at, and found again. */
import type { RepositoryName } from '../../generator/plan.ts';
import { resourceName } from '../../generator/plan.ts';
import { type Ask, type Call, jsonObject } from './call.ts';
import { copyBody, copyUrl, type Endpoints, resourceUrl } from './endpoints.ts';
import { locationName } from './names.ts';
import { describeStatus, type Operation, readOperation } from './operation.ts';
import { oneLine } from './refusal.ts';
import { type CopyProgress, RegistryError } from './registry.ts';

/** Skipped versions that are shown; the operation has more. */
const samplesAtMost = 5;
/** Operations looked at to find one. */
const looked = 20;
/** Clocks differ, in milliseconds. */
const skew = 60_000;

/**
 * Asks for a copy, once.
 *
 * @returns the operation's name
 * @throws RegistryError `unclear` where it may have been started although the answer was lost, `not-available`
 */
export async function startCopy(
  call: Call,
  endpoints: Endpoints,
  source: RepositoryName,
  destination: RepositoryName,
  behavior: Readonly<Record<string, unknown>>,
): Promise<string> {
  const [from, to] = [resourceName(source), resourceName(destination)];
  const ask: Ask = {
    method: 'POST',
    url: copyUrl(endpoints, destination),
    kind: 'write',
    body: copyBody(source, behavior),
    once: true,
    verb: `copy ${from} to`,
    on: to,
    role: 'roles/artifactregistry.writer',
  };
  try {
    return readOperation(ask, jsonObject(ask, await call(ask))).name;
  } catch (error) {
    if (!(error instanceof RegistryError)) throw error;
    const { kind, status, detail } = error;
    // The answer was no operation, though it was a success: something has begun.
    if (kind === 'malformed' && status < 300)
      throw new RegistryError('unclear', status, error.message, detail);
    if (status === 404 || status === 501)
      throw new RegistryError(
        'not-available',
        status,
        `CopyRepository is not there for ${to}: where both repositories can be read, the API is not open to this project or location. ${detail}`,
        detail,
      );
    if (status === 403)
      throw new RegistryError(
        'permission',
        status,
        `CopyRepository was refused. Grant roles/artifactregistry.writer on ${to} and roles/artifactregistry.reader on ${from} to the job's service account; with both, the API may not be open to the project. ${detail}`,
        detail,
      );
    throw error;
  }
}

/** What an operation says of its copy. */
export function copyProgress(operation: Operation): CopyProgress {
  const { done, metadata, error } = operation;
  const result = operation.response ?? metadata;
  const samples = result.skippedVersionErrorSamples ?? metadata.skippedVersionErrorSamples;
  const count = (field: string) => int64(result[field] ?? metadata[field]);
  const started = result.copyStartTime ?? metadata.copyStartTime;
  return {
    done,
    copied: count('versionsCopiedCount'),
    skipped: count('skippedVersionErrorCount'),
    total: int64(metadata.totalVersionsCount),
    copyStartTime: typeof started === 'string' && started !== '' ? started : undefined,
    skippedVersions: (Array.isArray(samples) ? samples : []).slice(0, samplesAtMost).map((sample) => ({
      version: oneLine(String(sample?.version ?? '?')),
      error: describeStatus(sample?.error ?? {}),
    })),
    error,
  };
}

/** An int64 comes as text, and 0 not at all. */
function int64(value: unknown): number {
  const number = Number(value ?? 0);
  return Number.isFinite(number) ? number : 0;
}

/**
 * The copy of a pair of repositories that is running, or was started since.
 *
 * @param since milliseconds since the epoch
 * @returns its operation's name; undefined where there is none, or operations can't be listed
 */
export async function findCopy(
  call: Call,
  endpoints: Endpoints,
  source: RepositoryName,
  destination: RepositoryName,
  since: number,
): Promise<string | undefined> {
  const parent = locationName(destination);
  const ask: Ask = {
    method: 'GET',
    url: resourceUrl(endpoints, `${parent}/operations`, { pageSize: looked }),
    kind: 'read',
    verb: 'list the operations of',
    on: parent,
    role: 'roles/artifactregistry.reader',
  };
  let operations: unknown;
  try {
    ({ operations } = jsonObject(ask, await call(ask)));
  } catch (error) {
    // Whether Artifact Registry lists operations at all is not known.
    if (error instanceof RegistryError) return undefined;
    throw error;
  }
  const [from, to] = [resourceName(source), resourceName(destination)];
  for (const answer of Array.isArray(operations) ? operations : []) {
    if (typeof answer?.name !== 'string') continue;
    const { name, done, metadata } = readOperation(ask, answer);
    if (metadata.sourceRepository !== from || metadata.destinationRepository !== to) continue;
    if (!done || Date.parse(String(metadata.copyStartTime)) > since - skew) return name;
  }
  return undefined;
}
