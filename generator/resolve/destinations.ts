/** The followers of a config, each with its own settings over the common ones. */
import { child } from '../config-path.ts';
import { destinationId } from '../names.ts';
import {
  type ConfigPath,
  type DestinationPlan,
  type EngineCopyPlan,
  type JobPlan,
  resourceName,
} from '../plan.ts';
import { type CopySettings, mergeCopy, readCopy } from './copy.ts';
import { isRecord } from './describe.ts';
import { filterFields } from './engine-copy.ts';
import { checkNeeds, type Need } from './job.ts';
import { type MirrorSettings, mergeMirror, readMirror } from './mirror.ts';
import type { Report } from './report.ts';
import { readRepository } from './repository.ts';

/** What may be set for all destinations, and for each. */
export interface Settings {
  readonly copy: CopySettings;
  readonly mirror: MirrorSettings;
  readonly verify: boolean | undefined;
  /** Where they were written. */
  readonly path: ConfigPath;
}

/** Reads the settings of a config or of a destination, and reports what is wrong with them. */
export function readSettings(value: Record<string, unknown>, path: ConfigPath, report: Report): Settings {
  return {
    copy: readCopy(value.copy, child(path, 'copy'), report),
    mirror: readMirror(value.mirror, child(path, 'mirror'), report),
    verify: typeof value.verify === 'boolean' ? value.verify : undefined,
    path,
  };
}

/** What else of a config its destinations are read with. */
export interface Surroundings {
  readonly project: string;
  /** Locations beyond those known. */
  readonly extra: readonly string[];
  readonly job: JobPlan | undefined;
}

/** @param path of the config */
export function readDestinations(
  value: unknown,
  common: Settings,
  { project, extra, job }: Surroundings,
  path: ConfigPath,
  report: Report,
): DestinationPlan[] {
  if (!Array.isArray(value)) return [];
  if (value.length === 0) {
    const hint = "write at least one: 'projects/acme/locations/us-central1/repositories/prod'";
    report.problem('shape', child(path, 'destinations'), 'there are no destinations', hint);
  }
  const needs: Need[] = [];
  const destinations = value.flatMap((destination: unknown, i): DestinationPlan[] => {
    const at = child(path, 'destinations', i);
    const repository = readRepository(destination, extra, at, report);
    const own = readSettings(isRecord(destination) ? destination : {}, at, report);
    needs.push(...needsOf(common, own));
    if (!repository) return [];
    return [
      {
        id: destinationId(repository, project),
        repository,
        copy: mergeCopy(common.copy, own.copy),
        mirror: mergeMirror(common.mirror, own.mirror),
        verify: own.verify ?? common.verify ?? false,
        path: at,
      },
    ];
  });
  checkNeeds(needs, job, report);
  checkIds(destinations, report);
  checkOneCopy(destinations, report);
  checkEngineFields(destinations, common, report);
  return destinations;
}

/** What a destination needs a job for: its own settings, and those common ones that hold for it. */
function needsOf(common: Settings, own: Settings): Need[] {
  const need = (what: string, of: (settings: Settings) => boolean | undefined, ...keys: string[]): Need[] => {
    const from = of(own) === undefined ? common : own;
    return of(from) ? [{ what, path: child(from.path, ...keys) }] : [];
  };
  const isMirror = ({ mirror }: Settings) => (mirror === undefined ? undefined : mirror !== false);
  const isJob = ({ copy }: Settings) => (copy.engine === undefined ? undefined : copy.engine === 'job');
  return [
    ...need("engine 'job'", isJob, 'copy', 'engine'),
    ...need('"mirror"', isMirror, 'mirror'),
    ...need('"verify"', ({ verify }) => verify, 'verify'),
  ];
}

/** Six digits of a hash are not many: once in a very long while two long names have the same. */
function checkIds(destinations: readonly DestinationPlan[], report: Report): void {
  const seen = new Map<string, DestinationPlan>();
  for (const destination of destinations) {
    const { id, path } = destination;
    const first = seen.get(id);
    if (first === undefined) seen.set(id, destination);
    else if (resourceName(first.repository) !== resourceName(destination.repository)) {
      const message = `two destinations have the short name "${id}"`;
      const also = { at: first.path, note: 'first here' };
      report.problem(
        'duplicate-destination',
        path,
        message,
        'put one of them into a config of its own',
        also,
      );
    }
  }
}

/** The job copies to all its destinations in one execution, and so in one way. */
function checkOneCopy(destinations: readonly DestinationPlan[], report: Report): void {
  const [first, ...others] = destinations.filter(({ copy }) => copy.engine === 'job');
  for (const { copy, path } of others) {
    if (first === undefined || JSON.stringify(sorted(copy)) === JSON.stringify(sorted(first.copy))) continue;
    const message =
      "engine 'job' copies to all its destinations in one execution, and this one is to be copied otherwise";
    const also = { at: first.path, note: 'the first of them' };
    report.problem(
      'job',
      path,
      message,
      'give them the same "copy", or put one into a config of its own',
      also,
    );
  }
}

/** The API takes no filters, and what a filter leaves out cannot be told from what is missing. */
function checkEngineFields(destinations: readonly DestinationPlan[], common: Settings, report: Report): void {
  const told = new Set<ConfigPath>();
  for (const { copy, mirror, verify, path } of destinations)
    for (const field of Object.keys(copy.own) as (keyof EngineCopyPlan)[]) {
      const name = field === 'rewriteIndex' ? 'platforms' : field;
      // Where it was written: for this destination, or for all.
      const isCommon = JSON.stringify(common.copy.own[field]) === JSON.stringify(copy.own[field]);
      const at = child(isCommon ? common.path : path, 'copy', name);
      if (told.has(at)) continue;
      if (copy.engine === 'api') {
        told.add(at);
        const message = `CopyRepository takes no "${name}"`;
        report.problem('job', at, message, `set engine: 'job' beside it, or remove it`);
      } else if ((mirror || verify) && (filterFields as readonly string[]).includes(field)) {
        told.add(at);
        report.problem(
          'job',
          at,
          `a copy with "${name}" cannot be mirrored or verified: what it leaves out would count as missing`,
          'remove the filter, or "mirror" and "verify"',
        );
      }
    }
}

/** The order in which fields were written does not make two settings different. */
function sorted({ behavior, allowSkippedVersions, own }: DestinationPlan['copy']) {
  const inOrder = (fields: object) => Object.entries(fields).sort(([one], [other]) => (one < other ? -1 : 1));
  return [allowSkippedVersions, inOrder(behavior), inOrder(own)];
}
