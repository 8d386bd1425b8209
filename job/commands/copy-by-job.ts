/** `copy --engine job`: the own copier, for one destination after the other. */
import { type EngineOptions, runEngine } from '../engine/open.ts';
import type { EngineOutcome } from '../engine/outcome.ts';
import { type Place, placeName } from '../engine/place.ts';
import { printEngine } from '../engine/print.ts';
import type { Progress } from '../engine/progress.ts';
import type { EngineRequest } from '../engine/request.ts';
import type { Log } from '../log/log.ts';
import { endedRun } from '../metrics/metrics.ts';
import { counted } from '../print/quantity.ts';
import type { JobRequest } from '../request.ts';
import type { Environment } from '../settings/environment.ts';
import type { Settings } from '../settings/fields.ts';
import type { NamedRepository } from '../settings/kinds.ts';
import { type Ending, end, type State, severities } from './ending.ts';
import type { Tools } from './tools.ts';

/** Milliseconds between two entries of the log that say how far a copy has come. */
const every = 30_000;

/** Copies to every destination. @returns the exit code */
export async function copyByJob(
  request: JobRequest,
  settings: Settings,
  environment: Environment,
  tools: Tools,
): Promise<number> {
  const { log, clock, screen, metrics } = tools;
  const began = clock.now();
  const rows: { readonly destination: string; readonly outcome: EngineOutcome }[] = [];
  for (const repository of settings.destinations) {
    const engine = engineRequest(request, settings, repository);
    const destination = placeName(engine.destination);
    const outcome = await runEngine(engine, {
      env: { ...environment, REPLICATOR_EMULATOR_HOST: settings.emulatorHost },
      limits: request.limits,
      deadline: request.poll.deadline * 1000 - (clock.now() - began),
      clock,
      log,
      onProgress: teller(tools, destination),
    });
    screen.status('');
    rows.push({ destination, outcome });
    if (!settings.json) screen.report(printEngine(destination, outcome, screen.width));
    logEngine(destination, outcome, request, log);
  }
  if (settings.json)
    screen.document({
      source: placeName(placeOf(settings.source)),
      dryRun: request.dryRun,
      destinations: rows.map(({ destination, outcome }) => ({ destination, ...outcome })),
    });
  const total = (value: (outcome: EngineOutcome) => number) =>
    rows.reduce((sum, { outcome }) => sum + value(outcome), 0);
  const endings = rows.map(({ destination, outcome: { state, error, counts, seconds } }): Ending => {
    const ends = request.allowSkippedVersions && state === 'partlyFailed' ? 'succeeded' : states[state];
    const lagSeconds = state === 'succeeded' ? seconds : undefined;
    const did = request.dryRun ? {} : { copied: counts.copied, skipped: counts.failed, lagSeconds };
    return { destination, state: ends, error: ends === 'succeeded' ? undefined : error, did };
  });
  const elapsed = (clock.now() - began) / 1000;
  metrics.ended(endedRun(endings, elapsed, request.dryRun ? 'dryRun' : 'succeeded'));
  return end(log, request.dryRun ? 'copy, dry run' : 'copy', endings, {
    counts: engineCounts(rows.map(({ outcome }) => outcome)),
    bytes: total(({ counts }) => counts.bytes),
    seconds: elapsed,
  });
}

/** The entry of one destination that was copied to. */
function logEngine(
  destination: string,
  outcome: EngineOutcome,
  { dryRun }: Pick<JobRequest, 'dryRun'>,
  log: Log,
): void {
  const { state, counts, seconds, error } = outcome;
  const loud = severities[states[state]];
  // What could not be copied and may be left is worth a look all the same.
  const severity = loud === 'INFO' && counts.failed > 0 ? 'WARNING' : loud;
  const did = `${counted(counts.copied, 'image')} ${state === 'dryRun' ? 'to copy' : 'copied'}`;
  log(severity, `${destination}: ${state}, ${error ?? did}`, {
    phase: 'result',
    destination,
    state,
    // One that failed in part has the same state as a copy that did, and counts what would have been copied.
    dryRun,
    counts: engineCounts([outcome]),
    bytes: counts.bytes,
    seconds,
    ...(error !== undefined && { error }),
  });
}

/** What all copies did. */
function engineCounts(outcomes: readonly EngineOutcome[]) {
  const total = (field: keyof EngineOutcome['counts']) =>
    outcomes.reduce((sum, { counts }) => sum + counts[field], 0);
  return {
    copied: total('copied'),
    skipped: total('failed'),
    equal: total('equal'),
    tags: total('tags'),
    blobs: total('sent'),
  };
}

const states: Readonly<Record<EngineOutcome['state'], State>> = {
  succeeded: 'succeeded',
  dryRun: 'succeeded',
  partlyFailed: 'partlyFailed',
  failed: 'failed',
};

function placeOf(repository: NamedRepository | undefined): Place {
  const { registry, name } = repository ?? {
    registry: undefined,
    name: { project: '', location: '', repository: '' },
  };
  return registry ? { is: 'registry', ...registry } : { is: 'artifact-registry', name };
}

function engineRequest(request: JobRequest, settings: Settings, destination: NamedRepository): EngineRequest {
  const { newestTags, newestBy, platforms, rewriteIndex } = settings;
  return {
    source: placeOf(settings.source),
    destination: placeOf(destination),
    filters: {
      packages: settings.packages,
      tags: settings.tags,
      newest: newestTags === undefined ? undefined : { count: newestTags, by: newestBy },
      platforms: platforms.length === 0 ? undefined : { only: platforms, rewriteIndex },
      maxVersionAgeDays: settings.maxVersionAgeDays ?? 0,
      // Everything is copied unless it is said otherwise; CopyRepository leaves attachments out unless asked.
      attachments: settings.allAttachmentsIncluded ?? true,
      withTags: settings.allTagsExcluded !== true,
    },
    moved: settings.moved,
    foreignLayers: settings.foreignLayers,
    dryRun: request.dryRun,
    task: request.task,
  };
}

/** Tells how far a copy has come: a bar on a terminal, an entry now and then elsewhere. */
function teller(
  { log, clock, screen }: Tools,
  destination: string,
): NonNullable<EngineOptions['onProgress']> {
  let told = clock.now();
  return (progress: Progress) => {
    screen.status(progress.bar());
    if (screen.hasStatus || clock.now() - told < every) return;
    told = clock.now();
    const { found, settled, copied, equal, failed, sent, bytes, bytesWanted } = progress.counts;
    const remaining = progress.remaining();
    log('INFO', `${destination}: ${progress.line()}`, {
      phase: 'await',
      destination,
      counts: { found, settled, copied, equal, skipped: failed, blobs: sent },
      bytes,
      bytesWanted,
      bytesPerSecond: Math.round(progress.rate()),
      ...(remaining !== undefined && { secondsLeft: Math.ceil(remaining) }),
      seconds: progress.seconds,
    });
  };
}
