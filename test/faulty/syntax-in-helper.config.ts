import { defineConfig } from '../../generator/config.ts';

import { region } from './helpers/broken.ts';

export default defineConfig({
  project: 'acme',
  source: 'projects/acme/locations/europe-west1/repositories/prod',
  destinations: ['projects/acme/locations/us-central1/repositories/prod'],
  region,
});
