import { defineConfig } from '../../generator/config.ts';

export default defineConfig({
  project: 'acme',
  region: 'europe-west1',
  source: 'projects/acme/locations/europe-west1/repositories/prod',
  destinations: ['projects/acme/locations/us-central1/repositories/prod'],
  schedule: { cron: '0 3 * * *' },
  monitoring: {
    alerts: {
      channels: ['1234567890', 'projects/acme/notificationChannels/1234567890', 'ops@example.com'],
      noSuccess: { periods: 0 },
    },
  },
});
