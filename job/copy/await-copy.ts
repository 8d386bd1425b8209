/** Waits for a copy until it is done or the deadline has passed. */

import type { PollPlan } from '../../generator/plan.ts';
import type { Clock } from '../registry/clock.ts';
import { type CopyProgress, type Registry, RegistryError } from '../registry/registry.ts';

/** What is known of a copy that is not done: nothing, at first. */
export const nothingYet: CopyProgress = {
  done: false,
  copied: 0,
  skipped: 0,
  total: 0,
  copyStartTime: undefined,
  skippedVersions: [],
  error: undefined,
};

/**
 * Polls an operation: first after `initialDelay`, then each time `multiplier` times as long up to `maxDelay`. A poll
 * that fails is no news, since the operation goes on without us.
 *
 * @param onProgress called when the counts have changed
 * @returns the last that was seen; not `done` when the deadline has passed
 * @throws RegistryError when the operation can't be looked at and never will
 */
export async function awaitCopy(
  registry: Registry,
  operation: string,
  { initialDelay, multiplier, maxDelay, deadline }: PollPlan,
  clock: Clock,
  onProgress: (progress: CopyProgress) => void,
): Promise<CopyProgress> {
  const until = clock.now() + deadline * 1000;
  let delay = Math.min(initialDelay, maxDelay) * 1000;
  let last = nothingYet;
  for (;;) {
    // The last look is at the deadline, not a whole delay beyond it.
    await clock.sleep(Math.min(delay, Math.max(0, until - clock.now())));
    const seen = await look(registry, operation);
    if (seen) {
      // A count that is absent is one that has not changed.
      const progress = {
        ...seen,
        copied: Math.max(seen.copied, last.copied),
        skipped: Math.max(seen.skipped, last.skipped),
        total: seen.total || last.total,
        copyStartTime: seen.copyStartTime ?? last.copyStartTime,
      };
      const isNews = progress.copied + progress.skipped !== last.copied + last.skipped;
      last = progress;
      if (isNews) onProgress(progress);
      if (progress.done) return progress;
    }
    if (clock.now() >= until) return last;
    delay = Math.min(delay * multiplier, maxDelay * 1000);
  }
}

/** One look; undefined where it brought no news. */
async function look(registry: Registry, operation: string): Promise<CopyProgress | undefined> {
  try {
    return await registry.copyProgress(operation);
  } catch (error) {
    const goesAway =
      error instanceof RegistryError && (error.kind === 'unavailable' || error.kind === 'malformed');
    if (goesAway) return undefined;
    throw error;
  }
}
