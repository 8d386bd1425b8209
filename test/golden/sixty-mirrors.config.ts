import { defineConfig } from '../../generator/config.ts';

// As many as there may be: fewer are done at once, and looked at less often.
export default defineConfig({
  name: 'sixty-mirrors',
  project: 'acme',
  region: 'europe-west1',
  source: 'projects/acme/locations/europe-west1/repositories/prod',
  destinations: Array.from(
    { length: 60 },
    (_, index) => `projects/team-${index + 1}-acme/locations/us/repositories/prod`,
  ),
  mirror: true,
  job: { timeout: 604800 },
});
