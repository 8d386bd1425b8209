import { defineConfig } from '../../generator/config.ts';

// The job copies, in three tasks; one of its followers is then mirrored.
export default defineConfig({
  name: 'engine-job',
  project: 'acme',
  region: 'europe-west1',
  source: 'projects/acme/locations/europe-west1/repositories/prod',
  destinations: [
    { name: 'projects/acme/locations/us-central1/repositories/prod', mirror: true },
    'projects/acme/locations/asia-east1/repositories/prod',
  ],
  copy: { engine: 'job', allTagsExcluded: false },
  job: { tasks: 3, memory: '1Gi' },
});
