/** Compares a destination with the source: versions, tags, and for formats with files what is in them. */
import { type RepositoryName, resourceName } from '../../generator/plan.ts';
import { type Difference, isEqual } from '../difference/difference.ts';
import { planDestination } from '../difference/plan.ts';
import type { FileFacts, Registry } from '../registry/registry.ts';
import type { JobRequest } from '../request.ts';

/** A file that both sides have, or one of them only, within a version that both have. */
export interface FileDifference {
  readonly kind: 'missing' | 'extra' | 'differs';
  /** `package@version` that owns it. */
  readonly owner: string;
  readonly file: string;
}

export interface VerifyReport {
  readonly destination: RepositoryName;
  readonly state: 'equal' | 'different';
  readonly difference: Difference;
  /** At most {@link mostFiles}; `filesDiffering` counts all. */
  readonly files: readonly FileDifference[];
  readonly filesDiffering: number;
  /** Files compared by their hashes; 0 for Docker, whose versions are hashes themselves. */
  readonly filesCompared: number;
  readonly seconds: number;
}

/** File differences that are kept for the report. */
export const mostFiles = 100;

/**
 * Verifies one destination. What came after the copy's start, at either side, is no difference.
 *
 * @param now milliseconds since the epoch
 * @throws RegistryError where either side cannot be read whole
 */
export async function verifyDestination(
  registry: Registry,
  request: JobRequest,
  destination: RepositoryName,
  now: () => number = Date.now,
): Promise<VerifyReport> {
  const began = now();
  const fixed = { ...request, copyStartTime: request.copyStartTime ?? began };
  const difference = await planDestination(registry, fixed, destination, began);
  // A Docker version is named after its content: equal names are equal bytes.
  const files = difference.format === 'DOCKER' ? noFiles : await compareFiles(registry, fixed, destination);
  // What the copy reported as skipped is known to be missing.
  const missing = difference.copy.length <= request.skippedVersions ? [] : difference.copy;
  const equal = isEqual({ ...difference, copy: missing }) && files.count === 0;
  return {
    destination,
    state: equal ? 'equal' : 'different',
    difference,
    files: files.found,
    filesDiffering: files.count,
    filesCompared: files.compared,
    seconds: (now() - began) / 1000,
  };
}

interface Files {
  readonly found: readonly FileDifference[];
  readonly count: number;
  readonly compared: number;
}

const noFiles: Files = { found: [], count: 0, compared: 0 };

/** Files of versions that both sides have, by hash. Versions at one side only are told by the difference already. */
async function compareFiles(
  registry: Registry,
  request: JobRequest,
  destination: RepositoryName,
): Promise<Files> {
  const late = request.copyStartTime ?? Number.POSITIVE_INFINITY;
  const source = new Map<string, Map<string, string>>();
  for await (const page of registry.files(request.source))
    for (const one of page) {
      const owner = ownerOf(one);
      if (owner === undefined || one.updateTime > late) continue;
      const files = source.get(owner) ?? new Map<string, string>();
      source.set(owner, files.set(one.file, one.hashes.join(' ')));
    }
  const found: FileDifference[] = [];
  let [count, compared] = [0, 0];
  const tell = (difference: FileDifference) => {
    count++;
    if (found.length < mostFiles) found.push(difference);
  };
  const owners = new Set<string>();
  for await (const page of registry.files(destination))
    for (const one of page) {
      const owner = ownerOf(one);
      const files = owner === undefined ? undefined : source.get(owner);
      if (owner === undefined || !files) continue;
      owners.add(owner);
      const hashes = files.get(one.file);
      files.delete(one.file);
      compared++;
      if (hashes === undefined) {
        if (one.updateTime <= late) tell({ kind: 'extra', owner, file: one.file });
      } else if (hashes !== one.hashes.join(' ')) tell({ kind: 'differs', owner, file: one.file });
    }
  for (const owner of owners)
    for (const file of source.get(owner)?.keys() ?? []) tell({ kind: 'missing', owner, file });
  return { found, count, compared };
}

function ownerOf({ package: packageId, version }: FileFacts): string | undefined {
  return packageId === undefined || version === undefined ? undefined : `${packageId}@${version}`;
}

/** One line for the report. */
export function describeVerify({ destination, state, difference, filesDiffering }: VerifyReport): string {
  if (state === 'equal') return `${resourceName(destination)} is equal to the source`;
  const { copy, tags, delete: extra } = difference;
  const parts = [
    copy.length > 0 && `${copy.length} versions missing`,
    extra.length > 0 && `${extra.length} versions too many`,
    tags.length > 0 && `${tags.length} tags differ`,
    filesDiffering > 0 && `${filesDiffering} files differ`,
  ];
  return `${resourceName(destination)} differs: ${parts.filter(Boolean).join(', ')}`;
}
