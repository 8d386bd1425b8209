import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { drawDiagram } from '../../generator/diagram/draw.ts';
import { resolve } from '../../generator/resolve.ts';
import { style } from './style.ts';

const repository = (location: string) => `projects/acme/locations/${location}/repositories/prod`;

test('no rule of the page reaches into the diagram, which has classes and rules of its own', async () => {
  const [plan] = resolve({
    project: 'acme',
    region: 'europe-west1',
    source: repository('europe-west1'),
    destinations: [repository('us-central1'), repository('us-east1')],
    schedule: { cron: '0 3 * * *' },
    job: true,
    mirror: true,
    notify: { topic: 'replication' },
  }).plans;
  if (!plan) throw new Error('no plan');
  const svg = await drawDiagram(plan, { states: new Map(plan.destinations.map(({ id }) => [id, 'failed'])) });
  const drawn = new Set([...svg.matchAll(/class="([^"]*)"/g)].flatMap(([, names = '']) => names.split(' ')));
  assert.ok(drawn.has('stage') && drawn.has('follower'), 'the diagram has classes');
  // A class that only narrows another one, as in `.swatch.failed`, reaches nowhere by itself.
  const ruled = new Set([...style.matchAll(/(?<![\w-])\.([a-z][a-z-]*)/g)].map(([, name]) => name));
  assert.equal(
    [...drawn].filter((name) => ruled.has(name)),
    [],
  );
});

test.run();
