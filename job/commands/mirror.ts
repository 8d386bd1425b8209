/** `mirror`: every destination made an exact copy, or claimed. */
import { resourceName } from '../../generator/plan.ts';
import type { Log } from '../log/log.ts';
import { endedRun } from '../metrics/metrics.ts';
import { claimDestination } from '../mirror/claim.ts';
import { mirrorDestination } from '../mirror/mirror.ts';
import type { MirrorOutcome } from '../mirror/outcome.ts';
import { printMirror } from '../print/mirror.ts';
import { printPlan } from '../print/plan.ts';
import { counted } from '../print/quantity.ts';
import type { JobRequest } from '../request.ts';
import { eachDestination, type Row } from './each.ts';
import { type Ending, end, type State, severities } from './ending.ts';
import { figuresOf } from './plan.ts';
import type { Tools } from './tools.ts';

/** How it is shown. */
export interface MirrorOptions {
  readonly json: boolean;
  readonly all: boolean;
}

/** Mirrors every destination. @returns the exit code */
export async function mirror(
  request: JobRequest,
  tools: Tools,
  { json, all }: MirrorOptions,
): Promise<number> {
  const { registry, log, clock, screen, metrics } = tools;
  const began = clock.now();
  const rows = await eachDestination(request.destinations, log, async (destination) => {
    screen.status(`mirroring to ${resourceName(destination)}`);
    const outcome = await mirrorDestination(registry, request, destination, { log, now: () => clock.now() });
    const fields = { phase: 'plan', destination: resourceName(destination) } as const;
    const options = { width: screen.width, all };
    if (!json && outcome.state === 'dryRun')
      screen.report(`${printPlan(outcome.planned, options)}\n`, fields);
    if (!json && screen.isForPeople) screen.report(printMirror(outcome, options));
    logMirror(outcome, log);
    return outcome;
  });
  if (json)
    screen.document({
      source: resourceName(request.source),
      dryRun: request.dryRun,
      destinations: rows.map((row) => ({
        ...('outcome' in row ? row.outcome : { state: 'failed', error: row.error }),
        destination: resourceName(row.destination),
      })),
    });
  const outcomes = rows.flatMap((row) => ('outcome' in row ? [row.outcome] : []));
  const what = request.dryRun ? 'mirror, dry run' : 'mirror';
  const endings = mirrorEndings(rows);
  const seconds = (clock.now() - began) / 1000;
  metrics.ended(endedRun(endings, seconds, request.dryRun ? 'dryRun' : 'succeeded'));
  return end(log, what, endings, {
    counts: mirrorCounts(outcomes),
    bytes: outcomes.reduce((sum, { bytes }) => sum + bytes, 0),
    seconds,
  });
}

/** The entry of one destination that was mirrored. */
export function logMirror(outcome: MirrorOutcome, log: Log): void {
  const { destination, state, bytes, seconds, deleted, created, moved, removed } = outcome;
  const [ending] = mirrorEndings([{ destination, outcome }]);
  const name = resourceName(destination);
  const did = `${counted(created + moved + removed, 'tag')} changed, ${counted(deleted, 'version')} deleted`;
  const error = ending?.error;
  log(severities[ending?.state ?? 'failed'], `${name}: ${did}${error === undefined ? '' : `; ${error}`}`, {
    phase: 'result',
    destination: name,
    state,
    counts: mirrorCounts([outcome]),
    bytes,
    seconds,
    ...(error !== undefined && { error }),
  });
}

/** How each destination ended. */
export function mirrorEndings(rows: readonly Row<MirrorOutcome>[]): Ending[] {
  const states: Readonly<Record<MirrorOutcome['state'], State>> = {
    succeeded: 'succeeded',
    dryRun: 'succeeded',
    partlyFailed: 'partlyFailed',
    refused: 'failed',
  };
  return rows.map((row) => {
    const destination = resourceName(row.destination);
    if ('error' in row) return { destination, state: 'failed', error: row.error };
    const { state, notDone, refusals, equal, unseen, deleted } = row.outcome;
    const why = refusals[0]?.message ?? (notDone[0] && `${notDone[0].what}: ${notDone[0].why}`);
    const differs = equal === false ? 'it still differs from the source' : undefined;
    const error = why ?? (unseen === undefined ? differs : `what was changed was not seen again: ${unseen}`);
    const its = states[state];
    return { destination, state: its, error: its === 'succeeded' ? undefined : error, did: { deleted } };
  });
}

/** What all mirrors did. */
export function mirrorCounts(outcomes: readonly MirrorOutcome[]) {
  const total = (value: (outcome: MirrorOutcome) => number) =>
    outcomes.reduce((sum, outcome) => sum + value(outcome), 0);
  return {
    created: total(({ created }) => created),
    moved: total(({ moved }) => moved),
    removed: total(({ removed }) => removed),
    deleted: total(({ deleted }) => deleted),
    notDone: total(({ notDone }) => notDone.length),
    kept: total(({ planned }) => planned.kept.length),
  };
}

/** Claims every destination, each after its plan was shown. Deletes nothing. @returns the exit code */
export async function claim(
  request: JobRequest,
  tools: Tools,
  { json, all }: MirrorOptions,
): Promise<number> {
  const { registry, log, clock, screen } = tools;
  const began = clock.now();
  const rows = await eachDestination(request.destinations, log, (destination) =>
    claimDestination(registry, request, destination, {
      log,
      show: (planned) => {
        const fields = { phase: 'claim', destination: resourceName(destination) } as const;
        if (!json) screen.report(`${printPlan(planned, { width: screen.width, all })}\n`, fields);
      },
    }),
  );
  const outcomes = rows.flatMap((row) => ('outcome' in row ? [row.outcome] : []));
  if (json)
    screen.document({
      source: resourceName(request.source),
      dryRun: request.dryRun,
      destinations: rows.map((row) => ({
        destination: resourceName(row.destination),
        ...('outcome' in row
          ? { state: row.outcome.state, difference: row.outcome.planned }
          : { state: 'failed', error: row.error }),
      })),
    });
  const words = {
    claimed: 'claimed: a mirror may delete in it from now on',
    already: 'claimed already',
    dryRun: 'dry run: not claimed',
  };
  for (const { destination, state } of outcomes)
    if (!json) screen.report(`${resourceName(destination)}: ${words[state]}`, { phase: 'claim' });
  const endings = rows.map((row): Ending => {
    const destination = resourceName(row.destination);
    return 'error' in row
      ? { destination, state: 'failed', error: row.error }
      : { destination, state: 'succeeded' };
  });
  const { counts } = figuresOf(outcomes.map(({ planned }) => planned));
  return end(log, 'claim', endings, { counts, seconds: (clock.now() - began) / 1000 });
}
