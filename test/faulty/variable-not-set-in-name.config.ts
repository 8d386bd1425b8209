import { defineConfig } from '../../generator/config.ts';

const { REPLICATOR_NOT_SET: project } = process.env;

export default defineConfig({
  project: 'acme',
  region: 'europe-west1',
  source: `projects/${project}/locations/europe-west1/repositories/prod`,
  destinations: [{ project: String(project), location: 'us-central1', repository: `${project}` }],
});
