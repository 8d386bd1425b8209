/** What the tests of the console page look at: a leader with two followers, one workflow. */

export const parent = 'projects/acme/locations/europe-west1';

export const repository = (location: string): string =>
  `projects/acme/locations/${location}/repositories/prod`;

/** A digest that is told at a glance. */
export const digest = (digit: number): string => `sha256:${String(digit).repeat(64)}`;

export const config = {
  name: 'replicator',
  project: 'acme',
  region: 'europe-west1',
  source: repository('europe-west1'),
  destinations: [repository('us-central1'), repository('asia-east1')],
};
