/**
 * What the interpreter costs: an execution of 100,000 steps, and a parallel loop of 1,000 iterations that sleep.
 * Each is a process of its own, so that its peak is its own; the time is of the execution alone. Run as a program,
 * this file is that process.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { behaviorWith } from '../emulator/behavior.ts';
import { drivenClock } from '../emulator/clock.ts';
import type { Context } from '../emulator/context.ts';
import { Operations } from '../emulator/operations.ts';
import { workflowsEngine, workflowsService } from '../emulator/workflows/service.ts';
import { median } from './measure.ts';

const sources = {
  // 1 + 49,999 × (the iteration's two steps) + 1: just within the limit.
  steps: `
- begin:
    assign: [{sum: 0}]
- loop:
    for:
      value: v
      range: [1, 49998]
      steps:
        - check:
            switch:
              - condition: \${v < 0}
                next: break
        - add:
            assign: [{sum: "\${sum + v % 7}"}]
- give:
    return: \${sum}
`,
  parallel: `
- begin:
    assign: [{sum: 0}]
- all:
    parallel:
      shared: [sum]
      for:
        value: v
        range: [1, 1000]
        steps:
          - wait:
              call: sys.sleep
              args: {seconds: "\${v % 60}"}
          - add:
              assign: [{sum: "\${sum + v}"}]
- give:
    return: \${sum}
`,
} as const;

const expected = { steps: '149992', parallel: '500500' } as const;

interface Measured {
  readonly seconds: number;
  readonly steps: number;
  readonly peakMegabytes: number;
}

async function measure(name: keyof typeof sources): Promise<Measured> {
  const folder = mkdtempSync(join(tmpdir(), 'bench-workflows-'));
  const clock = drivenClock({ auto: true });
  const context: Context = {
    clock,
    dataDir: folder,
    operations: new Operations(clock),
    behavior: behaviorWith(),
    dispatch: async (request) => app.fetch(request),
  };
  const app = workflowsService(context);
  const { workflows, executions } = workflowsEngine(context);
  const parent = 'projects/p/locations/l';
  workflows.create(parent, 'bench', { sourceContents: sources[name] });
  const start = process.hrtime.bigint();
  const execution = executions.start(`${parent}/workflows/bench`);
  await execution.over;
  const seconds = Number(process.hrtime.bigint() - start) / 1e9;
  const { result, error } = execution.record;
  rmSync(folder, { recursive: true, force: true });
  if (result !== expected[name]) throw new Error(`${name}: ${result ?? error?.payload}`);
  const steps = execution.entries.filter(({ type }) => type !== 'STEP_FOR_ITERATION').length;
  return { seconds, steps, peakMegabytes: process.resourceUsage().maxRSS / 1024 };
}

/** Times each in processes of its own, after one that is not counted. */
export async function benchWorkflows(): Promise<Record<string, unknown>> {
  const steps = runs('steps');
  const parallel = runs('parallel');
  const seconds = median(steps.map((one) => one.seconds));
  return {
    steps: steps[0]?.steps,
    stepsSeconds: seconds,
    stepsPerSecond: Math.round((steps[0]?.steps ?? 0) / seconds),
    stepsPeakMegabytes: Math.max(...steps.map(({ peakMegabytes }) => peakMegabytes)),
    parallelIterations: 1000,
    parallelSeconds: median(parallel.map((one) => one.seconds)),
    parallelPeakMegabytes: Math.max(...parallel.map(({ peakMegabytes }) => peakMegabytes)),
  };
}

function runs(name: keyof typeof sources): Measured[] {
  const file = fileURLToPath(import.meta.url);
  return Array.from({ length: 4 }, () => {
    const { stdout, stderr, status } = spawnSync(process.execPath, ['--import', 'tsx', file, name], {
      encoding: 'utf8',
      cwd: fileURLToPath(new URL('..', import.meta.url)),
    });
    if (status !== 0) throw new Error(stderr);
    return JSON.parse(stdout) as Measured;
  }).slice(1);
}

const [, program, name] = process.argv;
if (program === fileURLToPath(import.meta.url) && (name === 'steps' || name === 'parallel'))
  console.log(JSON.stringify(await measure(name)));
