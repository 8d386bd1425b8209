import { defineConfig } from '../../generator/config.ts';

// Enough for poll.maxDelay to be raised, and for memory to allow only a few copies at once.
export default defineConfig({
  name: 'sixty-destinations',
  project: 'acme',
  region: 'europe-west1',
  source: 'projects/acme/locations/europe-west1/repositories/prod',
  destinations: Array.from(
    { length: 60 },
    (_, index) => `projects/team-${index + 1}-acme/locations/us/repositories/prod`,
  ),
  copy: { continueOnSkippedVersion: true },
});
