import { defineConfig } from '../../generator/config.ts';

const projects: Record<string, string> = { home: 'acme' };

export default defineConfig({
  source: 'projects/acme/locations/europe-west1/repositories/prod',
  destinations: ['projects/acme/locations/us-central1/repositories/prod'],
  project: projects.home,
  region: process.env.npm_node_execpath ? 'europe-west1' : process.env.REPLICATOR_NOT_SET ?? ['europe-west1'][0],
});
