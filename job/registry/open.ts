/** A client from the environment: Google's services, or the emulator where one is named. */
import type { Sent } from './call.ts';
import { createRegistry } from './client.ts';
import { type Clock, systemClock } from './clock.ts';
import { anonymous, applicationDefault, type Credentials, emulatorCredentials } from './credentials.ts';
import { emulatorEndpoints, googleEndpoints } from './endpoints.ts';
import { createLimiter, defaultLimits, type Limits } from './limiter.ts';
import type { Registry } from './registry.ts';
import type { RetryPolicy } from './retry.ts';

/** What a client may be given besides its environment. */
export interface OpenOptions {
  /** `process.env` where it is left out. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** A tenth of Artifact Registry's quota where it is left out. */
  readonly limits?: Limits;
  readonly clock?: Clock;
  readonly retry?: RetryPolicy;
  /** Milliseconds for each request. */
  readonly timeout?: number;
  /** Told of every request. */
  readonly observe?: (sent: Sent) => void;
}

/**
 * Makes the client of a process, with the one limiter of that process: call it once.
 *
 * `REPLICATOR_EMULATOR_HOST=127.0.0.1:8787` sends everything there, over HTTP, with no credentials or with the token
 * in `REPLICATOR_EMULATOR_TOKEN`.
 *
 * @throws Error when REPLICATOR_EMULATOR_HOST is no host and port
 */
export function openRegistry({
  env = process.env,
  limits = defaultLimits,
  ...options
}: OpenOptions = {}): Registry {
  const host = env.REPLICATOR_EMULATOR_HOST ?? '';
  const limiter = createLimiter(limits, options.clock ?? systemClock);
  if (host === '')
    return createRegistry({
      endpoints: googleEndpoints,
      credentials: applicationDefault(),
      limiter,
      ...options,
    });
  if (!/^(?:[a-z0-9.-]+|\[[0-9a-f:]+\]):\d{1,5}$/i.test(host) || !URL.canParse(`http://${host}`))
    throw new Error(`REPLICATOR_EMULATOR_HOST is '${host}'; write HOST:PORT, as 127.0.0.1:8787`);
  const token = env.REPLICATOR_EMULATOR_TOKEN ?? '';
  const credentials: Credentials = token === '' ? anonymous : emulatorCredentials(token, `http://${host}`);
  return createRegistry({ endpoints: emulatorEndpoints(host), credentials, limiter, ...options });
}
