import { defineConfig } from '../../generator/config.ts';

export default defineConfig({
  project: 'acme',
  region: 'europe-west1',
  source: 'docker.io/library/nginx',
  destinations: ['https://ghcr.io/acme/web', 'localhost:5000/web', 'gs://acme/prod'],
});
