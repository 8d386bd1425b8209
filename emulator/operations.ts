/**
 * Long-running operations of every emulated service. They share one path,
 * `projects/P/locations/L/operations/O`, so one store answers for all. An operation keeps no timer: its state
 * is a function of the clock, computed when somebody asks.
 */
import { randomUUID } from 'node:crypto';
import type { Clock } from './clock.ts';
import { GoogleError, rpcCodes } from './errors.ts';

/** `google.longrunning.Operation`, as JSON. */
export interface Operation {
  name: string;
  metadata?: Record<string, unknown>;
  done?: true;
  error?: { code: number; message: string; details?: readonly unknown[] };
  response?: Record<string, unknown>;
}

/** What an operation looks like at a time; `error` and `response` end it. */
export type OperationState = Omit<Operation, 'name' | 'done'>;

/** The operations of one emulator, in memory: like the service's own they are not kept for ever. */
export class Operations {
  readonly #clock: Clock;
  readonly #states = new Map<string, (now: number) => OperationState>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /**
   * Starts an operation.
   *
   * @param parent `projects/P/locations/L`
   * @param state its state at a time; called at each look, so that an effect at the end must be done once only
   */
  start(parent: string, state: (now: number) => OperationState): Operation {
    const name = `${parent}/operations/${randomUUID()}`;
    this.#states.set(name, state);
    return this.get(name);
  }

  /** An operation that ended at once, with its response or with the error that was thrown. */
  finished(parent: string, metadata: Record<string, unknown>, response: Record<string, unknown>): Operation {
    return this.start(parent, () => ({ metadata, response }));
  }

  /** @throws GoogleError NOT_FOUND */
  get(name: string): Operation {
    const state = this.#states.get(name);
    if (!state) throw new GoogleError('NOT_FOUND', `Operation ${name} was not found.`);
    const now = state(this.#clock.now());
    const done = now.error !== undefined || now.response !== undefined;
    return { name, ...now, ...(done && { done }) };
  }

  /** All below a parent, oldest first. */
  list(parent: string): Operation[] {
    return [...this.#states.keys()]
      .filter((name) => name.startsWith(`${parent}/operations/`))
      .map((name) => this.get(name));
  }

  /** @throws GoogleError NOT_FOUND */
  delete(name: string): void {
    if (!this.#states.delete(name)) throw new GoogleError('NOT_FOUND', `Operation ${name} was not found.`);
  }
}

/** The `error` of an operation, from what was thrown. */
export function operationError(error: unknown): NonNullable<Operation['error']> {
  if (error instanceof GoogleError) return { code: rpcCodes[error.status], message: error.message };
  return { code: rpcCodes.INTERNAL, message: error instanceof Error ? error.message : String(error) };
}
