/** The whole product in a test: a config compiled, deployed on an emulator over REST, executed to its end. */
import { setTimeout as pause } from 'node:timers/promises';
import type { Answered } from '../emulator/answer.ts';
import { drivenClock } from '../emulator/clock.ts';
import { type Emulator, type EmulatorOptions, startEmulator } from '../emulator/server.ts';
import type { Config } from '../generator/config.ts';
import { generate } from '../generator/generate.ts';
import type { WorkflowPlan } from '../generator/plan.ts';
import { resolve } from '../generator/resolve.ts';

/** An emulator whose idle time is skipped, and every request that it answered. */
export interface Bench {
  readonly emulator: Emulator;
  readonly requests: Answered[];
}

export async function startBench(options: EmulatorOptions = {}): Promise<Bench> {
  const requests: Answered[] = [];
  const emulator = await startEmulator({
    clock: drivenClock({ auto: true }),
    onRequest: (answered) => requests.push(answered),
    ...options,
  });
  return { emulator, requests };
}

/** Runs a test with an emulator of its own. */
export async function withBench(
  options: EmulatorOptions,
  body: (bench: Bench) => Promise<void>,
): Promise<void> {
  const bench = await startBench(options);
  try {
    await body(bench);
  } finally {
    await bench.emulator.close();
  }
}

/** One JSON request; throws with the service's message when it is refused. */
export async function request<T>(
  emulator: Emulator,
  method: string,
  path: string,
  body?: unknown,
): Promise<T> {
  const answer = await fetch(`${emulator.url}/v1/${path}`, {
    method,
    ...(body !== undefined && {
      body: JSON.stringify(body),
      headers: { 'content-type': 'application/json' },
    }),
  });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text}`);
  return JSON.parse(text) as T;
}

/** Compiles a config; throws when it has problems. */
export function compileConfig(config: Config): {
  plans: readonly WorkflowPlan[];
  yaml: ReadonlyMap<string, string>;
} {
  const { plans, problems } = resolve(config);
  const generated = generate(plans, 'test.config.ts');
  const faults = [...problems, ...generated.problems];
  if (faults.length > 0) throw new Error(faults.map(({ path, message }) => `${path}: ${message}`).join('\n'));
  return { plans, yaml: new Map(generated.files.map(({ name, text }) => [name, text])) };
}

/** Deploys every workflow of a config. */
export async function deploy(emulator: Emulator, config: Config): Promise<readonly WorkflowPlan[]> {
  const { plans, yaml } = compileConfig(config);
  for (const plan of plans) {
    const parent = `projects/${plan.project}/locations/${plan.region}`;
    const sourceContents = yaml.get(`${plan.name}.yaml`);
    await request(emulator, 'POST', `${parent}/workflows?workflowId=${plan.name}`, { sourceContents });
  }
  return plans;
}

/**
 * Makes the Cloud Run job of a plan, as a deploy does.
 *
 * @param env variables of its container
 */
export async function deployJob(
  { url }: Emulator,
  { project, region, name, job }: WorkflowPlan,
  env: Readonly<Record<string, string>> = {},
): Promise<void> {
  const variables = Object.entries(env).map(([key, value]) => ({ name: key, value }));
  const container = { image: 'replicator', ...(variables.length > 0 && { env: variables }) };
  const template = { containers: [container], maxRetries: 0, timeout: `${job?.timeout}s` };
  const answer = await fetch(`${url}/v2/projects/${project}/locations/${region}/jobs?jobId=${name}`, {
    method: 'POST',
    body: JSON.stringify({ template: { taskCount: job?.tasks, template } }),
  });
  if (!answer.ok) throw new Error(await answer.text());
}

/** A row of the results. */
export interface Row {
  destination: string;
  repository: string;
  state: string;
  /** Null where the job copied, which counts in its own log. */
  copied: number | null;
  skipped: number | null;
  seconds: number;
  operation: string | null;
  copyStartTime?: string | null;
  skippedVersions?: { version: string; error: string }[];
  error?: string;
  request?: { url: string; body: unknown };
  /** What the job did: its own copy, what followed the copy, the plan of a dry run. */
  copy?: JobOutcome;
  mirror?: JobOutcome;
  verify?: JobOutcome;
  plan?: JobOutcome;
}

/** What an execution of the Cloud Run job came to. */
export interface JobOutcome {
  state: string;
  execution: string | null;
  message: string | null;
}

/** What an execution returns or raises. */
export interface Summary {
  state: string;
  message: string;
  source: string;
  dryRun: boolean;
  copied: number;
  skipped: number;
  results: Row[];
}

/** An execution that has ended. */
export interface Ended {
  readonly name: string;
  readonly state: string;
  /** What was returned, or the error's payload. */
  readonly summary: Summary;
  readonly execution: Record<string, unknown>;
}

/** Starts an execution. @returns its name */
export async function start(emulator: Emulator, plan: WorkflowPlan, argument?: unknown): Promise<string> {
  const workflow = `projects/${plan.project}/locations/${plan.region}/workflows/${plan.name}`;
  const body = argument === undefined ? {} : { argument: JSON.stringify(argument) };
  return (await request<{ name: string }>(emulator, 'POST', `${workflow}/executions`, body)).name;
}

/** Waits for an execution's end, at most 60 s of real time. */
export async function end(emulator: Emulator, name: string): Promise<Ended> {
  const until = Date.now() + 60_000;
  for (;;) {
    const execution = await request<Record<string, unknown>>(emulator, 'GET', name);
    const { state, result, error } = execution as {
      state: string;
      result?: string;
      error?: { payload: string };
    };
    if (state !== 'ACTIVE' && state !== 'QUEUED') {
      const payload = result ?? error?.payload ?? 'null';
      let summary: unknown;
      try {
        summary = JSON.parse(payload);
      } catch {
        summary = { message: payload };
      }
      return { name, state, summary: summary as Summary, execution };
    }
    if (Date.now() > until)
      throw new Error(`${name} did not end: ${JSON.stringify(execution).slice(0, 2000)}`);
    await pause(5);
  }
}

/** Starts an execution and waits for its end. */
export async function execute(emulator: Emulator, plan: WorkflowPlan, argument?: unknown): Promise<Ended> {
  return end(emulator, await start(emulator, plan, argument));
}
