/** Whether a follower still carries our claim: whoever takes it away while a mirror runs stops it. */
import { resourceName } from '../../generator/plan.ts';
import { claimLabel, claimOf } from '../difference/guards.ts';
import { RegistryError } from '../registry/registry.ts';
import type { Sides } from './tags.ts';

/** @returns why nothing more may be taken away; undefined where the claim is there */
export async function unclaimed({ registry, source, destination }: Sides): Promise<string | undefined> {
  const name = resourceName(destination);
  try {
    const { labels } = await registry.repository(destination);
    return labels[claimLabel] === claimOf(source) ? undefined : `${name} does not carry our claim by now`;
  } catch (error) {
    if (!(error instanceof RegistryError)) throw error;
    return `whether ${name} still carries our claim cannot be told: ${error.message}`;
  }
}
