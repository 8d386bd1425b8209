import { defineConfig } from '../../generator/config.ts';

// Releases of two platforms, by the job's own copy.
export default defineConfig({
  name: 'filtered-by-job',
  project: 'acme',
  region: 'europe-west1',
  source: 'projects/acme/locations/europe-west1/repositories/prod',
  destinations: ['projects/acme/locations/us-central1/repositories/prod'],
  copy: {
    engine: 'job',
    packages: ['team/**'],
    tags: ['release-*'],
    newestTags: 5,
    newestBy: 'time',
    platforms: { include: ['linux/amd64', 'linux/arm64'], rewriteIndex: true },
    moved: 'keep',
    foreignLayers: true,
  },
  job: { tasks: 2 },
});
