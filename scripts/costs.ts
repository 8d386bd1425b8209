/**
 * What a month costs, for three example sizes: the emulator runs each config once and counts its steps, the rest is
 * list prices. Prints the table of docs/operations.md.
 */
import { drivenClock } from '../emulator/clock.ts';
import { startEmulator } from '../emulator/server.ts';
import { workflowsEngine } from '../emulator/workflows/service.ts';
import type { Replicator } from '../generator/config.ts';
import { generate } from '../generator/generate.ts';
import { repositoriesOf } from '../generator/plan.ts';
import { resolve } from '../generator/resolve.ts';
import { table } from '../job/print/table.ts';
import { placeOf, workflowName } from './deploy/names.ts';
import { runCommand } from './flags.ts';
import { makeRepositories, rest } from './rest.ts';

/** List prices in US dollars, as published in 2025; look again before you rely on them. */
const prices = {
  /** A thousand internal steps; calls of Google's own APIs are internal. */
  steps: 0.01,
  freeSteps: 5000,
  /** A Scheduler job a month; the first three of an account cost nothing, and are counted as taken. */
  schedule: 0.1,
};

interface Size {
  readonly name: string;
  readonly followers: number;
  readonly runsPerMonth: number;
  /** Seconds that CopyRepository takes. */
  readonly copy: number;
}

const sizes: readonly Size[] = [
  { name: 'small', followers: 2, runsPerMonth: 30, copy: 60 },
  { name: 'medium', followers: 10, runsPerMonth: 30 * 24, copy: 120 },
  { name: 'large', followers: 60, runsPerMonth: 30 * 24 * 4, copy: 300 },
];

async function costs(): Promise<number> {
  const rows = [
    ['size', 'followers', 'runs a month', 'a copy takes', 'steps of a run', 'Workflows', 'Scheduler'],
  ];
  for (const size of sizes) {
    const steps = await stepsOf(size);
    const billed = Math.max(0, steps * size.runsPerMonth - prices.freeSteps);
    rows.push([
      size.name,
      String(size.followers),
      String(size.runsPerMonth),
      `${size.copy} s`,
      String(steps),
      `$${((billed / 1000) * prices.steps).toFixed(2)}`,
      `$${prices.schedule.toFixed(2)}`,
    ]);
  }
  const columns = rows[0]?.map((_, index) => ({ right: index > 0 })) ?? [];
  console.log(table(rows, columns, { width: 120 }).join('\n'));
  return 0;
}

/** The steps of one execution in which every follower is copied to. */
async function stepsOf({ followers, copy }: Size): Promise<number> {
  const emulator = await startEmulator({
    clock: drivenClock({ auto: true }),
    behavior: { copyMinimumSeconds: copy },
  });
  try {
    const config: Replicator = {
      project: 'acme',
      region: 'europe-west1',
      source: 'projects/acme/locations/europe-west1/repositories/leader',
      destinations: Array.from(
        { length: followers },
        (_, index) => `projects/acme/locations/us-central1/repositories/follower-${index}`,
      ),
    };
    const { plans } = resolve(config);
    const [plan] = plans;
    const [file] = generate(plans, 'replicator.config.ts').files;
    if (!plan || !file) throw new Error('the config has faults');
    await makeRepositories(emulator.url, repositoriesOf(plan));
    await rest(emulator.url, 'POST', `${placeOf(plan)}/workflows?workflowId=${plan.name}`, {
      sourceContents: file.text,
    });
    const { executions } = workflowsEngine(emulator.context);
    const execution = executions.start(workflowName(plan));
    await execution.over;
    if (execution.record.state !== 'SUCCEEDED') throw new Error(JSON.stringify(execution.toResource()));
    return execution.entries.length;
  } finally {
    await emulator.close();
  }
}

await runCommand('costs', costs);
