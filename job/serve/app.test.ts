/** A server that stays: what a run leaves behind in it. */
import { getEventListeners } from 'node:events';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { resourceName } from '../../generator/plan.ts';
import { destination, now, source, world } from '../../test/mirror-world.ts';
import type { Tools } from '../commands/tools.ts';
import { silent } from '../log/log.ts';
import { noMetrics } from '../metrics/metrics.ts';
import { readSettings } from '../settings/settings.ts';
import { createApp } from './app.ts';
import { open } from './identity.ts';

const test = suite('app');

test('a run leaves no listener behind, however many there are', async () => {
  const both = [{ id: 'app@1', tags: ['latest'] }];
  const { registry } = world(both, both);
  registry.copy = async () => 'projects/acme/locations/europe/operations/o';
  registry.copyProgress = async () => ({
    ...{ done: true, copied: 0, skipped: 0, total: 0, error: undefined, skippedVersions: [] },
    copyStartTime: undefined,
  });
  const repositories = [`--source=${resourceName(source)}`, `--destination=${resourceName(destination)}`];
  const { settings, faults } = readSettings('serve', [...repositories, '--auth=none'], {});
  assert.equal(faults, []);
  const tools: Tools = {
    registry,
    log: silent,
    traced: () => silent,
    clock: { now: () => now, sleep: async () => {} },
    screen: { isForPeople: false } as Tools['screen'],
    metrics: noMetrics,
  };
  const [draining, givingUp] = [new AbortController().signal, new AbortController().signal];
  const app = createApp({
    settings,
    tools,
    guard: open,
    metrics: noMetrics,
    project: () => undefined,
    figures: async () => '',
    draining,
    givingUp,
  });
  for (let run = 0; run < 3; run++) {
    const answer = await app.fetch(new Request('http://job/copy', { method: 'POST' }));
    assert.is(answer.status, 200, await answer.text());
  }
  assert.is(app.running(), undefined);
  assert.is(getEventListeners(givingUp, 'abort').length, 0);
});

test.run();
