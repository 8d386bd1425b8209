import { defineConfig } from '../../generator/config.ts';

export default defineConfig({
  project: 'acme',
  region: 'europe-west1',
  source: 'projects/acme/locations/europe-west1/repositories/prod',
  destinations: [
    'projects//locations/us-central1/repositories/prod',
    'projects/acme/locations/us-central1',
    ' projects/acme/locations/us-central1/repositories/prod',
    'projects/ac me/locations/us-central1/repositories/prod',
    'projects/Acme/locations/us-central1/repositories/PROD',
    'project/acme/location/us-central1/repository/prod',
    'acme/us-central1/prod',
    'prod',
    '',
  ],
});
