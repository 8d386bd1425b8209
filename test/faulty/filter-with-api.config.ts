import { defineConfig } from '../../generator/config.ts';

export default defineConfig({
  project: 'acme',
  region: 'europe-west1',
  source: 'projects/acme/locations/europe-west1/repositories/prod',
  destinations: [
    'projects/acme/locations/us-central1/repositories/prod',
    { name: 'projects/acme/locations/us-east1/repositories/prod', copy: { newestTags: 0, platforms: { include: ['linux'] } } },
  ],
  copy: { tags: ['release-*'], moved: 'keep' },
});
