/**
 * What Workflows itself logs of each execution, whatever the definition logs: that it started, and how it ended.
 *
 * Payload: google/cloud/workflows/type/executions_system.proto in the public protos. Log id, resource, labels and
 * severities: https://cloud.google.com/logging/docs/api/platform-logs. Which severity a cancellation has is not said.
 */
import type { ExecutionRecord } from '../workflows/execution.ts';

/** One entry: when, how loud, and its `jsonPayload`. */
export interface SystemEntry {
  readonly timestamp: number;
  readonly severity: 'INFO' | 'ERROR';
  readonly jsonPayload: Readonly<Record<string, unknown>>;
}

/** Characters that an exception, or its place, may have. */
const longest = 1000;

/** The entry of an execution's start; none while it is queued. */
export function startEntry({ startTime, argument }: ExecutionRecord): SystemEntry[] {
  if (startTime === undefined) return [];
  const start = argument === undefined ? {} : { argument };
  return [{ timestamp: startTime, severity: 'INFO', jsonPayload: payload(startTime, 'ACTIVE', { start }) }];
}

/** The entry of an execution's end; none while it is active. */
export function endEntry({ endTime, state, result, error }: ExecutionRecord): SystemEntry[] {
  if (endTime === undefined) return [];
  const [last] = error?.stackTrace?.elements ?? [];
  const details = {
    ...(state === 'SUCCEEDED' && { success: { result: result ?? 'null' } }),
    ...(state === 'FAILED' && {
      failure: {
        exception: (error?.payload ?? '').slice(0, longest),
        ...(last && { source: `${last.routine}.${last.step}`.slice(0, longest) }),
      },
    }),
  };
  const severity = state === 'FAILED' ? 'ERROR' : 'INFO';
  return [{ timestamp: endTime, severity, jsonPayload: payload(endTime, state, details) }];
}

function payload(time: number, state: string, details: object) {
  return {
    '@type': 'type.googleapis.com/google.cloud.workflows.type.ExecutionsSystemLog',
    activityTime: new Date(time).toISOString(),
    state,
    ...details,
  };
}
