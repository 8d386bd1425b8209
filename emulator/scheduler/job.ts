/** A job of Cloud Scheduler, and the rules for its fields. */
import { Cron } from 'croner';
import { GoogleError } from '../errors.ts';

/** `google.cloud.scheduler.v1.HttpTarget`, as JSON; `body` is base64. */
interface HttpTarget {
  readonly uri: string;
  readonly httpMethod?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly oauthToken?: { readonly serviceAccountEmail: string; readonly scope?: string };
  readonly oidcToken?: { readonly serviceAccountEmail: string; readonly audience?: string };
}

/** `google.cloud.scheduler.v1.Job`, as JSON. */
export interface Job extends Record<string, unknown> {
  readonly name: string;
  readonly description?: string;
  readonly httpTarget: HttpTarget;
  readonly schedule: string;
  readonly timeZone: string;
  readonly state: 'ENABLED' | 'PAUSED';
  readonly userUpdateTime: string;
  /** When it is due next. */
  readonly scheduleTime?: string;
  readonly lastAttemptTime?: string;
  /** How the last attempt ended: empty is well. */
  readonly status?: { readonly code?: number; readonly message?: string };
  readonly retryConfig?: {
    readonly retryCount?: number;
    readonly minBackoffDuration?: string;
    readonly maxBackoffDuration?: string;
    readonly maxDoublings?: number;
    readonly maxRetryDuration?: string;
  };
  readonly attemptDeadline?: string;
}

/** What a client may set. */
export const settable = [
  'description',
  'httpTarget',
  'schedule',
  'timeZone',
  'retryConfig',
  'attemptDeadline',
] as const;

/** When a job is due next after a time, milliseconds since the epoch; undefined: never. */
export function nextDue({ schedule, timeZone }: Job, after: number): number | undefined {
  return new Cron(schedule, { timezone: timeZone, paused: true }).nextRun(new Date(after))?.getTime();
}

const invalid = (message: string) => new GoogleError('INVALID_ARGUMENT', message);

/** @throws GoogleError INVALID_ARGUMENT */
export function checkJob(job: Job): void {
  if (job.schedule.trim().split(/\s+/).length !== 5)
    throw invalid(`Schedule or time zone is invalid: '${job.schedule}'.`);
  try {
    nextDue(job, 0);
  } catch {
    throw invalid(`Schedule or time zone is invalid: '${job.schedule}' in '${job.timeZone}'.`);
  }
  const { uri = '', httpMethod = 'POST', oauthToken, oidcToken } = job.httpTarget ?? {};
  if (!URL.canParse(uri)) throw invalid('Job.http_target.uri must be a valid URL.');
  if (!['POST', 'GET', 'HEAD', 'PUT', 'DELETE', 'PATCH', 'OPTIONS'].includes(httpMethod))
    throw invalid(`Invalid value at 'job.http_target.http_method': "${httpMethod}"`);
  if (oauthToken && oidcToken) throw invalid('Only one of oauth_token and oidc_token can be set.');
  if (oauthToken && !/(^|\.)googleapis\.com$/.test(new URL(uri).hostname))
    throw invalid('An OAuth token is sent to *.googleapis.com only; use oidc_token for other targets.');
  const deadline = Number.parseFloat(job.attemptDeadline ?? '180s');
  if (!(deadline >= 15 && deadline <= 1800))
    throw invalid('Job.attempt_deadline must be between 15 seconds and 30 minutes.');
}
