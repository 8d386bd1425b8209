import * as fc from 'fast-check';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { LOCATIONS } from './locations.ts';
import { destinationId, stepName } from './names.ts';
import { type RepositoryName, resourceName } from './plan.ts';

const named = (project: string, location: string, repository: string): RepositoryName => {
  return { project, location, repository };
};

test('is readable where it can be', () => {
  assert.is(destinationId(named('acme', 'europe-west1', 'prod'), 'acme'), 'europe-west1-prod');
  assert.is(destinationId(named('other', 'europe-west1', 'prod'), 'acme'), 'europe-west1-prod--other');
  assert.is(destinationId(named('acme', 'us', 'prod-images'), 'acme'), 'us-prod-images');
});

test('ends in a hash where the readable form could be another repository', () => {
  const hashed = /^[a-z][a-z0-9-]*-[0-9a-f]{6}$/;
  // As `europe-west1` with `prod`.
  assert.match(destinationId(named('acme', 'europe', 'west1-prod'), 'acme'), hashed);
  // As `a` in the project `b`.
  assert.match(destinationId(named('acme', 'us', 'a--b'), 'acme'), hashed);
  // As something with a hash.
  assert.match(destinationId(named('acme', 'us', 'prod-0123ab'), 'acme'), /^us-prod-0123ab-[0-9a-f]{6}$/);
  assert.match(
    destinationId(named('example.com:acme', 'us', 'gcr.io'), 'acme'),
    /^us-gcr-io-example-com-acme-[0-9a-f]{6}$/,
  );
});

test('is the same whatever stands beside it, in every version', () => {
  const id = destinationId(
    named('acme', 'northamerica-northeast1', 'a-very-long-name-of-a-repository'),
    'acme',
  );
  assert.is(id, 'northamerica-northeast1-a-very-long-name-52c457');
});

/** A few letters only, so that collisions would be found. */
const word = fc.stringMatching(/^[ab1](-{0,2}[ab1]){0,6}$/);
const location = fc.oneof(fc.constantFrom(...LOCATIONS), fc.stringMatching(/^[ab]{1,2}(-[ab]{1,2}1)?$/));
const repository = fc.record({ project: fc.oneof(word, fc.constant('home')), location, repository: word });
const anything = fc.record({ project: fc.string(), location: fc.string(), repository: fc.string() });

test('never gives two repositories one name', () => {
  fc.assert(
    fc.property(fc.array(repository, { minLength: 2, maxLength: 50 }), (repositories) => {
      const names = new Map<string, string>();
      for (const one of repositories) {
        const id = destinationId(one, 'home');
        assert.is(names.get(id) ?? resourceName(one), resourceName(one));
        names.set(id, resourceName(one));
      }
    }),
    { numRuns: 2000 },
  );
});

test('is bounded, and a valid step name, for anything', () => {
  fc.assert(
    fc.property(fc.oneof(repository, anything), fc.string(), (one, home) => {
      const id = destinationId(one, home);
      assert.match(id, /^[a-z][a-z0-9-]{0,47}$/);
      assert.match(stepName(id), /^[a-zA-Z][a-zA-Z0-9_]*$/);
    }),
    { numRuns: 2000 },
  );
});

test('step names are as different as ids', () => {
  fc.assert(
    fc.property(repository, repository, (a, b) => {
      const [one, other] = [destinationId(a, 'home'), destinationId(b, 'home')];
      assert.is(stepName(one) === stepName(other), one === other);
    }),
  );
});

test.run();
