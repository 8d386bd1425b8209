import { defineConfig } from '../../generator/config.ts';

const regions = JSON.parse('{}');

export default defineConfig({
  project: 'acme',
  source: 'projects/acme/locations/europe-west1/repositories/prod',
  destinations: ['projects/acme/locations/us-central1/repositories/prod'],
  region: regions.home.name,
});
