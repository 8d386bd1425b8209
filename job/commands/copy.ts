/** `copy`: CopyRepository for every destination at once. */
import { resourceName } from '../../generator/plan.ts';
import { copyAll } from '../copy/copy.ts';
import type { CopyOutcome, CopyState } from '../copy/outcome.ts';
import { endedRun } from '../metrics/metrics.ts';
import { copyProgressLine, printCopy } from '../print/copy.ts';
import { exitCodes, type JobRequest } from '../request.ts';
import { type Ending, end, goodState, type State } from './ending.ts';
import type { Tools } from './tools.ts';

/** How it is shown. */
export interface CopyOptions {
  readonly json: boolean;
}

/** Copies to every destination of this task. @returns the exit code */
export async function copy(request: JobRequest, tools: Tools, { json }: CopyOptions): Promise<number> {
  const { registry, log, clock, screen, metrics } = tools;
  const began = clock.now();
  const elapsed = () => (clock.now() - began) / 1000;
  const line = copyProgressLine(request.destinations.length, elapsed);
  const outcomes = await copyAll(registry, request, {
    clock,
    log,
    onProgress: (destination, progress) => screen.status(line.update(destination, progress)),
  });
  if (json)
    screen.document({
      source: resourceName(request.source),
      dryRun: request.dryRun,
      destinations: outcomes.map((outcome) => ({
        ...outcome,
        destination: resourceName(outcome.destination),
      })),
    });
  else if (outcomes.length > 0 && screen.isForPeople) screen.report(printCopy(outcomes, screen.width));
  if (outcomes.length === 0) {
    const { index, count } = request.task;
    log('INFO', `copy: no destination falls to task ${index} of ${count}`, {
      phase: 'end',
      state: 'succeeded',
    });
    return exitCodes.done;
  }
  const what = request.dryRun ? 'copy, dry run' : 'copy';
  const endings = copyEndings(outcomes);
  const good = goodState(request);
  metrics.ended(endedRun(endings, elapsed(), good));
  return end(
    log,
    what,
    endings,
    { counts: copyCounts(outcomes), seconds: elapsed() },
    good === 'started' ? 'started' : 'done',
  );
}

const states: Readonly<Record<CopyState, State>> = {
  succeeded: 'succeeded',
  started: 'succeeded',
  dryRun: 'succeeded',
  partlyFailed: 'partlyFailed',
  failed: 'failed',
};

/** How each destination ended. */
export function copyEndings(outcomes: readonly CopyOutcome[]): Ending[] {
  return outcomes.map(({ destination, state, error, copied, skipped, lagSeconds }) => ({
    destination: resourceName(destination),
    state: states[state],
    error,
    did: { copied, skipped, lagSeconds },
  }));
}

/** What all copies did. */
export function copyCounts(outcomes: readonly CopyOutcome[]) {
  const total = (value: (outcome: CopyOutcome) => number) =>
    outcomes.reduce((sum, outcome) => sum + value(outcome), 0);
  return { copied: total(({ copied }) => copied), skipped: total(({ skipped }) => skipped) };
}
