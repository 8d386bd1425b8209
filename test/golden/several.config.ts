import { defineConfig } from '../../generator/config.ts';

// Three workflows of one file; the second goes on where the first ends nowhere near.
export default defineConfig(
  ['images', 'charts', 'models'].map((repository) => ({
    name: `replicate-${repository}`,
    project: 'acme',
    region: 'europe-west1',
    source: `projects/acme/locations/europe-west1/repositories/${repository}`,
    destinations: [
      `projects/acme/locations/us-central1/repositories/${repository}`,
      `projects/acme/locations/asia-east1/repositories/${repository}`,
    ],
  })),
);
