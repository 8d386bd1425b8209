import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { failureOf, refused, repository, scriptedRegistry } from './testing.ts';
import { ConnectionError } from './transport.ts';

const test = suite('tags');
const at = 'projects/acme/locations/us/repositories/prod/packages/team%2Fapp';
const lost = () => Promise.reject(new ConnectionError('socket hang up', true));
const shows = (version: string) => ({
  body: { name: `${at}/tags/v1`, version: `${at}/versions/${version}` },
});

test('a tag is one request', async () => {
  const { registry, sent } = scriptedRegistry(() => shows('sha256:1'));
  assert.is(await registry.tag(repository, 'team%2Fapp', 'v1'), 'sha256:1');
  assert.equal(
    sent.map(({ method, url }) => `${method} ${url}`),
    [`GET https://artifactregistry.googleapis.com/v1/${at}/tags/v1`],
  );
});

test('only the service’s own 404 means that there is no tag or version', async () => {
  const absent = scriptedRegistry(() => refused(404)).registry;
  assert.is(await absent.tag(repository, 'a', 'v1'), undefined);
  assert.is(await absent.version(repository, 'a', 'sha256:1'), undefined);
  const answers = [
    refused(403),
    refused(400),
    refused(500),
    { body: {} },
    { body: [] },
    { body: 'nonsense' },
    { status: 404, body: 'nonsense' },
    { status: 404, body: '' },
    { status: 404, body: { error: { code: 403, message: 'no' } } },
    { status: 302, headers: { location: 'https://example.org' } },
    { body: { name: `${at}/versions/sha256:other`, version: 'x' } },
  ];
  for (const answer of answers) {
    const { registry } = scriptedRegistry(() => answer);
    await failureOf(registry.tag(repository, 'team%2Fapp', 'v1'));
    await failureOf(registry.version(repository, 'team%2Fapp', 'sha256:1'));
  }
});

test('a tag is created once although the answer was lost', async () => {
  const { registry, sent } = scriptedRegistry(
    (_, index) => [lost, () => refused(409, 'exists'), () => shows('sha256:1')][index]?.() ?? {},
  );
  await registry.createTag(repository, 'team%2Fapp', 'v1', 'sha256:1');
  assert.equal(
    sent.map(({ method }) => method),
    ['POST', 'POST', 'GET'],
  );
  assert.match(sent[0]?.url ?? '', /packages\/team%2Fapp\/tags\?tagId=v1$/);
  assert.equal(JSON.parse(sent[0]?.body ?? ''), shows('sha256:1').body);
});

test('a tag that is on another version is not created over', async () => {
  const { registry } = scriptedRegistry(({ method }) =>
    method === 'POST' ? refused(409) : shows('sha256:2'),
  );
  const error = await failureOf(registry.createTag(repository, 'team%2Fapp', 'v1', 'sha256:1'));
  assert.equal([error.kind, error.status], ['refused', 409]);
});

test('a tag is moved by a patch of its version', async () => {
  const { registry, sent } = scriptedRegistry((_, index) => (index === 0 ? lost() : shows('sha256:2')));
  await registry.moveTag(repository, 'team%2Fapp', 'v1', 'sha256:2');
  assert.is(sent.length, 2);
  assert.match(`${sent[1]?.method} ${sent[1]?.url}`, /^PATCH .*\/tags\/v1\?updateMask=version$/);
});

test('a tag that is gone counts as removed', async () => {
  const { registry, sent } = scriptedRegistry((_, index) => (index === 0 ? lost() : refused(404)));
  await registry.deleteTag(repository, 'team%2Fapp', 'v1');
  assert.is(sent.length, 2);
  const immutable = scriptedRegistry(() => refused(400, 'tag immutability')).registry;
  assert.match((await failureOf(immutable.deleteTag(repository, 'a', 'v1'))).message, /tag immutability/);
});

test.run();
