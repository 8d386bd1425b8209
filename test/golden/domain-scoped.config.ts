import { defineConfig } from '../../generator/config.ts';

export default defineConfig({
  name: 'domain-scoped',
  project: 'example.com:acme',
  region: 'europe-west1',
  source: 'projects/example.com:acme/locations/europe-west1/repositories/prod',
  destinations: [
    'projects/example.com:acme/locations/europe-west4/repositories/prod',
    'europe-west3-docker.pkg.dev/example.com/other/prod',
  ],
});
