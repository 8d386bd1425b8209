import { defineConfig } from '../../generator/config.ts';

// Whatever a later behaviour field is given arrives as that very string.
export default defineConfig({
  name: 'odd-strings',
  project: 'acme',
  region: 'europe-west1',
  source: 'projects/acme/locations/europe-west1/repositories/prod',
  destinations: ['projects/acme/locations/us-central1/repositories/prod'],
  copy: {
    behavior: {
      expression: '${sys.get_env("GOOGLE_CLOUD_PROJECT_ID")}',
      inTheMiddle: 'a ${b} c ${d}',
      quotes: `it's "quoted" \\ and escaped`,
      lines: 'one\ntwo\n',
      yes: 'yes',
      on: 'on',
      number: '1_000',
      octal: '0o17',
      date: '2026-01-01',
      sexagesimal: '12:30:45',
      empty: '',
      tilde: '~',
      hash: '# no comment',
      colon: 'key: value',
      emoji: '💧',
      nested: { list: ['null', null, true, 1.5, -3], map: { deep: 'No' } },
    },
  },
});
