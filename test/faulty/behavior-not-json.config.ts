import { defineConfig } from '../../generator/config.ts';

const loop: Record<string, unknown> = {};
loop.self = loop;

export default defineConfig({
  project: 'acme',
  region: 'europe-west1',
  source: 'projects/acme/locations/europe-west1/repositories/prod',
  destinations: ['projects/acme/locations/us-central1/repositories/prod'],
  copy: {
    behavior: {
      when: new Date(0),
      run: () => true,
      many: [1, Number.NaN, undefined],
      half: 'a\ud800',
      loop,
      'two words': 1,
      constructor: 1,
      ['__proto__']: { polluted: true },
    },
  },
});
