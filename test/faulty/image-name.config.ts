import { defineConfig } from '../../generator/config.ts';

export default defineConfig({
  project: 'acme',
  region: 'europe-west1',
  source: 'europe-west1-docker.pkg.dev/acme/prod/web:1.2',
  destinations: [
    'us-central1-docker.pkg.dev/acme/prod/team/web@sha256:0123abcd',
    'https://console.cloud.google.com/artifacts/docker/acme/us-east1/prod/web?project=acme',
    'gcr.io/acme/web',
    'projects/acme/locations/us-east4/repositories/prod/packages/web',
  ],
});
