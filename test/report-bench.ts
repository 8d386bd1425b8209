/** Runs that have something to report: a leader, and followers that differ from it in every way. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { seed } from '../emulator/registry/seed.ts';
import type { Destination, Replicator } from '../generator/config.ts';
import { generate } from '../generator/generate.ts';
import type { WorkflowPlan } from '../generator/plan.ts';
import { claimLabel, claimOf } from '../job/difference/guards.ts';
import { placeOf } from '../scripts/deploy/names.ts';
import { reportFile } from '../scripts/report/file.ts';
import { writeRunReport } from '../scripts/report/write-run.ts';
import { type Execution, openExecutions } from '../scripts/watch/executions.ts';
import { summaryOf } from '../scripts/watch/summary.ts';
import { ask, type DeployBench, plansOf, writeConfig } from './deploy-bench.ts';
import { deployJob, execute } from './harness.ts';
import { digest } from './images.ts';

export const leader = 'projects/acme/locations/europe-west1/repositories/prod';
const regions = ['us-central1', 'us-east1', 'us-west1', 'asia-east1', 'asia-south1', 'europe-north1'];

/** Names of followers, over several regions. */
export function followers(count: number): string[] {
  return Array.from(
    { length: count },
    (_, index) =>
      `projects/acme/locations/${regions[index % regions.length]}/repositories/prod-${Math.floor(index / regions.length) + 1}`,
  );
}

/** Nothing of this type can be attached to another version, so that its bytes are never asked for. */
const image = { mediaType: 'application/vnd.docker.distribution.manifest.v2+json' };

/**
 * Fills the leader with versions 1 to `versions`, and each follower with the first of them, one tag on another version
 * than at the leader, and as many versions of its own.
 *
 * @param packages what they are called; hostile ones too
 */
export function fillBoth(
  { emulator }: Pick<DeployBench, 'emulator'>,
  names: readonly string[],
  {
    versions = 6,
    own = 2,
    packages = ['app'],
  }: { versions?: number; own?: number; packages?: string[] } = {},
): void {
  const createTime = emulator.clock.now() - 30 * 24 * 3600 * 1000;
  const version = (number: number, ...tags: string[]) => ({ id: digest(number), tags, createTime, image });
  const range = (from: number, count: number) => Array.from({ length: count }, (_, index) => from + index);
  const each = <T>(value: T) => Object.fromEntries(packages.map((name) => [name, value]));
  seed(emulator.registry, leader, {
    packages: each(range(1, versions).map((n) => version(n, `v${n}`, ...(n === versions ? ['latest'] : [])))),
  });
  const claim = claimOf({ project: 'acme', location: 'europe-west1', repository: 'prod' });
  for (const name of names)
    seed(emulator.registry, name, {
      resource: { labels: { [claimLabel]: claim } },
      packages: each([version(1, 'v1', 'latest'), ...range(1001, own).map((n) => version(n, `old-${n}`))]),
    });
}

/** Deploys a config as the deploy would, job and all. @returns its file and its plan */
export async function deployed(
  bench: DeployBench,
  destinations: readonly (string | Destination)[],
  more: Partial<Replicator> = {},
): Promise<{ file: string; plan: WorkflowPlan }> {
  const value: Replicator = {
    project: 'acme',
    region: 'europe-west1',
    source: leader,
    destinations: [...destinations],
    ...more,
  };
  const [plan] = plansOf(value);
  if (!plan) throw new Error('no plan');
  const [generated] = generate([plan], 'replicator.config.ts').files;
  await ask(bench, 'POST', `v1/${placeOf(plan)}/workflows?workflowId=${plan.name}`, {
    sourceContents: generated?.text,
  });
  if (plan.job) await deployJob(bench.emulator, plan);
  return { file: writeConfig(bench, value), plan };
}

/** Runs a command that writes a report. @returns what it said, and the report */
export async function reported(
  bench: DeployBench,
  script: string,
  ...args: string[]
): Promise<{ code: number; out: string; err: string; page: string }> {
  const file = join(bench.folder, 'report.html');
  const said = await bench.run(script, ...args, '--report', file);
  try {
    return { ...said, page: readFileSync(file, 'utf8') };
  } catch {
    throw new Error(`no report: ${said.out}${said.err}`);
  }
}

/**
 * The report on an execution, written in this process.
 *
 * @param chosen short names of the destinations that were asked for
 */
export async function reportOn(
  bench: DeployBench,
  plan: WorkflowPlan,
  execution: Execution,
  chosen: readonly string[] = [],
): Promise<string> {
  const { api, target } = bench.session;
  const path = join(bench.folder, 'here.html');
  const summary = summaryOf(execution);
  await writeRunReport(await reportFile(path), {
    ...{ plan, execution, summary, chosen, api, target },
    ...{ entries: [], hints: [] },
  });
  return readFileSync(path, 'utf8');
}

/** An execution as the command knows it. */
export async function executionOf(bench: DeployBench, name: string): Promise<Execution> {
  const executions = openExecutions(bench.session.target);
  try {
    return await executions.get(name);
  } finally {
    await executions.close();
  }
}

/** Runs a workflow to its end, and reports on it in this process. */
export async function runAndReport(
  bench: DeployBench,
  plan: WorkflowPlan,
  argument: { readonly dryRun?: boolean; readonly destinations?: readonly string[] } = {},
): Promise<string> {
  const { name } = await execute(bench.emulator, plan, argument);
  return reportOn(bench, plan, await executionOf(bench, name), argument.destinations);
}

/** What a reader sees of a page, without markup. */
export function textOf(page: string): string {
  return page
    .replace(/<(style|title)>[\s\S]*?<\/\1>/g, '')
    .replace(/<[^>]*>/g, ' ')
    .replaceAll('&#39;', "'")
    .replaceAll('&quot;', '"')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&')
    .replace(/\s+/g, ' ');
}
