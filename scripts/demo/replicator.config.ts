/** The demo's config: one leader and three followers, one of them in another project. */
import { defineConfig } from '../../generator/config.ts';

export default defineConfig({
  name: 'demo',
  project: 'acme',
  region: 'europe-west1',
  source: 'projects/acme/locations/europe-west1/repositories/prod',
  destinations: [
    'projects/acme/locations/us-central1/repositories/prod',
    'projects/acme-dr/locations/europe-north1/repositories/prod',
    'projects/acme/locations/asia-east1/repositories/prod',
  ],
  copy: { allAttachmentsIncluded: true },
  poll: { initialDelay: 1, multiplier: 1.2, maxDelay: 2 },
});
