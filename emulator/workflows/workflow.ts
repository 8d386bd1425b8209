/** A workflow as the API has it, and the rules for its fields. */
import { createHash } from 'node:crypto';
import { GoogleError } from '../errors.ts';
import { compileSource } from './compile.ts';
import type { Definition } from './definition.ts';
import { faultText } from './fault.ts';
import type { Limits } from './limits.ts';

/** `CallLogLevel`, in the order of its numbers. */
export const callLogLevels = [
  'CALL_LOG_LEVEL_UNSPECIFIED',
  'LOG_ALL_CALLS',
  'LOG_ERRORS_ONLY',
  'LOG_NONE',
] as const;
/** What of the calls is logged. */
export type CallLogLevel = (typeof callLogLevels)[number];

/** `ExecutionHistoryLevel`, in the order of its numbers. */
export const historyLevels = [
  'EXECUTION_HISTORY_LEVEL_UNSPECIFIED',
  'EXECUTION_HISTORY_BASIC',
  'EXECUTION_HISTORY_DETAILED',
] as const;
/** How much step entries tell. */
export type HistoryLevel = (typeof historyLevels)[number];

/** `google.cloud.workflows.v1.Workflow`, as JSON. */
export interface Workflow {
  name: string;
  description?: string;
  state: 'ACTIVE';
  revisionId: string;
  createTime: string;
  updateTime: string;
  revisionCreateTime: string;
  labels?: Record<string, string>;
  serviceAccount: string;
  sourceContents: string;
  cryptoKeyName?: string;
  callLogLevel?: CallLogLevel;
  userEnvVars?: Record<string, string>;
  executionHistoryLevel?: HistoryLevel;
}

/** What a client may set. */
export const workflowFields = [
  'description',
  'labels',
  'serviceAccount',
  'sourceContents',
  'cryptoKeyName',
  'callLogLevel',
  'userEnvVars',
  'executionHistoryLevel',
] as const;
/** What a client may set, all of it optional. */
export type WorkflowFields = Partial<Pick<Workflow, (typeof workflowFields)[number]>>;

/** Fields whose change makes a new revision. */
const revisionFields = ['sourceContents', 'serviceAccount', 'userEnvVars'] as const;

const invalid = (message: string) => new GoogleError('INVALID_ARGUMENT', message);

/** @throws GoogleError INVALID_ARGUMENT */
export function checkWorkflowId(id: string): void {
  if (!/^[A-Za-z]([A-Za-z0-9_-]{0,62}[A-Za-z0-9])?$/.test(id))
    throw invalid(
      `Invalid workflow ID '${id}': it must have 1 to 64 letters, digits, underscores and hyphens, start with a letter and end with a letter or digit.`,
    );
}

/** @throws GoogleError INVALID_ARGUMENT */
export function checkLabels(labels: Record<string, string>): void {
  const entries = Object.entries(labels);
  if (entries.length > 64) throw invalid(`${entries.length} labels; the limit is 64.`);
  for (const [key, value] of entries) {
    if (!/^\p{Ll}|^\p{Lo}/u.test(key) || !/^[\p{Ll}\p{Lo}\p{N}_-]{1,63}$/u.test(key))
      throw invalid(
        `Label key '${key}' must have 1 to 63 lowercase letters, digits, underscores and dashes, and start with a letter.`,
      );
    if (!/^[\p{Ll}\p{Lo}\p{N}_-]{0,63}$/u.test(value))
      throw invalid(
        `Label value '${value}' may have up to 63 lowercase letters, digits, underscores and dashes.`,
      );
  }
}

/**
 * Checks what a client sets.
 *
 * @throws GoogleError INVALID_ARGUMENT
 */
export function checkFields(fields: WorkflowFields): void {
  if (fields.labels) checkLabels(fields.labels);
  if (fields.description !== undefined && [...fields.description].length > 1000)
    throw invalid('The description has more than 1000 characters.');
  const env = Object.entries(fields.userEnvVars ?? {});
  if (env.length > 20) throw invalid(`${env.length} environment variables; the limit is 20.`);
  for (const [key, value] of env) {
    if (key === '' || /^(GOOGLE|WORKFLOWS)/.test(key))
      throw invalid(
        `Environment variable '${key}' must have a name that doesn't start with GOOGLE or WORKFLOWS.`,
      );
    for (const text of [key, value])
      if (Buffer.byteLength(text) > 4096) throw invalid(`Environment variable '${key}' has more than 4 KiB.`);
  }
}

/**
 * Compiles a source.
 *
 * @throws GoogleError INVALID_ARGUMENT with all that is wrong, each with line, column and the line itself
 */
export function compiled(source: string, limits: Limits): Definition {
  const definition = compileSource(source, limits);
  if (!Array.isArray(definition)) return definition;
  throw new GoogleError('INVALID_ARGUMENT', faultText(definition, source));
}

/** The parts of a name `projects/P/locations/L/workflows/W`; a project may hold a colon. */
export function parts(name: string): { project: string; location: string; workflow: string } {
  const [, project = '', , location = '', , workflow = ''] = name.split('/');
  return { project, location, workflow };
}

/** The id of a revision, such as `000001-a4d`: its number, and three digits that the source decides. */
export function revisionId(ordinal: number, source: string): string {
  const digest = createHash('sha256').update(`${ordinal}\n${source}`).digest('hex');
  return `${String(ordinal).padStart(6, '0')}-${digest.slice(0, 3)}`;
}

/** Whether a change makes a new revision. */
export function makesRevision(from: Workflow, to: Workflow): boolean {
  return revisionFields.some((field) => JSON.stringify(from[field]) !== JSON.stringify(to[field]));
}

/** A time in JSON. */
export function timestamp(milliseconds: number): string {
  return new Date(milliseconds).toISOString();
}
