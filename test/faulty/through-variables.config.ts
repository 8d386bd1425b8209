import { defineConfig } from '../../generator/config.ts';

import { poll, regions } from './helpers/regions.ts';

const source = { project: 'acme', location: 'europe-west0', repository: 'prod' } as const;
const copy = { maxVersionAgeDays: -1 };
const common = { source, copy, poll };
const more = ['projects/acme/locations/us-west9/repositories/prod'];

const config = {
  ...common,
  project: 'acme',
  region: regions.home,
  destinations: ['projects/acme/locations/us-central1/repositories/prod', ...more],
} satisfies Parameters<typeof defineConfig>[0];

export default defineConfig(config);
