import fc from 'fast-check';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import {
  decodeId,
  decodePath,
  encodeId,
  imagePath,
  locationId,
  parseImagePath,
  parseRepositoryName,
  parseVersionName,
  registryUri,
  repositoryId,
  versionName,
} from './names.ts';

const repository = 'projects/example.com:proj/locations/europe-west1/repositories/r';

test('an id survives its name, as it is and with its percent signs encoded once more', () => {
  // Encoded once more, the name of an id such as `%2F` is the name of another: nobody can tell these apart.
  const ids = fc.string({ minLength: 1, unit: 'grapheme' }).filter((id) => !/%[0-9a-f]{2}/i.test(id));
  fc.assert(
    fc.property(ids, (id) => {
      const name = encodeId(id);
      assert.not.match(name, /\//);
      assert.is(decodeId(name), id);
      for (const wire of [name, name.replaceAll('%', '%25')]) {
        const [segment = ''] = decodePath(`/${wire}`).slice(-1);
        assert.is(decodeId(segment), id);
      }
    }),
    { examples: [['%/'], ['%']] },
  );
});

test('what the reference says of names', () => {
  assert.is(encodeId('team/app+x^y'), 'team%2Fapp%2Bx%5Ey');
  assert.is(encodeId('sha256:abc'), 'sha256:abc');
  assert.is(encodeId('@scope/pkg'), '@scope%2Fpkg');
  const name = versionName(repository, 'team/app', 'sha256:1');
  assert.is(name, `${repository}/packages/team%2Fapp/versions/sha256:1`);
  assert.equal(parseVersionName(repository, name), { packageId: 'team/app', id: 'sha256:1' });
  assert.is(parseVersionName(`${repository}x`, name), undefined);
  assert.is(parseVersionName(repository, `${repository}/packages/a/tags/b`), undefined);
  assert.equal(parseRepositoryName(repository), {
    project: 'example.com:proj',
    location: 'europe-west1',
    repository: 'r',
  });
  assert.is(parseRepositoryName(`${repository}/`), undefined);
});

test('ids and locations that are taken, and those that are not', () => {
  for (const id of ['a', 'gcr.io', 'us.gcr.io', 'my-repo-1', 'a'.repeat(63)]) assert.match(id, repositoryId);
  for (const id of ['', '1a', 'A', 'a_b', 'a-', 'a'.repeat(64)]) assert.not.match(id, repositoryId);
  for (const id of ['us', 'europe', 'europe-west12', 'us-central1']) assert.match(id, locationId);
  for (const id of ['us-west1-c', 'US', 'europe-west', '']) assert.not.match(id, locationId);
});

test('a path below /v2/, with a domain-scoped project as two segments', () => {
  const plain = { location: 'us', project: 'p', repository: 'gcr.io', image: 'team/app' };
  assert.equal(parseImagePath('us/p/gcr.io/team/app'), plain);
  assert.is(imagePath(plain, plain.image), 'us/p/gcr.io/team/app');
  const scoped = { location: 'europe', project: 'example.com:proj', repository: 'r', image: 'app' };
  assert.equal(parseImagePath('europe/example.com/proj/r/app'), scoped);
  assert.is(imagePath(scoped, scoped.image), 'europe/example.com/proj/r/app');
  assert.is(registryUri(scoped, 'DOCKER'), 'europe-docker.pkg.dev/example.com/proj/r');
  assert.equal(parseImagePath('us/p/r')?.image, '');
  assert.is(parseImagePath('us/p'), undefined);
});

test.run();
