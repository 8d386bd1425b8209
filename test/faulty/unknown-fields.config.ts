import { defineConfig } from '../../generator/config.ts';

export default defineConfig({
  project: 'acme',
  source: 'projects/acme/locations/europe-west1/repositories/prod',
  regoin: 'europe-west1',
  destination: 'projects/acme/locations/us-central1/repositories/prod',
  maxVersionAgeDays: 7,
  schedule: { cron: '0 3 * * *', timezone: 'Europe/Berlin' },
  poll: { timeout: 60 },
  colour: 'blue',
});
