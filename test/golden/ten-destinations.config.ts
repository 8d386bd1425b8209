import { defineConfig } from '../../generator/config.ts';

const regions = [
  'asia-east1',
  'asia-northeast1',
  'asia-south1',
  'australia-southeast1',
  'europe-west4',
  'northamerica-northeast1',
  'southamerica-east1',
  'us-central1',
  'us-east1',
  'us-west1',
];

export default defineConfig({
  name: 'ten-destinations',
  project: 'acme',
  region: 'europe-west1',
  source: 'projects/acme/locations/europe-west1/repositories/prod',
  destinations: regions.map((location) => ({ project: 'acme', location, repository: 'prod' })),
});
