import { createHash } from 'node:crypto';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { isGoogle, tokenCredentials } from './credentials.ts';
import { failureOf, refused, repository, type Scripted, scriptedRegistry } from './testing.ts';

const test = suite('manifest');
const digestOf = (text: string) => `sha256:${createHash('sha256').update(text).digest('hex')}`;
const index = JSON.stringify({
  schemaVersion: 2,
  manifests: [{ digest: 'sha256:1' }, { digest: 'sha256:2' }],
  subject: { digest: 'sha256:3' },
});
const type = 'application/vnd.oci.image.index.v1+json';
const read = (
  answer: Parameters<typeof scriptedRegistry>[0],
  digest = digestOf(index),
  name = repository,
) => {
  const scripted = scriptedRegistry(answer, {
    credentials: tokenCredentials(async () => ({ value: 's', expires: undefined }), isGoogle),
  });
  return { result: scripted.registry.manifest(name, 'team%2Fapp', digest), sent: scripted.sent };
};

test('says what it refers to; the type is that of the answer where it names none', async () => {
  const { result, sent } = read(() => ({
    headers: { 'content-type': `${type}; charset=utf-8` },
    body: index,
  }));
  assert.equal(await result, { mediaType: type, children: ['sha256:1', 'sha256:2'], subject: 'sha256:3' });
  assert.is(sent[0]?.url, `https://us-docker.pkg.dev/v2/acme/prod/team/app/manifests/${digestOf(index)}`);
  assert.is(sent[0]?.headers.authorization, 'Bearer s');
  for (const part of [
    'oci.image.manifest',
    'oci.image.index',
    'distribution.manifest.v2',
    'manifest.list.v2',
    'v1+prettyjws',
  ])
    assert.ok(sent[0]?.headers.accept?.includes(part), part);
  const plain = JSON.stringify({ mediaType: 'application/x', layers: [] });
  assert.equal(await read(() => ({ body: plain }), digestOf(plain)).result, {
    mediaType: 'application/x',
    children: [],
    subject: undefined,
  });
});

test('a domain-scoped project takes a slash', async () => {
  const { sent, result } = read(() => ({ body: index }), digestOf(index), {
    ...repository,
    project: 'example.com:acme',
  });
  await result;
  assert.match(
    sent[0]?.url ?? '',
    /^https:\/\/us-docker\.pkg\.dev\/v2\/example\.com\/acme\/prod\/team\/app\/manifests\/sha256:/,
  );
});

test('what cannot be read is undefined', async () => {
  const answers: [Scripted, string][] = [
    [refused(404), index],
    [{ status: 404, body: { errors: [{ code: 'MANIFEST_UNKNOWN', message: 'gone' }] } }, index],
    [{ body: `${index} ` }, index],
    [{ body: 'no json' }, 'no json'],
    [{ body: '{"manifests":{}}' }, '{"manifests":{}}'],
    [{ body: '{"manifests":[{}]}' }, '{"manifests":[{}]}'],
    [{ status: 302, headers: {} }, index],
  ];
  for (const [answer, text] of answers)
    assert.is(await read(() => answer, digestOf(text)).result, undefined, text);
});

test('a service that cannot be asked is an error', async () => {
  assert.is((await failureOf(read(() => refused(403)).result)).kind, 'permission');
  assert.is((await failureOf(read(() => refused(503)).result)).kind, 'unavailable');
});

test('follows a redirect, and shows the token to nobody else', async () => {
  const { result, sent } = read(({ url }) =>
    url.includes('pkg.dev')
      ? { status: 307, headers: { location: 'https://storage.example.net/blob?sig=1' } }
      : { body: index },
  );
  assert.is((await result)?.children.length, 2);
  assert.equal(
    sent.map(({ headers }) => headers.authorization),
    ['Bearer s', undefined],
  );
});

test('follows no redirect into the open, nor for ever', async () => {
  const open = read(() => ({ status: 302, headers: { location: 'http://storage.example.net/' } }));
  assert.is(await open.result, undefined);
  assert.is(open.sent.length, 1);
  const circle = read(() => ({ status: 302, headers: { location: '/v2/again' } }));
  assert.is(await circle.result, undefined);
  assert.is(circle.sent.length, 4);
});

test.run();
