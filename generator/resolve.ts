/**
 * The second stage: from the value of a config to plans, with every name parsed and every default filled in, and
 * every problem found on the way. Pure: no clock, no network, no environment.
 */
import { child } from './config-path.ts';
import type { Notice, Problem } from './fault.ts';
import type { ConfigPath, WorkflowPlan } from './plan.ts';
import { readCreate } from './resolve/create.ts';
import { readCron } from './resolve/cron.ts';
import { isRecord } from './resolve/describe.ts';
import { readDestinations, readSettings } from './resolve/destinations.ts';
import { checkShape } from './resolve/issues.ts';
import { checkJobName, readJob } from './resolve/job.ts';
import { checkRegion, readExtraLocations } from './resolve/location.ts';
import { readMonitoring } from './resolve/monitoring.ts';
import { checkNames, DEFAULT_NAME, isWorkflowId } from './resolve/name.ts';
import { readNotify } from './resolve/notify.ts';
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
  const job = readJob(config.job, at('job'), report);
  if (job && isWorkflowId(name)) checkJobName(name, job, at('name'), report);
  const common = readSettings(config, path, report);
  const followers = readDestinations(config.destinations, common, { project, extra, job }, path, report);
  const schedule = readSchedule(config.schedule, at('schedule'), report);
  const plan: WorkflowPlan = {
    name,
    project,
    region,
    source: source?.repository ?? { project: '', location: '', repository: '' },
    destinations: followers,
    schedule,
    poll: readPoll(config.poll, at('poll'), report),
    job,
    overlap: config.overlap === 'allow' ? 'allow' : 'skip',
    create: readCreate(config.createDestinations, followers, at('createDestinations'), report),
    monitoring: readMonitoring(config.monitoring, { schedule, followers }, at('monitoring'), report),
    notify: readNotify(config.notify, project, at('notify'), report),
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

function readSchedule(value: unknown, path: ConfigPath, report: Report): WorkflowPlan['schedule'] {
  if (!isRecord(value)) return undefined;
  const { cron, timeZone } = value;
  if (typeof timeZone === 'string') checkTimeZone(timeZone, child(path, 'timeZone'), report);
  return {
    cron: typeof cron === 'string' ? readCron(cron, child(path, 'cron'), report) : '',
    timeZone: typeof timeZone === 'string' ? timeZone : 'Etc/UTC',
  };
}
