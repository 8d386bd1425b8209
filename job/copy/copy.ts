/** Copies to every destination at once with CopyRepository. One destination's failure stops none of the others. */
import pMap from 'p-map';
import type { Severity } from '../../generator/observability/entry.ts';
import { type RepositoryName, resourceName } from '../../generator/plan.ts';
import { type Log, silent } from '../log/log.ts';
import { type Clock, systemClock } from '../registry/clock.ts';
import { copyBody, copyUrl, googleEndpoints } from '../registry/endpoints.ts';
import {
  type CopyProgress,
  type Registry,
  RegistryError,
  type RepositoryFacts,
} from '../registry/registry.ts';
import type { JobRequest } from '../request.ts';
import { awaitCopy, nothingYet } from './await-copy.ts';
import type { CopyOutcome, CopyState } from './outcome.ts';
import { preflight, readSource } from './preflight.ts';
import { isMine } from './shard.ts';

/** What a copy is asked for. */
export type CopyRequest = Pick<
  JobRequest,
  'source' | 'destinations' | 'behavior' | 'allowSkippedVersions' | 'poll' | 'wait' | 'dryRun' | 'task'
>;

/** Where a copy reports. */
export interface CopyOptions {
  readonly clock?: Clock;
  readonly log?: Log;
  /** Called when a destination's counts have changed. */
  readonly onProgress?: (destination: RepositoryName, progress: CopyProgress) => void;
}

/** Destinations at the same time: each costs a poll now and then. */
const atOnce = 100;

/**
 * Copies to the destinations that fall to this task.
 *
 * @returns one outcome for each of those, in the order of the request; errors are in there, none is thrown
 */
export async function copyAll(
  registry: Registry,
  request: CopyRequest,
  { clock = systemClock, log = silent, onProgress = () => {} }: CopyOptions = {},
): Promise<CopyOutcome[]> {
  const mine = request.destinations.filter((name) => isMine(resourceName(name), request.task));
  if (mine.length === 0) return [];
  const source = readSource(registry, request.source);
  // Each destination waits for it and reports its failure.
  source.catch(() => {});
  return pMap(
    mine,
    (destination) => copyOne({ registry, request, clock, log, onProgress, source, destination }),
    {
      concurrency: atOnce,
    },
  );
}

interface Job extends Required<CopyOptions> {
  readonly registry: Registry;
  readonly request: CopyRequest;
  readonly source: Promise<RepositoryFacts>;
  readonly destination: RepositoryName;
}

const severities: Record<CopyState, Severity> = {
  succeeded: 'INFO',
  started: 'INFO',
  dryRun: 'INFO',
  partlyFailed: 'WARNING',
  failed: 'ERROR',
};

type Ending = Pick<CopyOutcome, 'state' | 'error' | 'request'>;

async function copyOne(job: Job): Promise<CopyOutcome> {
  const { request, registry, clock, log, onProgress, destination } = job;
  const name = resourceName(destination);
  const begin = clock.now();
  let operation: string | undefined;
  let seen = nothingYet;

  const run = async (): Promise<Ending> => {
    await preflight(registry, await job.source, destination);
    if (request.dryRun)
      return {
        state: 'dryRun',
        error: undefined,
        request: {
          url: copyUrl(googleEndpoints, destination),
          body: copyBody(request.source, request.behavior),
        },
      };
    operation = await startOnce(job);
    log('INFO', `${name}: copy started as ${operation}`, { phase: 'copy', destination: name, operation });
    if (!request.wait) return { state: 'started', error: undefined };
    const asked = operation;
    seen = await awaitCopy(registry, asked, request.poll, clock, (progress) => {
      seen = progress;
      const { copied, skipped, total } = progress;
      log('INFO', `${name}: ${copied + skipped} of ${total} versions`, {
        phase: 'await',
        destination: name,
        operation: asked,
        counts: { copied, skipped, total },
      });
      onProgress(destination, progress);
    });
    return judge(request, asked, seen);
  };

  const ending = await run().catch(
    (error: unknown): Ending => ({ state: 'failed', error: messageOf(error) }),
  );
  const { copied, skipped, copyStartTime, skippedVersions } = seen;
  const ended = clock.now();
  const seconds = Math.floor((ended - begin) / 1000);
  // The service's clock may be ahead of this one.
  const lagSeconds =
    ending.state === 'succeeded' && copyStartTime !== undefined
      ? Math.max(0, (ended - Date.parse(copyStartTime)) / 1000)
      : undefined;
  // What may be skipped is worth a look all the same.
  const severity = ending.state === 'succeeded' && skipped > 0 ? 'WARNING' : severities[ending.state];
  log(severity, `${name}: ${ending.state}, ${ending.error ?? `versions copied: ${copied}`}`, {
    phase: 'result',
    destination: name,
    state: ending.state,
    counts: { copied, skipped },
    seconds,
    ...(operation !== undefined && { operation }),
    ...(copyStartTime !== undefined && { copyStartTime }),
    ...(ending.error !== undefined && { error: ending.error }),
  });
  return {
    destination,
    ...{ copied, skipped, seconds, operation, copyStartTime, lagSeconds, skippedVersions },
    ...ending,
  };
}

/** Asks for the copy once; after a lost answer its operation is looked for, since a second copy costs as much. */
async function startOnce({ registry, request, clock, destination }: Job): Promise<string> {
  const asked = clock.now();
  try {
    return await registry.copy(request.source, destination, request.behavior);
  } catch (error) {
    if (!(error instanceof RegistryError) || error.kind !== 'unclear') throw error;
    const found = await registry.findCopy(request.source, destination, asked);
    if (found !== undefined) return found;
    throw new RegistryError(
      'unclear',
      error.status,
      `the answer to CopyRepository was lost and no operation of it was found; it may be running all the same. The next run copies what is missing. ${error.detail}`,
    );
  }
}

function judge({ poll, allowSkippedVersions }: CopyRequest, operation: string, seen: CopyProgress): Ending {
  if (!seen.done)
    return {
      state: 'failed',
      error: `not done after ${poll.deadline} s (poll.deadline); the copy goes on. To look: gcloud artifacts operations describe ${operation}`,
    };
  if (seen.error !== undefined) return { state: 'failed', error: `CopyRepository failed: ${seen.error}` };
  if (seen.skipped > 0 && !allowSkippedVersions)
    return {
      state: 'partlyFailed',
      error: `${seen.skipped} versions were skipped (copy.allowSkippedVersions is off)`,
    };
  return { state: 'succeeded', error: undefined };
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
