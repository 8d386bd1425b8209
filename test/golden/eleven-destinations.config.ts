import { defineConfig } from '../../generator/config.ts';

export default defineConfig({
  name: 'eleven-destinations',
  project: 'acme',
  region: 'europe-west1',
  source: 'projects/acme/locations/europe-west1/repositories/prod',
  destinations: Array.from(
    { length: 11 },
    (_, index) => `projects/team-${index + 1}-acme/locations/us/repositories/prod`,
  ),
});
