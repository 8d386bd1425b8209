import { defineConfig } from '../../generator/config.ts';

export default defineConfig({
  project: 'acme',
  region: 'europe-west1',
  source: 'projects/acme/locations/europe-west1/repositories/prod',
  destinations: ['projects/acme/locations/us-central1/repositories/prod'],
  monitoring: {
    dashbord: false,
    alerts: { channels: 'projects/acme/notificationChannels/1234567890', noSuccess: 2, onFailure: true },
  },
});
