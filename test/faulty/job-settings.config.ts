import { defineConfig } from '../../generator/config.ts';

export default defineConfig({
  name: 'Nightly_Job',
  project: 'acme',
  region: 'europe-west1',
  source: 'projects/acme/locations/europe-west1/repositories/prod',
  destinations: [
    { name: 'projects/acme/locations/us-central1/repositories/prod', copy: { maxVersionAgeDays: 7 } },
    { name: 'projects/acme/locations/us-east1/repositories/prod', copy: { maxVersionAgeDays: 8 } },
  ],
  copy: { engine: 'job' },
  mirror: { maxDeletionShare: 1.5, protect: { tags: ['stable', ''] } },
  job: {
    image: 'europe-west1-docker.pkg.dev/acme/tools/replicator:latest',
    tasks: 0,
    memory: '512MB',
    cpu: 2.5,
    env: { MAX_DELETIONS: '1000000', 'HTTPS-PROXY': 'http://proxy:3128' },
  },
});
