import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { demandsOf } from './iam/rules.ts';
import { matchPath, restRoute } from './rest.ts';

const test = suite('paths of requests');

const route = restRoute('GET /v1/projects/*/topics/*:publish', () => ({}));

test('what stands for an id is decoded, whatever its verb', () => {
  assert.equal(matchPath(route, '/v1/projects/example.com%3Aacme/topics/a%2Fb:publish'), [
    'example.com:acme',
    'a/b',
  ]);
  assert.is(matchPath(route, '/v1/projects/acme/topics/:publish'), undefined);
});

test('a percent sign that encodes nothing stays, and is no failure inside', () => {
  assert.equal(matchPath(route, '/v1/projects/acme/topics/100%:publish'), ['acme', '100%']);
  assert.equal(demandsOf('GET', '/v2/us/acme/docker/a%zz/manifests/latest', {}), [
    {
      permission: 'artifactregistry.repositories.downloadArtifacts',
      resource: 'projects/acme/locations/us/repositories/docker',
    },
  ]);
});

test.run();
