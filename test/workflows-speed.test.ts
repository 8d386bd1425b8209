// What the bench measures, held to its bounds: 100,000 steps, and a parallel loop of sleeps on the driven clock.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { benchWorkflows } from '../bench/workflows.ts';

const test = suite('workflows speed');

test('100,000 steps in 2 s and 300 MB; 1,000 iterations that sleep in 1 s', async () => {
  const figures = await benchWorkflows();
  const { stepsSeconds, stepsPeakMegabytes, parallelSeconds } = figures as Record<string, number>;
  assert.ok((stepsSeconds ?? Number.NaN) <= 2, JSON.stringify(figures));
  assert.ok((stepsPeakMegabytes ?? Number.NaN) <= 300, JSON.stringify(figures));
  assert.ok((parallelSeconds ?? Number.NaN) <= 1, JSON.stringify(figures));
});

test.run();
