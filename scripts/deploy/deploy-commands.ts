/** Commands that deploy: each makes what is missing and changes what is there. */
import { shownPath } from '../files.ts';
import type { Command } from './commands.ts';
import type { Resource } from './resource.ts';

/** Labels. */
export type Labels = Readonly<Record<string, string>>;

/** Labels as a flag takes them. */
export function labelList(labels: Labels): string {
  return Object.entries(labels)
    .map(([key, value]) => `${key}=${value}`)
    .join(',');
}

/**
 * Variables as a flag takes them, with a delimiter that no value has.
 *
 * @param changed the fields of an update: variables that are there and not wanted are cleared
 */
function envFlags(env: Labels, changed: readonly string[]): string[] {
  const entries = Object.entries(env).map(([name, value]) => `${name}=${value}`);
  if (entries.length === 0) return changed.includes('env') ? ['--clear-env-vars'] : [];
  // The last of them is refused in a config.
  const delimiter = [...'|;@#~%', '\u001f'].find((one) => !entries.some((entry) => entry.includes(one)));
  return [`--set-env-vars=^${delimiter}^${entries.join(delimiter)}`];
}

/** The Cloud Run job, made or changed. @param changed the fields of an update */
export function deployJob(
  { project, region, job, fields }: Extract<Resource, { kind: 'runJob' }>,
  changed: readonly string[] = [],
): Command {
  return {
    args: [
      ...['run', 'jobs', 'deploy', job, `--project=${project}`, `--region=${region}`],
      `--image=${fields.image}`,
      `--service-account=${fields.serviceAccount}`,
      `--tasks=${fields.tasks}`,
      `--max-retries=${fields.retries}`,
      `--task-timeout=${fields.timeout}`,
      `--memory=${fields.memory}`,
      `--cpu=${fields.cpu}`,
      ...envFlags(fields.env, changed),
      `--labels=${labelList(fields.labels)}`,
    ],
  };
}

/** The Cloud Run service, made or changed. @param changed the fields of an update */
export function deployService(
  { project, region, service, fields }: Extract<Resource, { kind: 'runService' }>,
  changed: readonly string[] = [],
): Command {
  return {
    args: [
      ...['run', 'deploy', service, `--project=${project}`, `--region=${region}`],
      `--image=${fields.image}`,
      `--service-account=${fields.serviceAccount}`,
      // Another delimiter than a comma, which an argument may hold.
      `--args=^ ^${fields.args}`,
      `--timeout=${fields.timeout}`,
      `--memory=${fields.memory}`,
      `--cpu=${fields.cpu}`,
      ...envFlags(fields.env, changed),
      // One run at a time: a second one is answered with 409 by the same instance.
      '--max-instances=1',
      `--labels=${labelList(fields.labels)}`,
      '--no-allow-unauthenticated',
    ],
  };
}

/** The workflow, made or changed. @param labels those that it has */
export function deployWorkflow(
  { project, region, workflow, file, fields }: Extract<Resource, { kind: 'workflow' }>,
  labels: Labels = {},
): Command {
  const level = (name: string) => name.toLowerCase().replaceAll('_', '-');
  return {
    args: [
      ...['workflows', 'deploy', workflow, `--project=${project}`, `--location=${region}`],
      `--source=${shownPath(file)}`,
      `--service-account=${fields.serviceAccount}`,
      `--description=${fields.description}`,
      // All labels are written anew: those of others stay.
      `--labels=${labelList({ ...labels, ...fields.labels })}`,
      `--call-log-level=${level(fields.callLogLevel)}`,
      `--execution-history-level=${level(fields.executionHistoryLevel)}`,
      '--format=none',
    ],
  };
}

/** The Scheduler job. @param changed the fields that are told */
export function schedulerCommand(
  { project, region, job, fields }: Extract<Resource, { kind: 'schedulerJob' }>,
  verb: 'create' | 'update',
  changed: readonly string[],
): Command {
  const flags: Readonly<Record<keyof typeof fields, string>> = {
    schedule: `--schedule=${fields.schedule}`,
    timeZone: `--time-zone=${fields.timeZone}`,
    uri: `--uri=${fields.uri}`,
    method: `--http-method=${fields.method.toLowerCase()}`,
    body: `--message-body=${fields.body}`,
    contentType: `--${verb === 'create' ? 'headers' : 'update-headers'}=Content-Type=${fields.contentType}`,
    serviceAccount: `--oauth-service-account-email=${fields.serviceAccount}`,
    description: `--description=${fields.description}`,
    retries: `--max-retry-attempts=${fields.retries}`,
    minBackoff: `--min-backoff=${fields.minBackoff}`,
    maxBackoff: `--max-backoff=${fields.maxBackoff}`,
    attemptDeadline: `--attempt-deadline=${fields.attemptDeadline}`,
  };
  return {
    args: [
      ...['scheduler', 'jobs', verb, 'http', job, `--project=${project}`, `--location=${region}`],
      ...Object.entries(flags).flatMap(([field, flag]) => (changed.includes(field) ? [flag] : [])),
      '--format=none',
    ],
  };
}
