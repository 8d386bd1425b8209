import { defineConfig } from '../../generator/config.ts';

enum Region {
  home = 'europe-west1',
}

export default defineConfig({
  project: 'acme',
  source: 'projects/acme/locations/europe-west1/repositories/prod',
  destinations: ['projects/acme/locations/us-central1/repositories/prod'],
  region: Region.home,
});
