import { defineConfig } from '../../generator/config.ts';

export default defineConfig({
  project: 'acme',
  region: 'europe-west1',
  source: 'projects/acme/locations/europe-west1/repositories/prod',
  destinations: [
    'projects/acme/locations/us-central1/repositories/prod',
    { project: 'acme', location: 'us-east1', repository: 'prod' },
    'us-central1-docker.pkg.dev/acme/prod',
  ],
});
