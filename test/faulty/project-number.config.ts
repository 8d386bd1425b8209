import { defineConfig } from '../../generator/config.ts';

export default defineConfig({
  region: 'europe-west1',
  destinations: ['projects/acme/locations/us-central1/repositories/prod'],
  project: '123456789012',
  source: 'projects/123456789012/locations/europe-west1/repositories/prod',
});
