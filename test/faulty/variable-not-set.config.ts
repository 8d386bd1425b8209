import { defineConfig } from '../../generator/config.ts';

export default defineConfig({
  region: 'europe-west1',
  source: 'projects/acme/locations/europe-west1/repositories/prod',
  destinations: ['projects/acme/locations/us-central1/repositories/prod'],
  project: process.env.REPLICATOR_NOT_SET,
});
