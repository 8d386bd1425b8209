/** The replicator that most tests of a workflow are about. */
import type { Replicator } from '../generator/config.ts';

export const leader = 'projects/acme/locations/europe-west1/repositories/prod';
export const follower = 'projects/acme/locations/us-central1/repositories/prod';
export const second = 'projects/acme/locations/asia-east1/repositories/prod';

/** One leader, one follower, and what a test adds. */
export function config(more: Partial<Replicator> = {}): Replicator {
  return { project: 'acme', region: 'europe-west1', source: leader, destinations: [follower], ...more };
}
