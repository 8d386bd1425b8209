/** Copies one place to another, as far as it can: the engine from the request to the outcome. */
import pMap from 'p-map';
import { isMine } from '../copy/shard.ts';
import { attachedTo, type Candidate, createSelection, type Selection } from './candidate.ts';
import type { EngineOutcome, EngineState } from './outcome.ts';
import { PackageCopy } from './package-copy.ts';
import { placeName } from './place.ts';
import type { Run } from './run.ts';
import type { Destination, Source, SourcePackage } from './side.ts';

/** Packages that are worked on at once. */
const packagesAtOnce = 16;
/** Images of a package at once: most of the time each waits for a request. */
const imagesAtOnce = 64;

/** Both sides, once they can be read. */
export interface Sides {
  readonly source: Source;
  readonly destination: Destination;
}

/**
 * Copies. What goes wrong with one image is in the outcome and stops no other.
 *
 * @param open reads what is needed of both sides; what it throws stops the copy
 */
export async function copyPlace(
  run: Run,
  open: () => Promise<Sides>,
  now: () => number,
): Promise<EngineOutcome> {
  const { request, progress } = run;
  const startTime = new Date(now()).toISOString();
  try {
    const sides = await open();
    await copyPackages(run, sides, createSelection(request.filters, now()));
  } catch (error) {
    run.fail(placeName(request.source), error);
    run.stop(error as Error);
  }
  const { counts, seconds } = progress;
  return {
    state: stateOf(run),
    counts,
    seconds,
    failures: run.failures,
    error: run.failures[0]?.why ?? run.fatal?.message,
    startTime,
  };
}

function stateOf({ fatal, failures, request, progress: { counts } }: Run): EngineState {
  if (fatal !== undefined) return 'failed';
  if (failures.length > 0) return counts.copied + counts.equal > 0 ? 'partlyFailed' : 'failed';
  return request.dryRun ? 'dryRun' : 'succeeded';
}

async function copyPackages(run: Run, { source, destination }: Sides, selection: Selection): Promise<void> {
  const { request, progress } = run;
  const isWanted = (id: string) => selection.isPackage(id) && isMine(id, request.task);
  const packages = source.packages(isWanted, (id, { digest, tags }) => {
    const known = destination.known(id);
    const isSettled =
      !selection.byTag &&
      digest !== undefined &&
      known?.has(digest) === true &&
      (!request.filters.withTags || tags.every((tag) => known.tag(tag) === digest));
    if (isSettled) {
      progress.counts.found++;
      run.settle('equal');
    }
    return isSettled;
  });
  await pMap(toldWhenListed(packages, run), (each) => copyPackage(run, each, destination, selection), {
    concurrency: packagesAtOnce,
  });
}

/** The next is asked for only when the one before has been counted: after the last all are. */
async function* toldWhenListed(
  packages: AsyncIterable<SourcePackage>,
  { progress }: Run,
): AsyncGenerator<SourcePackage> {
  yield* packages;
  progress.isListed = true;
}

async function copyPackage(
  run: Run,
  source: SourcePackage,
  destination: Destination,
  selection: Selection,
): Promise<void> {
  if (run.fatal !== undefined) return;
  const picked = selection.pick(source.candidates);
  const { candidates } = picked;
  const { counts } = run.progress;
  counts.found += candidates.length;
  if (candidates.length === 0) return;
  let copy: PackageCopy;
  try {
    const { immutableTags, isOne } = destination;
    const there = await destination.open(source.id);
    copy = new PackageCopy(run, source, there, picked, { immutableTags, isOne, byTag: selection.byTag });
  } catch (error) {
    run.fail(source.repository.name, error);
    return;
  }
  // Who pulls an image by its tag finds what is attached to it: it has no tag, or one that says so.
  const isFirst = ({ tags: [tag] }: Candidate) => tag === undefined || attachedTo(tag) !== undefined;
  for (const batch of [candidates.filter(isFirst), candidates.filter((each) => !isFirst(each))])
    await pMap(batch, (each) => copy.copy(each), { concurrency: imagesAtOnce });
}
