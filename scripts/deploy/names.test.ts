/** Names are bounded, unique, and the same in every run. */
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { accountEmail, accountId, imageName, labelsOf } from './names.ts';

const who = ['scheduler', 'workflow', 'job'] as const;

test('ids of service accounts follow the rules, whatever the name is', () => {
  const names = ['replicator', 'n', 'Nightly_Prod', 'a'.repeat(64), 'a--b', `x${'-'.repeat(40)}y`, 'A'];
  for (const name of names)
    for (const one of who) assert.match(accountId({ name }, one), /^[a-z][-a-z0-9]{4,28}[a-z0-9]$/);
});

test('names that differ in case, in _ or beyond the cut have ids of their own', () => {
  const names = ['nightly', 'Nightly', 'night-ly', 'night_ly', `${'a'.repeat(40)}1`, `${'a'.repeat(40)}2`];
  const ids = new Set(names.map((name) => accountId({ name }, 'workflow')));
  assert.is(ids.size, names.length);
});

test('a plain name stays readable', () => {
  assert.is(accountId({ name: 'replicator' }, 'workflow'), 'replicator-workflow');
});

test('a domain-scoped project is turned around in emails, and takes a slash in images', () => {
  const plan = { name: 'replicator', project: 'example.com:acme', region: 'europe-west1' };
  assert.is(accountEmail(plan, 'job'), 'replicator-job@acme.example.com.iam.gserviceaccount.com');
  assert.is(imageName(plan, 'abc'), 'europe-west1-docker.pkg.dev/example.com/acme/cron-replicator/job:abc');
});

test('labels are what labels may be', () => {
  for (const value of Object.values(labelsOf({ name: 'Nightly_X'.repeat(7), project: 'p', region: 'r' })))
    assert.match(value, /^[a-z0-9_-]{1,63}$/);
});

test.run();
