/** Whom the job's code asks, when a script runs it here. */
import type { Target } from '../cloud/target.ts';

/** The environment, with the emulator and its token where there is one: what scripts talk to, the job's code does too. */
export function registryEnvironment({ emulator }: Target): NodeJS.ProcessEnv {
  if (!emulator) return process.env;
  const { host, token } = emulator;
  return { ...process.env, REPLICATOR_EMULATOR_HOST: host, REPLICATOR_EMULATOR_TOKEN: token };
}
