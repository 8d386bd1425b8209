import { defineConfig } from '../../generator/config.ts';

const note: string = 5;

export default defineConfig({
  project: 'Acme',
  region: 'us',
  source: 'europe-west1-docker.pkg.dev/acme/prod/web',
  destinations: ['projects/acme/locations/europe-west11/repositories/prod', { project: 'acme' }],
  schedule: { cron: '0 0 31 2 *', timeZone: 'Europe/Munchen' },
  copy: { engine: 'job', maxVersionAgeDays: 40000 },
  overlap: 'never',
  name: `${note}`,
});
