import { defineConfig } from '../../generator/config.ts';

export default defineConfig({
  project: 'acme',
  region: 'europe-west1',
  source: 'projects/acme/locations/europe-west1/repositories/prod',
  destinations: ['projects/acme/locations/us-central1/repositories/prod'],
  copy: { maxVersionAgeDays: 1.5 },
  poll: { initialDelay: 0, multiplier: 11, maxDelay: 3601, deadline: 59 },
});
