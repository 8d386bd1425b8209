/** The job's client and an emulator, for tests of the one against the other. */
import type { Test } from 'uvu';
import type { Answered } from '../emulator/answer.ts';
import { type Emulator, type EmulatorOptions, startEmulator } from '../emulator/server.ts';
import type { RepositoryName } from '../generator/plan.ts';
import { createRegistry } from '../job/registry/client.ts';
import { anonymous } from '../job/registry/credentials.ts';
import { emulatorEndpoints } from '../job/registry/endpoints.ts';
import { createLimiter } from '../job/registry/limiter.ts';
import type { Registry } from '../job/registry/registry.ts';
import { noLimits, skippingClock } from '../job/registry/testing.ts';

export const leader: RepositoryName = { project: 'acme', location: 'us', repository: 'prod' };
/** Its full name. */
export const full = 'projects/acme/locations/us/repositories/prod';
/** A package's id with a slash. */
export const team = 'team%2Fapp';

/** A client whose waits take no time. */
export function clientOf(emulator: Emulator, timeout = 5000): Registry {
  const clock = skippingClock(Date.now());
  const limiter = createLimiter(noLimits, clock);
  return createRegistry({
    endpoints: emulatorEndpoints(emulator.host),
    credentials: anonymous,
    limiter,
    clock,
    timeout,
  });
}

/** What a test gets. */
export interface World {
  readonly emulator: Emulator;
  readonly registry: Registry;
  readonly requests: Answered[];
}

/** A test with an emulator of its own. */
export function withEmulator(
  test: Test,
  name: string,
  options: EmulatorOptions,
  body: (world: World) => Promise<void>,
): void {
  test(name, async () => {
    const requests: Answered[] = [];
    const emulator = await startEmulator({ ...options, onRequest: (answered) => requests.push(answered) });
    try {
      await body({ emulator, registry: clientOf(emulator), requests });
    } finally {
      await emulator.close();
    }
  });
}
