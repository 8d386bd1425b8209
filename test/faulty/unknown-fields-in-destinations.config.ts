import { defineConfig } from '../../generator/config.ts';

export default defineConfig({
  project: 'acme',
  region: 'europe-west1',
  source: 'projects/acme/locations/europe-west1/repositories/prod',
  destinations: [
    { project: 'acme', region: 'us-central1', repository: 'prod' },
    { nam: 'projects/acme/locations/us-east1/repositories/prod' },
    { name: 'projects/acme/locations/us-east4/repositories/prod', location: 'us-east4' },
    { name: 'projects/acme/locations/us-west1/repositories/prod', copy: { maxVersionAgeDay: 7 } },
  ],
});
