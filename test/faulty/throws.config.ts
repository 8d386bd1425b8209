import { defineConfig } from '../../generator/config.ts';

if (!process.env.REPLICATOR_NOT_SET) {
  throw new Error('REPLICATOR_NOT_SET is not set:\n  export it first');
}

export default defineConfig({
  project: 'acme',
  region: 'europe-west1',
  source: 'projects/acme/locations/europe-west1/repositories/prod',
  destinations: ['projects/acme/locations/us-central1/repositories/prod'],
});
