import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { Replicator } from '../../generator/config.ts';
import { resolve } from '../../generator/resolve.ts';
import { serviceArguments } from './desired-run.ts';

const repository = (location: string) => `projects/acme/locations/${location}/repositories/prod`;

function argumentsOf(more: Partial<Replicator>): string[] {
  const { plans, problems } = resolve({
    name: 'nightly',
    project: 'acme',
    region: 'europe-west1',
    source: repository('europe-west1'),
    destinations: [repository('us-central1'), repository('mars-west1')],
    extraLocations: ['mars-west1'],
    job: { service: true },
    ...more,
  } as Replicator);
  assert.equal(problems, []);
  assert.ok(plans[0]);
  return serviceArguments(plans[0]);
}

test('the service knows its replicator and all locations, whatever its destinations have in common', () => {
  const mixed = [{ ...place('us-central1'), mirror: true }, place('mars-west1')];
  for (const more of [{}, { mirror: true }, { destinations: mixed }] as Partial<Replicator>[]) {
    const found = argumentsOf(more);
    assert.ok(found.includes('--name=nightly'), found.join(' '));
    assert.ok(
      found.some((one) => /^--extra-locations?=.*mars-west1/.test(one)),
      found.join(' '),
    );
    assert.is(found.includes('--mirror'), more.mirror === true);
  }
});

function place(location: string) {
  return { project: 'acme', location, repository: 'prod' };
}

test.run();
