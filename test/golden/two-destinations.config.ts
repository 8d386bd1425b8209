import { defineConfig } from '../../generator/config.ts';

export default defineConfig({
  name: 'two-destinations',
  project: 'acme',
  region: 'europe-west1',
  source: { project: 'acme', location: 'europe-west1', repository: 'prod' },
  destinations: [
    'projects/acme/locations/us-central1/repositories/prod',
    { project: 'acme-dr', location: 'europe-north1', repository: 'prod' },
  ],
});
