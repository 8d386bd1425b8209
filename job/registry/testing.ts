/** What unit tests of the registry share: time that is skipped, and a service that answers as it is told. */
import type { IncomingHttpHeaders } from 'node:http';
import type { RepositoryName } from '../../generator/plan.ts';
import { createRegistry, type RegistryOptions } from './client.ts';
import type { Clock } from './clock.ts';
import { anonymous } from './credentials.ts';
import { createLimiter, type Limits } from './limiter.ts';
import { type Registry, RegistryError } from './registry.ts';
import type { Transport, WireRequest } from './transport.ts';

/** More than any test sends. */
export const noLimits: Limits = { requests: 1e9, writes: 1e9, deletes: 1e9 };

export const repository: RepositoryName = { project: 'acme', location: 'us', repository: 'prod' };

/** A clock that jumps to the next wake-up as soon as everything waits. Starts at `start`. */
export function skippingClock(start = 0): Clock & { readonly slept: number[] } {
  let time = start;
  let isDue = false;
  const sleepers: { wake: number; resolve: () => void }[] = [];
  const slept: number[] = [];
  const skip = () => {
    sleepers.sort((one, other) => one.wake - other.wake);
    const next = sleepers.shift();
    isDue = next !== undefined;
    if (!next) return;
    time = Math.max(time, next.wake);
    next.resolve();
    setImmediate(skip);
  };
  return {
    slept,
    now: () => time,
    sleep(milliseconds) {
      slept.push(milliseconds);
      return new Promise((resolve) => {
        sleepers.push({ wake: time + Math.max(0, milliseconds), resolve });
        if (!isDue) setImmediate(skip);
        isDue = true;
      });
    },
  };
}

/** An answer as a test writes it: an object goes as JSON. */
export interface Scripted {
  readonly status?: number;
  readonly headers?: IncomingHttpHeaders;
  readonly body?: unknown;
}

/** A transport that asks a function, and keeps what was sent. */
export function scripted(answer: (request: WireRequest, index: number) => Scripted | Promise<Scripted>): {
  readonly transport: Transport;
  readonly sent: WireRequest[];
} {
  const sent: WireRequest[] = [];
  return {
    sent,
    async transport(request) {
      sent.push(request);
      const { status = 200, headers = {}, body = {} } = await answer(request, sent.length - 1);
      const text = typeof body === 'string' ? body : JSON.stringify(body);
      return { status, headers, body: Buffer.from(text) };
    },
  };
}

/** A client on a script, with time that is skipped. */
export function scriptedRegistry(
  answer: Parameters<typeof scripted>[0],
  options: Partial<RegistryOptions> = {},
): {
  readonly registry: Registry;
  readonly sent: WireRequest[];
  readonly clock: ReturnType<typeof skippingClock>;
} {
  const clock = skippingClock(Date.UTC(2026, 0, 1));
  const { transport, sent } = scripted(answer);
  const limiter = createLimiter(noLimits, clock);
  const registry = createRegistry({
    credentials: anonymous,
    limiter,
    clock,
    random: () => 0.5,
    transport,
    ...options,
  });
  return { registry, sent, clock };
}

/** An error in the service's own words. */
export function refused(status: number, message = 'because', headers: IncomingHttpHeaders = {}): Scripted {
  return { status, headers, body: { error: { code: status, message, status: 'X' } } };
}

/** What a promise fails with. */
export async function failureOf(work: Promise<unknown>): Promise<RegistryError> {
  try {
    await work;
  } catch (error) {
    if (error instanceof RegistryError) return error;
    throw error;
  }
  throw new Error('it did not fail');
}

/** Everything that a sequence of pages has. */
export async function all<T>(pages: AsyncIterable<readonly T[]>): Promise<T[]> {
  const items: T[] = [];
  for await (const page of pages) items.push(...page);
  return items;
}
