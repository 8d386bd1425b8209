import { defineConfig } from '../../generator/config.ts';

export default defineConfig({
  project: 'acme',
  source: 'projects/acme/locations/europe-west1/repositories/prod',
  region: 1,
  destinations: 'projects/acme/locations/us-central1/repositories/prod',
  schedule: '0 3 * * *',
  copy: { continueOnSkippedVersion: 'true', maxVersionAgeDays: '7' },
  poll: [5, 30],
  overlap: 'skpi',
  verify: 0,
  extraLocations: 'europe-west99',
});
