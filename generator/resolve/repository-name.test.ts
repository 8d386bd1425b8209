import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { resourceName } from '../plan.ts';
import { readRepositoryName } from './repository-name.ts';

const PROD = 'projects/acme/locations/europe-west1/repositories/prod';
const SCOPED = 'projects/example.com:acme/locations/europe-west1/repositories/prod';

const understood: readonly [text: string, name: string][] = [
  [PROD, PROD],
  [`${PROD}/`, PROD],
  [`/${PROD}`, PROD],
  [`https://artifactregistry.googleapis.com/v1/${PROD}`, PROD],
  [`https://artifactregistry.googleapis.com/v1beta2/${PROD}/`, PROD],
  [`//artifactregistry.googleapis.com/${PROD}`, PROD],
  ['https://console.cloud.google.com/artifacts/docker/acme/europe-west1/prod?project=acme', PROD],
  ['europe-west1-docker.pkg.dev/acme/prod', PROD],
  ['https://europe-west1-docker.pkg.dev/acme/prod/', PROD],
  ['docker://europe-west1-docker.pkg.dev/acme/prod', PROD],
  ['europe-west1-npm.pkg.dev/acme/prod', PROD],
  ['EUROPE-WEST1-docker.pkg.dev/acme/prod', PROD],
  ['projects/acme/locations/Europe-West1/repositories/prod', PROD],
  [SCOPED, SCOPED],
  ['projects/example.com/acme/locations/europe-west1/repositories/prod', SCOPED],
  ['europe-west1-docker.pkg.dev/example.com/acme/prod', SCOPED],
  ['europe-west1-docker.pkg.dev/example.com:acme/prod', SCOPED],
  ['gcr.io/acme', 'projects/acme/locations/us/repositories/gcr.io'],
  [
    'https://eu.gcr.io/example.com/acme/',
    'projects/example.com:acme/locations/europe/repositories/eu.gcr.io',
  ],
  ['us-docker.pkg.dev/acme/asia.gcr.io', 'projects/acme/locations/us/repositories/asia.gcr.io'],
];

for (const [text, name] of understood) {
  test(`reads ${text}`, () => {
    const result = readRepositoryName(text);
    assert.is('name' in result ? resourceName(result.name) : result.message, name);
  });
}

const corrected: readonly [text: string, hint: string][] = [
  ['europe-west1-docker.pkg.dev/acme/prod/web', PROD],
  ['europe-west1-docker.pkg.dev/acme/prod/team/web:1.2', PROD],
  ['europe-west1-docker.pkg.dev/acme/prod/web@sha256:0123', PROD],
  ['europe-west1-docker.pkg.dev/acme/prod/web:1.2@sha256:0123', PROD],
  ['europe-west1-docker.pkg.dev/acme/prod:1.2', PROD],
  ['europe-west1-docker.pkg.dev/example.com/acme/prod/web', SCOPED],
  ['gcr.io/acme/web', 'projects/acme/locations/us/repositories/gcr.io'],
  [`${PROD}/packages/web`, PROD],
  [` ${PROD}`, PROD],
  [`${PROD}\n`, PROD],
  ['projects/Acme/locations/europe-west1/repositories/PROD', PROD],
  ['project/acme/location/europe-west1/repository/prod', PROD],
  ['acme/europe-west1/prod', PROD],
  ['prod', 'projects/PROJECT/locations/LOCATION/repositories/prod'],
  ['acme/prod', 'projects/acme/locations/LOCATION/repositories/prod'],
];

for (const [text, name] of corrected) {
  test(`corrects ${JSON.stringify(text)}`, () => {
    const result = readRepositoryName(text);
    assert.is('name' in result ? resourceName(result.name) : result.hint, `write "${name}"`);
  });
}

const refused: readonly [text: string, message: RegExp][] = [
  ['', /^empty/],
  ['  ', /^empty/],
  ['projects//locations/europe-west1/repositories/prod', /an empty part/],
  ['projects/acme/locations/europe-west1', /ends before the repository/],
  ['projects/acme/locations/europe-west1/repositories/', /ends before the repository/],
  ['europe-west1-docker.pkg.dev/acme', /ends before the repository/],
  ['gcr.io', /ends before the project/],
  ['docker.io/library/nginx', /"docker.io" is not Artifact Registry/],
  ['https://example.com/', /"example.com" is not Artifact Registry/],
  ['projects/123456/locations/us/repositories/prod', /project number/],
  ['projects/undefined/locations/us/repositories/prod', /project id is "undefined"/],
  ['projects/acme/locations/us/repositories/undefined', /repository id is "undefined"/],
  ['projects/[object Object]/locations/us/repositories/prod', /an object was put into it/],
  ['projects/acme/locations/us/repositories/${prod}', /malformed repository id/],
  ['projects/acme/locations/us/repositories/"prod"', /malformed repository id/],
  ['projects/acme/locations/us/repositories/my.repo', /malformed repository id/],
  [`projects/acme/locations/us/repositories/${'a'.repeat(64)}`, /malformed repository id/],
  [`projects/${'a'.repeat(31)}/locations/us/repositories/prod`, /malformed project id/],
  ['projects/example:acme/locations/us/repositories/prod', /malformed project id/],
];

for (const [text, message] of refused) {
  test(`refuses ${JSON.stringify(text)}`, () => {
    const result = readRepositoryName(text);
    assert.match('name' in result ? 'understood' : result.message, message);
  });
}

test.run();
