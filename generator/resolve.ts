/**
 * The second stage: from the value of a config to plans, with every name parsed and every default filled in, and
 * every problem found on the way. Pure: no clock, no network, no environment.
 */
import { child } from './config-path.ts';
import type { Notice, Problem } from './fault.ts';
import { destinationId } from './names.ts';
import { type ConfigPath, type DestinationPlan, resourceName, type WorkflowPlan } from './plan.ts';
import { type CopySettings, mergeCopy, readCopy } from './resolve/copy.ts';
import { readCron } from './resolve/cron.ts';
import { isRecord } from './resolve/describe.ts';
import { checkShape } from './resolve/issues.ts';
import { checkRegion, readExtraLocations } from './resolve/location.ts';
import { checkNames, DEFAULT_NAME } from './resolve/name.ts';
import { checkNotYet } from './resolve/not-yet.ts';
import { readPoll } from './resolve/poll.ts';
import { refuseProject } from './resolve/project.ts';
import { createReport, type Report } from './resolve/report.ts';
import { readRepository } from './resolve/repository.ts';
import { checkTimeZone } from './resolve/time-zone.ts';
import { checkTopology, type Named, type Route } from './resolve/topology.ts';

/** What a config means. */
export interface Resolved {
  /** One for each config, in their order; none where there is a problem. */
  readonly plans: readonly WorkflowPlan[];
  readonly problems: readonly Problem[];
  readonly notices: readonly Notice[];
}

/** Resolves the default export of a config. */
export function resolve(value: unknown): Resolved {
  const report = createReport();
  const drafts = split(value, report).map(([config, path]) => draft(config, path, report));
  checkNames(drafts, report);
  checkTopology(drafts, report);
  const { problems, notices } = report;
  return { plans: problems.length > 0 ? [] : drafts.map(({ plan }) => plan), problems, notices };
}

/** The configs of a value and their paths; those of them that are objects. */
function split(value: unknown, report: Report): [config: Record<string, unknown>, path: ConfigPath][] {
  const configs: [unknown, ConfigPath][] = Array.isArray(value)
    ? value.map((config, i) => [config, child('', i)])
    : [[value, '']];
  if (configs.length === 0) {
    report.problem('shape', '', 'the list of configs is empty', 'write at least one config');
  }
  return configs.flatMap(([config, path]): [Record<string, unknown>, ConfigPath][] => {
    checkShape(config, path, report);
    return isRecord(config) ? [[config, path]] : [];
  });
}

/** What is known of a config, complete enough to hold it against others; the plan only where nothing is wrong. */
interface Draft extends Route {
  readonly name: string;
  readonly path: ConfigPath;
  readonly plan: WorkflowPlan;
}

function draft(config: Record<string, unknown>, path: ConfigPath, report: Report): Draft {
  const at = (...keys: (string | number)[]): ConfigPath => child(path, ...keys);
  const name = typeof config.name === 'string' ? config.name : DEFAULT_NAME;
  const extra = readExtraLocations(config.extraLocations, at('extraLocations'), report);
  const project = readProject(config.project, at('project'), report);
  const region = typeof config.region === 'string' ? config.region : '';
  if (region !== '' || config.region === '') checkRegion(region, extra, at('region'), report);
  const source = named(config.source, extra, at('source'), report);
  const copy = readCopy(config.copy, at('copy'), report);
  checkNotYet(config, path, report);
  const followers = readDestinations(config.destinations, copy, project, extra, at('destinations'), report);
  const plan: WorkflowPlan = {
    name,
    project,
    region,
    source: source?.repository ?? { project: '', location: '', repository: '' },
    destinations: followers,
    schedule: readSchedule(config.schedule, at('schedule'), report),
    poll: readPoll(config.poll, at('poll'), report),
    overlap: config.overlap === 'allow' ? 'allow' : 'skip',
    path,
  };
  return { name, path, source, destinations: followers, plan };
}

function readProject(value: unknown, path: ConfigPath, report: Report): string {
  if (typeof value !== 'string') return '';
  const refusal = refuseProject(value);
  if (refusal) report.problem('project', path, refusal.message, refusal.hint);
  return value;
}

function named(
  value: unknown,
  extra: readonly string[],
  path: ConfigPath,
  report: Report,
): Named | undefined {
  const repository = readRepository(value, extra, path, report);
  return repository && { repository, path };
}

function readDestinations(
  value: unknown,
  common: CopySettings,
  home: string,
  extra: readonly string[],
  path: ConfigPath,
  report: Report,
): DestinationPlan[] {
  if (!Array.isArray(value)) return [];
  if (value.length === 0) {
    const hint = "write at least one: 'projects/acme/locations/us-central1/repositories/prod'";
    report.problem('shape', path, 'there are no destinations', hint);
  }
  const destinations = value.flatMap((destination: unknown, i): DestinationPlan[] => {
    const at = child(path, i);
    const repository = readRepository(destination, extra, at, report);
    const settings = isRecord(destination) ? destination : {};
    checkNotYet(settings, at, report);
    const copy = mergeCopy(common, readCopy(settings.copy, child(at, 'copy'), report));
    return repository ? [{ id: destinationId(repository, home), repository, copy, path: at }] : [];
  });
  checkIds(destinations, report);
  return destinations;
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

function readSchedule(value: unknown, path: ConfigPath, report: Report): WorkflowPlan['schedule'] {
  if (!isRecord(value)) return undefined;
  const { cron, timeZone } = value;
  if (typeof timeZone === 'string') checkTimeZone(timeZone, child(path, 'timeZone'), report);
  return {
    cron: typeof cron === 'string' ? readCron(cron, child(path, 'cron'), report) : '',
    timeZone: typeof timeZone === 'string' ? timeZone : 'Etc/UTC',
  };
}
