import { defineConfig } from '../../generator/config.ts';

export default defineConfig({
  project: 'acme',
  region: 'europe-west1',
  destinations: ['projects/acme/locations/us-central1/repositories/prod'],
  source: { name: 'projects/acme/locations/europe-west1/repositories/prod', copy: {} },
});
