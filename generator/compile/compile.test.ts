/** Budgets of what a plan compiles to: steps, whatever way through the workflow is the dearest. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { resolve } from '../resolve.ts';
import { worstCaseSteps } from '../workflow/count.ts';
import { compile, plannedSteps } from './compile.ts';

const test = suite('compile');

const repository = (location: string, id: string) => `projects/acme/locations/${location}/repositories/${id}`;

function compiled(destinations: number, more: Readonly<Record<string, unknown>>) {
  const { plans, problems } = resolve({
    project: 'acme',
    region: 'europe-west1',
    source: repository('europe-west1', 'prod'),
    destinations: Array.from({ length: destinations }, (_, index) => repository('us-east1', `prod-${index}`)),
    ...more,
  });
  assert.equal(problems, []);
  const [plan] = plans;
  if (!plan) throw new Error('the config has no plan');
  return compile(plan);
}

const settings: readonly Readonly<Record<string, unknown>>[] = [
  {},
  { job: true },
  { job: true, verify: true },
  { job: true, mirror: true },
];

for (const more of settings)
  for (const destinations of [1, 9, 12, 60])
    test(`${destinations} destinations with ${JSON.stringify(more)} stay within the planned steps`, () => {
      const { workflow, problems, notices } = compiled(destinations, more);
      assert.equal(problems, []);
      const steps = worstCaseSteps(workflow);
      assert.ok(steps <= plannedSteps, `${steps} steps`);
      // Polls are given up only where they must be.
      const isSlowed = notices.some(({ message }) => message.includes('maxDelay raised'));
      if (isSlowed) assert.ok(steps > plannedSteps * 0.9, `${steps} steps of ${plannedSteps} are used`);
    });

test.run();
