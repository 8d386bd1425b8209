import { defineConfig } from '../../generator/config.ts';

export default defineConfig({
  project: 'acme',
  region: 'europe-west1',
  source: 'projects/acme/locations/europe-west1/repositories/prod',
  destinations: [{ name: 'projects/acme/locations/us-central1/repositories/prod', mirror: true }, 'projects/acme/locations/us-east1/repositories/prod'],
  copy: { engine: 'job' },
  mirror: { maxDeletions: 10 },
  verify: true,
});
