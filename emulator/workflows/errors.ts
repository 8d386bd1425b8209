/**
 * What a workflow can raise. The tags are the documented ones.
 *
 * https://cloud.google.com/workflows/docs/reference/syntax/error-types
 */
import { stringifyJson, toPlain } from './json.ts';
import { type Dict, dict, isDict, type Value } from './value.ts';

/** Tags of errors that the service raises itself. */
export type ErrorTag =
  | 'AuthError'
  | 'ConnectionError'
  | 'ConnectionFailedError'
  | 'ExecutionError'
  | 'HttpError'
  | 'IndexError'
  | 'KeyError'
  | 'OperationError'
  | 'ParallelNestingError'
  | 'RecursionError'
  | 'ResourceLimitError'
  | 'ResponseTypeError'
  | 'SystemError'
  | 'TimeoutError'
  | 'TypeError'
  | 'UnhandledBranchError'
  | 'ValueError'
  | 'ZeroDivisionError';

/** One frame of a stack trace: a step of a routine, and where the source has it. */
export interface StackElement {
  readonly step: string;
  readonly routine: string;
  readonly position: { readonly line: number; readonly column: number; readonly length: number };
}

/** An error on its way through a workflow: what `except` catches and what a failed execution shows. */
export class WorkflowError extends Error {
  override name = 'WorkflowError';
  /** What `as: e` is bound to: a map with `tags` and `message`, or whatever `raise` was given. */
  readonly payload: Value;
  /** Innermost frame first; filled while the error leaves the frames. */
  readonly frames: StackElement[] = [];
  /** First line of the error's context. */
  readonly headline: string;

  constructor(payload: Value, headline: string) {
    super(headline);
    this.payload = payload;
    this.headline = headline;
    // JavaScript's own stack is never shown and costs more than the step that failed.
    this.stack = headline;
  }

  /** Whether the payload carries a tag. */
  has(tag: ErrorTag): boolean {
    const tags = isDict(this.payload) ? this.payload.get('tags') : undefined;
    return Array.isArray(tags) && tags.includes(tag);
  }

  /** As `Execution.error` carries it; positions are int64 and so strings in JSON. */
  toExecutionError(): ExecutionError {
    return {
      payload: payloadText(this.payload),
      context: [
        this.headline,
        ...this.frames.map(
          ({ step, routine, position }) => `in step "${step}", routine "${routine}", line: ${position.line}`,
        ),
      ].join('\n'),
      stackTrace: {
        elements: this.frames.map(({ step, routine, position: { line, column, length } }) => ({
          step,
          routine,
          position: { line: String(line), column: String(column), length: String(length) },
        })),
      },
    };
  }
}

/** `Execution.Error` of the Executions API, as JSON. */
export interface ExecutionError {
  /** What was raised, as JSON. */
  payload: string;
  /** A stack trace for people. */
  context: string;
  stackTrace: {
    elements: {
      step: string;
      routine: string;
      position: { line: string; column: string; length: string };
    }[];
  };
}

/** What was raised as JSON; bytes and functions, which JSON can't hold, by their text. */
export function payloadText(payload: Value): string {
  try {
    return stringifyJson(payload);
  } catch {
    return JSON.stringify(toPlain(payload));
  }
}

/** Frames of an error with which a workflow fails are kept in an own class, so that `try` never catches them. */
export class Cancelled extends Error {
  override name = 'Cancelled';
}

/** An error that the service itself raises. */
export function systemError(
  tag: ErrorTag,
  message: string,
  extra: Record<string, Value | undefined> = {},
): WorkflowError {
  const text = `${tag}: ${message}`;
  return new WorkflowError(dict({ ...extra, message: text, tags: [tag] }), text);
}

/** An operation or function was given a value of a wrong type. */
export const typeError = (message: string) => systemError('TypeError', message);
/** A value has the right type and is wrong all the same. */
export const valueError = (message: string) => systemError('ValueError', message);
/** A map has no such key, or a name no value. */
export const keyError = (message: string) => systemError('KeyError', message);
/** A list has no such index. */
export const indexError = (message: string) => systemError('IndexError', message);
/** A documented limit is exceeded. */
export const limitError = (message: string) => systemError('ResourceLimitError', message);

/** What a `raise` step throws. */
export function raised(payload: Value): WorkflowError {
  const message = isDict(payload) ? payload.get('message') : undefined;
  // An error that was caught and is raised again keeps its own first line.
  const again = isDict(payload) && payload.has('tags') && typeof message === 'string';
  return new WorkflowError(payload, again ? message : `RuntimeError: ${payloadText(payload)}`);
}

/** A response with a status of 400 or more. */
export function httpError(response: { code: bigint; headers: Dict; body: Value }): WorkflowError {
  const message = `HTTP server responded with error code ${response.code}`;
  return new WorkflowError(
    dict({
      body: response.body,
      code: response.code,
      headers: response.headers,
      message,
      tags: ['HttpError'],
    }),
    message,
  );
}
