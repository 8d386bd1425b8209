/** `npm run status`: the last runs, and how far behind each follower is. */
import type { WorkflowPlan } from '../generator/plan.ts';
import { widthOf } from '../job/print/screen.ts';
import { type Api, noneIfRefused } from './cloud/api.ts';
import { openReader } from './cloud/session.ts';
import { executionLink, type Target, workflowLink } from './cloud/target.ts';
import { onlyPlan, readConfig } from './config-file.ts';
import { jobName, workflowName } from './deploy/names.ts';
import { readFlags, UsageError } from './flags.ts';
import { npmRun } from './npm-run.ts';
import { createProgress, during } from './progress.ts';
import { runTool } from './tool.ts';
import { explainScheduler } from './watch/explain.ts';
import { deletedIn, readLogs } from './watch/logs.ts';
import { printStatus } from './watch/print-status.ts';
import {
  type ExecutionState,
  lastReal,
  type ReplicatorStatus,
  type SchedulerState,
  statusOf,
} from './watch/status.ts';

/** As many executions as one answer has in full. https://cloud.google.com/workflows/docs/reference/executions/rest */
const mostRuns = 100;

const help = `npm run status [-- --json] [--config FILE]

The last runs of every replicator of the config: state, versions copied, skipped and deleted, how long it took, when
the next is due, and how far behind its leader each follower is.

  --config FILE  the config to read                       (default: replicator.config.ts)
  --name NAME    only this replicator
  --json         one JSON document
  --runs N       how many runs to show, 1 to ${mostRuns}          (default: 5)
  --help         this text

Exit codes: 0 well, 1 a last run failed (of a follower too), or none succeeded within two periods of the schedule,
64 usage.`;

/** Runs that are looked at, where no more are shown, so that a follower's last success is found behind failures. */
const looked = 50;

/** `google.rpc.Code` of a refusal. */
const permissionDenied = 7;

async function statusCommand(args: readonly string[]): Promise<number> {
  const { values } = readFlags(args, help, {
    config: { type: 'string' },
    name: { type: 'string' },
    json: { type: 'boolean' },
    runs: { type: 'string' },
  });
  const shown = readRuns(values.runs);
  const prepared = await readConfig(values.config);
  if (!prepared) return 1;
  const plans = values.name === undefined ? prepared.plans : [onlyPlan(prepared.plans, values.name)];
  const { target, api } = openReader();
  const progress = createProgress();
  const reading = Promise.all(
    plans.map(async (plan) => {
      const status = await readStatus(plan, api, target, shown, values.config);
      return { ...status, runs: status.runs.slice(0, shown) };
    }),
  );
  const statuses = await during(progress, 'reading runs', reading);
  progress.close();
  if (values.json) console.log(JSON.stringify({ replicators: statuses }, null, 2));
  else console.log(statuses.map((one) => printStatus(one, widthOf(process.stdout))).join('\n\n'));
  return statuses.every(({ healthy }) => healthy) ? 0 : 1;
}

/** @throws UsageError */
function readRuns(given = '5'): number {
  const runs = Number(given);
  if (/^\d+$/.test(given) && runs >= 1 && runs <= mostRuns) return runs;
  throw new UsageError(`--runs is '${given}'; write a whole number from 1 to ${mostRuns}`);
}

async function readStatus(
  plan: WorkflowPlan,
  api: Api,
  target: Target,
  shown: number,
  config: string | undefined,
): Promise<ReplicatorStatus> {
  const workflow = workflowName(plan);
  const [found, scheduler] = await Promise.all([
    api.find<{ executions?: ExecutionState[] }>(
      'workflowexecutions',
      `v1/${workflow}/executions?view=FULL&pageSize=${Math.max(looked, shown)}`,
    ),
    plan.schedule
      ? api.find<SchedulerState>('cloudscheduler', `v1/${jobName(plan)}`)
      : Promise.resolve(undefined),
  ]);
  const executions = found?.executions ?? [];
  const deleted = new Map<string, ReadonlyMap<string, number>>();
  // Only a mirror deletes; what it counted is in the log of its last run.
  const last = lastReal(executions);
  if (last && plan.destinations.some(({ mirror }) => mirror))
    deleted.set(last.name, deletedIn(await readLogs(api, last.name).catch(noneIfRefused)));
  const status = statusOf(
    plan,
    {
      executions,
      scheduler,
      deleted,
      link: (name) => executionLink(target, name),
      workflowLink: workflowLink(target, workflow),
    },
    Date.now(),
  );
  if (!found)
    return {
      ...status,
      healthy: false,
      why: `there is no workflow ${workflow}; deploy it with: ${npmRun('deploy', { config })}`,
    };
  if (scheduler?.status?.code !== permissionDenied) return status;
  return { ...status, why: `${status.why}. ${explainScheduler(plan)}` };
}

await runTool('status', () => statusCommand(process.argv.slice(2)));
