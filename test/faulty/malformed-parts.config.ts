import { defineConfig } from '../../generator/config.ts';

export default defineConfig({
  project: 'acme',
  region: 'europe-west1',
  source: { project: 'example.com/acme', location: 'europe-west1', repository: 'my_repo' },
  destinations: [
    { project: 'acme', location: 'us-central1', repository: 'projects/acme/locations/us-central1/repositories/prod' },
    { project: 'acme-', location: 'us-central1', repository: '${secret}' },
    { project: 'acme', location: 'us-central1', repository: "pro'd\n" },
  ],
});
