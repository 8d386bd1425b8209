import { defineConfig } from '../../generator/config.ts';

export default defineConfig({
  project: 'acme',
  region: 'europe-west1',
  source: 'projects/acme/locations/europe-west1/repositories/prod',
  destinations: [
    { project: 'acme', location: 'europe-west11', repository: 'prod' },
    'projects/acme/locations/us-centrall1/repositories/prod',
    'projects/acme/locations/eu/repositories/prod',
    'projects/acme/locations/us-east1-b/repositories/prod',
    'projects/acme/locations/mars-north1/repositories/prod',
    'projects/acme/locations/us/repositories/eu.gcr.io',
  ],
});
