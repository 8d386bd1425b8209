import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { linksFor } from './links.ts';

const execution = 'projects/acme/locations/europe-west1/workflows/replicator/executions/e-1';

test('pages of the console, over https', () => {
  const links = linksFor({ emulator: undefined });
  const job = 'projects/acme/locations/europe-west1/jobs/replicator/executions/replicator-x1';
  const addresses = [
    links.execution(execution),
    links.logs(execution),
    links.job(job),
    links.repositories('example.com:acme'),
  ];
  for (const address of addresses)
    assert.is(new URL(address ?? '').origin, 'https://console.cloud.google.com');
  assert.match(addresses[0] ?? '', /\/workflow\/europe-west1\/replicator\/execution\/e-1\/.*project=acme$/);
  assert.match(decodeURIComponent(addresses[1] ?? ''), /;query=.*"e-1".*\?project=acme$/);
  assert.match(addresses[2] ?? '', /\/details\/europe-west1\/replicator-x1\/tasks\?project=acme$/);
  assert.is(links.job('none'), undefined);
});

test('the emulator has none', () => {
  const links = linksFor({ emulator: { host: '127.0.0.1:8787', token: 'x' } });
  assert.is(links.execution(execution), undefined);
  assert.is(links.logs(execution), undefined);
});

test.run();
