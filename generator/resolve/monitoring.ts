/** What is deployed to Cloud Monitoring: everything that makes sense for a replicator, unless the config says less. */
import { child } from '../config-path.ts';
import type {
  AlertsPlan,
  ConfigPath,
  DestinationPlan,
  MonitoringPlan,
  NoSuccessPlan,
  WorkflowPlan,
} from '../plan.ts';
import { isRecord, quote } from './describe.ts';
import { longestPeriods } from './periods.ts';
import { checkRange } from './poll.ts';
import type { Report } from './report.ts';

// https://cloud.google.com/monitoring/api/ref_v3/rest/v3/projects.notificationChannels
const channelName = /^projects\/[^/\s]+\/notificationChannels\/[^/\s]+$/;

/** Most that an alert looks back, in seconds: Cloud Monitoring keeps 24 months. */
const mostSeconds = 700 * 86_400;

const usualPeriods = 2;

/** What of the plan it depends on. */
interface Watched {
  readonly schedule: WorkflowPlan['schedule'];
  readonly followers: readonly Pick<DestinationPlan, 'mirror'>[];
}

/** Fills the defaults in; undefined where nothing is watched. */
export function readMonitoring(
  value: unknown,
  watched: Watched,
  path: ConfigPath,
  report: Report,
): MonitoringPlan | undefined {
  if (value === false) return undefined;
  const { dashboard, alerts } = isRecord(value) ? value : {};
  return {
    dashboard: dashboard !== false,
    alerts: readAlerts(alerts, watched, child(path, 'alerts'), report),
  };
}

function readAlerts(
  value: unknown,
  { schedule, followers }: Watched,
  path: ConfigPath,
  report: Report,
): AlertsPlan | undefined {
  if (value === false) return undefined;
  const { channels, runFailed, noSuccess, deleteLimit, skippedVersions } = isRecord(value) ? value : {};
  return {
    channels: readChannels(channels, child(path, 'channels'), report),
    runFailed: runFailed !== false,
    noSuccess: readNoSuccess(noSuccess, schedule, child(path, 'noSuccess'), report),
    deleteLimit: deleteLimit !== false && followers.some(({ mirror }) => mirror !== undefined),
    skippedVersions: skippedVersions !== false,
  };
}

function readChannels(value: unknown, path: ConfigPath, report: Report): string[] {
  const channels = Array.isArray(value) ? value.filter((one): one is string => typeof one === 'string') : [];
  for (const [index, channel] of channels.entries())
    if (!channelName.test(channel))
      report.problem(
        'shape',
        child(path, index),
        `${quote(channel)} is no full name of a notification channel`,
        'write one as "projects/acme/notificationChannels/1234567890"',
      );
  return [...new Set(channels)];
}

function readNoSuccess(
  value: unknown,
  schedule: Watched['schedule'],
  path: ConfigPath,
  report: Report,
): NoSuccessPlan | undefined {
  const { periods = usualPeriods } = isRecord(value) ? value : {};
  checkRange(periods, { min: 1, max: 100, whole: true }, child(path, 'periods'), report);
  if (value === false) return undefined;
  if (!schedule) {
    if (value !== undefined)
      report.notice(path, 'without a schedule there are no periods: there will be no such alert');
    return undefined;
  }
  const seconds = spanOf(schedule.cron, periods);
  if (typeof periods !== 'number' || seconds === undefined) return undefined;
  if (seconds <= mostSeconds) return { periods, seconds };
  report.notice(
    path,
    `${periods} periods of the schedule take up to ${Math.round(seconds / 86_400)} days, and an alert looks back ${mostSeconds / 86_400} at most: there will be no such alert`,
  );
  return undefined;
}

/** Undefined where something is wrong with either, which has been told. */
function spanOf(cron: string, periods: unknown): number | undefined {
  if (typeof periods !== 'number' || !(periods >= 1 && periods <= 100)) return undefined;
  try {
    return longestPeriods(cron, Math.floor(periods)) || undefined;
  } catch {
    return undefined;
  }
}
