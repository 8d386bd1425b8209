import { defineConfig } from '../../generator/config.ts';

// One follower takes everything, one only the last week, one goes on past broken versions.
export default defineConfig({
  name: 'own-settings',
  project: 'acme',
  region: 'us-central1',
  source: 'projects/acme/locations/us/repositories/images',
  copy: { allAttachmentsIncluded: true },
  destinations: [
    'projects/acme/locations/europe/repositories/images',
    { name: 'projects/acme/locations/asia/repositories/images', copy: { maxVersionAgeDays: 7 } },
    {
      project: 'acme',
      location: 'us-east1',
      repository: 'images',
      copy: { continueOnSkippedVersion: true, allowSkippedVersions: true, allTagsExcluded: true },
    },
  ],
  poll: { initialDelay: 10, multiplier: 2, maxDelay: 120, deadline: 3600 },
});
