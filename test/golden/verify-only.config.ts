import { defineConfig } from '../../generator/config.ts';

export default defineConfig({
  name: 'verify-only',
  project: 'acme',
  region: 'europe-west1',
  source: 'projects/acme/locations/europe-west1/repositories/prod',
  destinations: ['projects/acme/locations/us-central1/repositories/prod'],
  copy: { continueOnSkippedVersion: true, allowSkippedVersions: true },
  verify: true,
  job: true,
});
