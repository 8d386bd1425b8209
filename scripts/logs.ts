/** `npm run logs`: what an execution has logged. */

import { openReader } from './cloud/session.ts';
import { executionLink } from './cloud/target.ts';
import { chalk } from './colours.ts';
import { onlyPlan, readConfig } from './config-file.ts';
import { workflowName } from './deploy/names.ts';
import { readFlags } from './flags.ts';
import { type About, npmRun } from './npm-run.ts';
import { runTool } from './tool.ts';
import { type LogEntry, messageOf, readLogs } from './watch/logs.ts';

const help = `npm run logs [-- --execution ID]

The log entries of an execution, oldest first: those of the workflow and those of the job that it ran.

  --config FILE   the config to read                          (default: replicator.config.ts)
  --name NAME     which replicator, where the config has several
  --execution ID  which execution                             (default: the last one)
  --json          the entries as they are, one a line
  --help          this text

Exit codes: 0 done, 1 there is no such execution, 64 usage.`;

async function logsCommand(args: readonly string[]): Promise<number> {
  const { values } = readFlags(args, help, {
    config: { type: 'string' },
    name: { type: 'string' },
    execution: { type: 'string' },
    json: { type: 'boolean' },
  });
  const prepared = await readConfig(values.config);
  if (!prepared) return 1;
  const workflow = workflowName(onlyPlan(prepared.plans, values.name));
  const { target, api } = openReader();
  const id = values.execution?.split('/').at(-1);
  const path =
    id === undefined
      ? `v1/${workflow}/executions?pageSize=1`
      : `v1/${workflow}/executions/${encodeURIComponent(id)}`;
  const found = await api.find<{ name?: string; executions?: { name: string }[] }>(
    'workflowexecutions',
    path,
  );
  const execution = found?.name ?? found?.executions?.[0]?.name;
  if (execution === undefined) {
    console.error(`logs: ${nothingToShow(workflow, id, found !== undefined, values)}`);
    return 1;
  }
  if (!values.json) console.log(executionLink(target, execution));
  const entries = await readLogs(api, execution);
  for (const entry of entries) console.log(values.json ? JSON.stringify(entry) : entryLine(entry));
  if (entries.length === 0 && !values.json)
    console.log(
      'No entries: it logged none, they are not there yet, or the workflow may not write them (roles/logging.logWriter).',
    );
  return 0;
}

/** Why there is no execution, and what to do. */
function nothingToShow(workflow: string, id: string | undefined, isDeployed: boolean, about: About): string {
  if (id !== undefined)
    return `there is no execution ${id} of ${workflow}; the last ones: ${npmRun('status', about)}`;
  return isDeployed
    ? `${workflow} has no execution yet; start one with: ${npmRun('replicate', about)}`
    : `there is no workflow ${workflow}; deploy it with: ${npmRun('deploy', { config: about.config })}`;
}

const colours: Readonly<Record<string, (text: string) => string>> = {
  WARNING: chalk.yellow,
  ERROR: chalk.red,
  NOTICE: chalk.cyan,
};

function entryLine(entry: LogEntry): string {
  const { timestamp, severity = 'DEFAULT', resource } = entry;
  const colour = colours[severity] ?? ((text: string) => text);
  const from = resource?.type === 'cloud_run_job' ? chalk.dim('job  ') : '';
  return `${chalk.dim(timestamp)}  ${colour(severity.padEnd(7))}  ${from}${messageOf(entry)}`;
}

await runTool('logs', () => logsCommand(process.argv.slice(2)));
