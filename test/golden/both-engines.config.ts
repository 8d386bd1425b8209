import { defineConfig } from '../../generator/config.ts';

// Twelve followers by CopyRepository, twelve by the job: two loops side by side, all of them verified.
export default defineConfig({
  name: 'both-engines',
  project: 'acme',
  region: 'europe-west1',
  source: 'projects/acme/locations/europe-west1/repositories/prod',
  destinations: Array.from({ length: 24 }, (_, index) => ({
    name: `projects/team-${index + 1}-acme/locations/us/repositories/prod`,
    copy: { engine: index < 12 ? ('api' as const) : ('job' as const) },
  })),
  verify: true,
  job: { tasks: 12 },
});
