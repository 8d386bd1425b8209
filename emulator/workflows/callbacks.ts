/**
 * The callback endpoints of one execution. A request that comes before anybody waits for it is kept; one that
 * is waited for wakes whoever has waited longest.
 *
 * https://cloud.google.com/workflows/docs/creating-callback-endpoints
 */
import { randomUUID } from 'node:crypto';
import { GoogleError } from '../errors.ts';
import type { Value } from './value.ts';

/** A step that waits. */
export interface Waiting {
  /** Fires when a request is there. */
  readonly arrived: AbortSignal;
  /** The request, undefined when none came. */
  take(): Value | undefined;
  end(): void;
}

interface Callback {
  readonly method: string;
  readonly payloads: Value[];
  readonly waiters: { readonly over: AbortController; payload?: Value }[];
}

/** A callback as the API lists it. */
export interface CallbackResource {
  readonly name: string;
  readonly method: string;
  readonly availablePayloads?: readonly string[];
  readonly waiters: string;
}

/** The callbacks of an execution. */
export class Callbacks {
  readonly #execution: string;
  readonly #callbacks = new Map<string, Callback>();

  /** @param execution its name */
  constructor(execution: string) {
    this.#execution = execution;
  }

  /** Makes an endpoint. @returns its URL, on the host that the service has it on */
  create(method: string): string {
    const id = randomUUID();
    this.#callbacks.set(id, { method, payloads: [], waiters: [] });
    return `https://workflowexecutions.googleapis.com/v1/${this.#execution}/callbacks/${id}`;
  }

  /** Begins to wait at an endpoint; undefined when it is none of this execution's. */
  wait(url: string): Waiting | undefined {
    const [execution, id = ''] = url.split('/v1/').at(-1)?.split('/callbacks/') ?? [];
    const callback = execution === this.#execution ? this.#callbacks.get(id) : undefined;
    if (!callback) return undefined;
    const waiter: Callback['waiters'][number] = { over: new AbortController() };
    const payload = callback.payloads.shift();
    if (payload !== undefined) {
      waiter.payload = payload;
      waiter.over.abort();
    } else callback.waiters.push(waiter);
    return {
      arrived: waiter.over.signal,
      take: () => waiter.payload,
      end: () => {
        const at = callback.waiters.indexOf(waiter);
        if (at >= 0) callback.waiters.splice(at, 1);
      },
    };
  }

  /** Takes a request. @throws GoogleError NOT_FOUND when there is no such endpoint for this method */
  receive(id: string, method: string, request: Value): void {
    const callback = this.#callbacks.get(id);
    if (!callback || callback.method !== method)
      throw new GoogleError('NOT_FOUND', `There is no callback ${id} that expects ${method}.`);
    const waiter = callback.waiters.shift();
    if (!waiter) {
      callback.payloads.push(request);
      return;
    }
    waiter.payload = request;
    waiter.over.abort();
  }

  /** All endpoints, oldest first. @param text how a payload is shown */
  list(text: (payload: Value) => string): CallbackResource[] {
    return [...this.#callbacks].map(([id, { method, payloads, waiters }]) => ({
      name: `${this.#execution}/callbacks/${id}`,
      method,
      ...(payloads.length > 0 && { availablePayloads: payloads.map(text) }),
      waiters: String(waiters.length),
    }));
  }

  /** Forgets them: the execution is over. */
  close(): void {
    this.#callbacks.clear();
  }
}
