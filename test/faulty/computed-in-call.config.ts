import { defineConfig } from '../../generator/config.ts';

function followers(...locations: string[]): string[] {
  return locations.map((location) => `projects/acme/locations/${location}/repositories/prod`);
}

export default defineConfig({
  project: 'acme',
  region: 'europe-west1',
  source: 'projects/acme/locations/europe-west1/repositories/prod',
  destinations: ['projects/acme/locations/us-central9/repositories/prod', ...followers('us-east9', 'us-east4'), 'prod'],
});
