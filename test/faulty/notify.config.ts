import { defineConfig } from '../../generator/config.ts';

const base = {
  project: 'acme',
  region: 'europe-west1',
  source: 'projects/acme/locations/europe-west1/repositories/prod',
  destinations: ['projects/acme/locations/us-central1/repositories/prod'],
};

export default defineConfig({
  ...base,
  notify: { topic: 'projects/acme/subscriptions/replication', on: 'always' },
});
