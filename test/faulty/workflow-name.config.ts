import { defineConfig } from '../../generator/config.ts';

export default defineConfig([
  {
    name: '1st copy!',
    project: 'acme',
    region: 'europe-west1',
    source: 'projects/acme/locations/europe-west1/repositories/a',
    destinations: ['projects/acme/locations/us-central1/repositories/b'],
  },
  {
    name: 'ends-',
    project: 'acme',
    region: 'europe-west1',
    source: 'projects/acme/locations/asia-east1/repositories/c',
    destinations: ['projects/acme/locations/asia-east2/repositories/d'],
  },
  {
    name: 'xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx',
    project: 'acme',
    region: 'europe-west1',
    source: 'projects/acme/locations/europe-west1/repositories/a',
    destinations: ['projects/acme/locations/asia-east2/repositories/e'],
  },
]);
