import { defineConfig } from '../../generator/config.ts';

// One follower is an exact copy, with a protection whose text could be taken for an expression; the other only grows.
export default defineConfig({
  name: 'mirror-one-of-two',
  project: 'acme',
  region: 'europe-west1',
  source: 'projects/acme/locations/europe-west1/repositories/prod',
  destinations: [
    {
      name: 'projects/acme/locations/us-central1/repositories/prod',
      mirror: {
        maxDeletions: 20,
        protect: { tags: ['stable', '${sys.now()}'], packages: ['base/**'], newerThanDays: 0.5 },
      },
    },
    'projects/acme/locations/asia-east1/repositories/prod',
  ],
  copy: { maxVersionAgeDays: 30, behavior: { laterField: ['a', 1] } },
  job: { timeout: 7200 },
});
