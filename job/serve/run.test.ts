/** A run over HTTP, from its copies to what follows them, on a model of the registry. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { destination, digest, now, requestWith, world } from '../../test/mirror-world.ts';
import type { Tools } from '../commands/tools.ts';
import { silent } from '../log/log.ts';
import { noMetrics } from '../metrics/metrics.ts';
import { run } from './run.ts';

const test = suite('serve run');

for (const copyStartTime of [undefined, 'yesterday'])
  test(`a copy that tells its start as ${copyStartTime} is one that started when the run began`, async () => {
    const both = [{ id: 'app@1', tags: ['latest'] }];
    const { registry, leader } = world(both, [...both, { id: 'app@8', age: -1 }, { id: 'app@9' }]);
    registry.copy = async () => {
      // Pushed meanwhile: it is not missing.
      const [facts] = leader.versions.get('app')?.values() ?? [];
      if (facts) leader.versions.get('app')?.set(digest(7), { ...facts, createTime: now + 1 });
      return 'projects/acme/locations/europe/operations/o';
    };
    registry.copyProgress = async () => ({
      ...{ done: true, copied: 0, skipped: 0, total: 0, error: undefined, skippedVersions: [] },
      copyStartTime,
    });
    let time = now;
    const clock = {
      now: () => time,
      sleep: async (wait: number) => {
        time += wait;
      },
    };
    const screen = { isForPeople: false } as Tools['screen'];
    const tools: Tools = { registry, log: silent, traced: () => silent, clock, screen, metrics: noMetrics };
    const { state, message } = await run(
      requestWith({}, { copyStartTime: undefined, destinations: [destination] }),
      { mirror: true, verify: false },
      tools,
    );
    assert.is(state, 'succeeded', message);
    assert.equal(
      registry.deleted.map(({ version }) => version),
      [digest(9)],
    );
  });

test.run();
