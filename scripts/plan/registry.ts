/** Whom the job's code asks, when a script runs it here. */
import { ApiError } from '../cloud/api.ts';
import type { Reader } from '../cloud/session.ts';
import type { Target } from '../cloud/target.ts';

/** The environment, with the emulator and its token where there is one: what scripts talk to, the job's code does too. */
export function registryEnvironment({ emulator }: Target): NodeJS.ProcessEnv {
  if (!emulator) return process.env;
  const { host, token } = emulator;
  return { ...process.env, REPLICATOR_EMULATOR_HOST: host, REPLICATOR_EMULATOR_TOKEN: token };
}

/**
 * Asks the emulator once: one that is not running does not come by itself, and the job's code would wait half a
 * minute for it, for each follower.
 *
 * @throws ApiError that asks whether it is running
 */
export async function meetEmulator({ target, api }: Pick<Reader, 'target' | 'api'>): Promise<void> {
  if (!target.emulator) return;
  try {
    await api.get('artifactregistry', 'v1/projects/emulator/locations');
  } catch (error) {
    // Any answer will do.
    if (!(error instanceof ApiError) || error.status === 0) throw error;
  }
}
