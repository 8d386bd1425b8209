import { defineConfig } from '../../generator/config.ts';

export default defineConfig({
  project: 'acme',
  region: 'europe-west1',
  source: 'projects/acme/locations/europe-west1/repositories/prod',
  destinations: ['projects/acme/locations/us-central1/repositories/prod'],
  createDestinations: {
    kmsKeys: ['cryptoKeys/prod', 'projects/acme/locations/us-east1/keyRings/images/cryptoKeys/prod'],
    labels: { Team: 'platform', owner: 'Jane Doe' },
  },
});
