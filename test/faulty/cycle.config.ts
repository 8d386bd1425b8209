import { defineConfig } from '../../generator/config.ts';

export default defineConfig([
  {
    name: 'one',
    project: 'acme',
    region: 'europe-west1',
    source: 'projects/acme/locations/europe-west1/repositories/a',
    destinations: ['projects/acme/locations/us-central1/repositories/b'],
  },
  {
    name: 'two',
    project: 'acme',
    region: 'europe-west1',
    source: 'projects/acme/locations/us-central1/repositories/b',
    destinations: ['projects/acme/locations/asia-east1/repositories/c'],
  },
  {
    name: 'three',
    project: 'acme',
    region: 'europe-west1',
    source: 'projects/acme/locations/asia-east1/repositories/c',
    destinations: ['projects/acme/locations/europe-west1/repositories/a'],
  },
]);
