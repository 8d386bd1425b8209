import { Copy, defineConfig } from '../../generator/config.ts';

const copy: Copy = { maxVersionAgeDays: 7 };

export default defineConfig({
  project: 'acme',
  region: 'europe-west1',
  source: 'projects/acme/locations/europe-west1/repositories/prod',
  destinations: ['projects/acme/locations/us-central1/repositories/prod'],
  copy,
});
