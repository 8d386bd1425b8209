import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { isDigest } from './digest.ts';
import { isGoogleHost, isLoopback, mayLeadTo, originOf } from './host.ts';
import { isRepositoryPath, isTag, readReference } from './reference.ts';

const digest = `sha256:${'0a'.repeat(32)}`;

test('names with everything, and with as little as there can be', () => {
  assert.equal(readReference('docker://registry.example:5000/a/b-c/d.e:v1.0'), {
    host: 'registry.example:5000',
    path: 'a/b-c/d.e',
    tag: 'v1.0',
  });
  assert.equal(readReference('docker://127.0.0.1:5000'), { host: '127.0.0.1:5000', path: '' });
  assert.equal(readReference(`DOCKER://[::1]:5000/app@${digest}`), {
    host: '[::1]:5000',
    path: 'app',
    digest,
  });
});

test('what is no name is refused with a reason', () => {
  for (const [text, message] of [
    ['registry.example/app', /does not begin with docker:\/\//],
    ['docker:///app', /"" is no host/],
    ['docker://regis try/app', /is no host/],
    ['docker://user:secret@registry.example/app', /holds a user name or a password/],
    ['docker://registry.example/App', /"App" is no path of a repository/],
    ['docker://registry.example/a/../b', /is no path of a repository/],
    ['docker://registry.example/a//b', /is no path of a repository/],
    ['docker://registry.example/app:', /"" is no tag/],
    ['docker://registry.example/app@sha256:abc', /is no digest/],
  ] as const) {
    const read = readReference(text);
    assert.match('message' in read ? read.message : '', message, text);
    assert.not.ok(JSON.stringify(read).includes('secret'));
  }
});

test('paths, tags and digests as servers may not have them', () => {
  for (const path of ['a', 'a/b', 'a__b', 'a--b', 'a.b']) assert.ok(isRepositoryPath(path), path);
  for (const path of ['', '/', 'a/', '/a', 'a/..', '..', 'a..b', 'A', 'a b', 'a%2fb', 'a'.repeat(256)])
    assert.not.ok(isRepositoryPath(path), path);
  for (const tag of ['..', '-a', '', 'a/b', 'a:b', 'ä', 'a'.repeat(129), 5])
    assert.not.ok(isTag(tag), String(tag));
  for (const tag of ['latest', 'v1.0', '_x', 'A-b.C_d']) assert.ok(isTag(tag), tag);
  for (const text of [
    'sha256:',
    `sha256:${'A'.repeat(64)}`,
    'md5:aa',
    `sha256:${'a'.repeat(63)}`,
    null,
    'constructor:aa',
  ])
    assert.not.ok(isDigest(text), String(text));
  assert.ok(isDigest(`sha512:${'a'.repeat(128)}`));
});

test('plain text on loopback only', () => {
  assert.is(originOf('127.0.0.1:5000'), 'http://127.0.0.1:5000');
  assert.is(originOf('localhost:5000'), 'http://localhost:5000');
  assert.is(originOf('registry.example'), 'https://registry.example');
  assert.is(originOf('docker.io'), 'https://registry-1.docker.io');
  assert.not.ok(isLoopback('127.0.0.1.example'));
  assert.not.ok(isLoopback('0.0.0.0'));
  const [near, far] = [new URL('http://127.0.0.1:1/'), new URL('https://registry.example/')];
  assert.ok(mayLeadTo(near, near));
  assert.ok(mayLeadTo(near, far));
  assert.not.ok(mayLeadTo(far, near));
  assert.not.ok(mayLeadTo(near, new URL('http://registry.example/')));
  assert.not.ok(mayLeadTo(far, new URL('file:///etc/passwd')));
});

test('hosts that get Google’s token', () => {
  for (const host of ['europe-west1-docker.pkg.dev', 'gcr.io', 'eu.gcr.io'])
    assert.ok(isGoogleHost(host), host);
  for (const host of ['pkg.dev.example', 'notgcr.io', 'gcr.io.example', 'gcr.io:443'])
    assert.not.ok(isGoogleHost(host), host);
});

test.run();
