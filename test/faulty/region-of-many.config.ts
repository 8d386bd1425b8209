import { defineConfig } from '../../generator/config.ts';

export default defineConfig([
  {
    name: 'a',
    project: 'acme',
    region: 'europe',
    source: 'projects/acme/locations/europe-west1/repositories/prod',
    destinations: ['projects/acme/locations/us-central1/repositories/prod'],
  },
  {
    name: 'b',
    project: 'acme',
    region: 'us-east',
    source: 'projects/acme/locations/europe-west1/repositories/prod',
    destinations: ['projects/acme/locations/us-east1/repositories/prod'],
  },
  {
    name: 'c',
    project: 'acme',
    region: 'global',
    source: 'projects/acme/locations/europe-west1/repositories/prod',
    destinations: ['projects/acme/locations/us-east4/repositories/prod'],
  },
]);
