import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { resolve } from '../../generator/resolve.ts';
import type { Difference } from '../../job/difference/difference.ts';
import type { DestinationOutcome } from '../plan/plan.ts';
import { planReport } from './plan-report.ts';

const digest = (number: number) => `sha256:${number.toString(16).padStart(64, '0')}`;
const range = (count: number) => Array.from({ length: count }, (_, index) => index);

function planOf(destinations: number) {
  const [plan] = resolve({
    project: 'acme',
    region: 'europe-west1',
    source: 'projects/acme/locations/europe-west1/repositories/leader',
    destinations: range(destinations).map((n) => `projects/acme/locations/us-central1/repositories/f${n}`),
  }).plans;
  if (!plan) throw new Error('no plan');
  return plan;
}

const tags = range(50).map((tag) => `v${tag}-${'x'.repeat(100)}`);

/** Lists of `length`, whose names are as long and as hostile as may be. */
function outcomesOf(plan: ReturnType<typeof planOf>, length: number, id: string): DestinationOutcome[] {
  return plan.destinations.map((destination) => {
    const versions = range(length).map((n) => ({
      package: id,
      version: digest(n),
      tags,
      bytes: 1e9,
    }));
    const counts = { versions: length, tags: length, bytes: 1e12 };
    const difference: Difference = {
      source: plan.source,
      destination: destination.repository,
      format: 'DOCKER',
      held: { source: counts, destination: counts },
      copy: versions,
      excluded: 0,
      tags: versions.map(({ version }, n) => ({
        kind: 'move',
        package: id,
        tag: `t${n}`,
        from: version,
        to: version,
      })),
      delete: versions.map((version) => ({ ...version, round: 0 })),
      kept: versions.map((version) => ({ ...version, because: 'protected-tag', by: 't'.repeat(120) })),
      refusals: [],
      warnings: [],
    };
    return { plan, destination, difference, extras: 0 };
  });
}

function reportOf(destinations: number, length: number, id: string): string {
  const plan = planOf(destinations);
  const outcomes = outcomesOf(plan, length, id);
  return planReport({ plans: [plan], outcomes, diagrams: new Map(), written: 0 });
}

test('twenty destinations with any number of differences stay below a megabyte', () => {
  for (const id of ['app', `${'<">&'.repeat(60)}`]) {
    const page = reportOf(20, 3000, id);
    assert.ok(Buffer.byteLength(page) < 1e6, String(page.length));
    assert.match(page, /The first \d+ of 3,000; 2,9\d\d more are not shown here\./);
  }
});

test('short lists are whole, and one row more than fits is no reason to cut', () => {
  assert.not.match(reportOf(1, 101, 'app'), /are not shown here/);
  assert.match(reportOf(1, 102, 'app'), /The first 100 of 102; 2 more are not shown here/);
});

test('one sentence says what a run would do', () => {
  const page = reportOf(2, 3, 'app');
  assert.match(
    page.replace(/<\/?strong>/g, ''),
    /A run would copy 6 versions \(6\.0 GB\), change 6 tags and delete 6 versions \(6\.0 GB\), at 2 destinations\./,
  );
});

test('a destination that could not be compared is said to be one', () => {
  const plan = planOf(1);
  const [destination] = plan.destinations;
  if (!destination) throw new Error('no destination');
  const page = planReport({
    plans: [plan],
    outcomes: [{ plan, destination, error: 'no <permission>' }],
    diagrams: new Map(),
    written: 0,
  });
  assert.match(page, /Nothing is known of what a run would do\. <strong>1 destination could not be compared/);
  assert.match(page, /It could not be compared: no &lt;permission&gt;/);
});

test.run();
