import { defineConfig } from '../../generator/config.ts';

const regions = ['us-central1', 'us-east1', 'asia-east1'];

export default defineConfig({
  project: 'acme',
  region: 'europe-west1',
  source: 'projects/acme/locations/europe-west1/repositories/prod',
  destinations: regions.map((location) => ({
    project: 'acme',
    location: `${location}x`,
    repository: 'Prod',
  })),
});
