/**
 * What of the calls is logged, when a workflow or execution asks for it: `EngineCallLog` of the public protos.
 *
 * https://cloud.google.com/workflows/docs/log-workflow#call-logging
 */
import { payloadText, WorkflowError } from '../errors.ts';
import { chain, type Soon } from '../expression/evaluate.ts';
import { stringifyJson, toPlain } from '../json.ts';
import type { Dict, Value } from '../value.ts';
import type { CallLogLevel } from '../workflow.ts';
import type { Machine, Thread } from './machine.ts';

/** Characters of an argument or response that are logged; the protos say that texts may be cut, not where. */
const longest = 5000;

const type = 'type.googleapis.com/google.cloud.workflows.type.EngineCallLog';

/** Does a call and logs it as the level asks. */
export function logged(thread: Thread, callee: string, args: Dict, run: () => Soon<Value>): Soon<Value> {
  const { machine } = thread;
  const level = machine.outside.callLogLevel;
  if (level !== 'LOG_ALL_CALLS' && level !== 'LOG_ERRORS_ONLY') return run();
  const log = new CallLog(machine, thread, callee, level);
  log.begun(args);
  try {
    const soon = run();
    if (!(soon instanceof Promise)) return log.succeeded(soon);
    return chain(
      soon.catch((error: unknown) => {
        throw log.raised(error);
      }),
      (value) => log.succeeded(value),
    );
  } catch (error) {
    throw log.raised(error);
  }
}

class CallLog {
  readonly #machine: Machine;
  readonly #where: { readonly routine: string; readonly step: string; readonly entry?: number };
  readonly #callee: string;
  readonly #level: CallLogLevel;
  readonly #started: string;

  constructor(machine: Machine, thread: Thread, callee: string, level: CallLogLevel) {
    this.#machine = machine;
    this.#where = {
      ...(thread.current ?? { routine: '', step: '' }),
      ...(thread.entry && { entry: thread.entry.id }),
    };
    this.#callee = callee;
    this.#level = level;
    this.#started = this.#now();
  }

  #now(): string {
    return new Date(this.#machine.outside.clock.now()).toISOString();
  }

  #write(state: string, details: Record<string, unknown>): void {
    this.#machine.outside.log({
      log: 'engine_call',
      severity: 'DEBUG',
      payload: {
        jsonPayload: {
          '@type': type,
          executionId: this.#machine.outside.env('GOOGLE_CLOUD_WORKFLOW_EXECUTION_ID'),
          activityTime: this.#now(),
          state,
          step: this.#where.step,
          callee: this.#callee,
          ...details,
        },
      },
      ...this.#where,
    });
  }

  begun(args: Dict): void {
    if (this.#level === 'LOG_ALL_CALLS') this.#write('BEGUN', { begun: { namedArgs: toPlain(args) } });
  }

  succeeded(value: Value): Value {
    if (this.#level === 'LOG_ALL_CALLS')
      this.#write('SUCCEEDED', { succeeded: { callStartTime: this.#started, response: cut(text(value)) } });
    return value;
  }

  /** @returns the error, to throw it on */
  raised(error: unknown): unknown {
    if (error instanceof WorkflowError)
      this.#write('EXCEPTION_RAISED', {
        exceptionRaised: {
          callStartTime: this.#started,
          exception: cut(payloadText(error.payload)),
          origin: error.frames[0]?.step ?? this.#where.step,
        },
      });
    return error;
  }
}

function text(value: Value): string {
  try {
    return stringifyJson(value);
  } catch {
    // Bytes and functions, which JSON can't hold.
    return JSON.stringify(toPlain(value));
  }
}

function cut(whole: string): string {
  return whole.length > longest ? `${whole.slice(0, longest)}…` : whole;
}
