/** `npm run logs`: what an execution has logged. */
import { chalk } from 'zx';
import { openReader } from './cloud/session.ts';
import { executionLink } from './cloud/target.ts';
import { onlyPlan, readConfig } from './config-file.ts';
import { workflowName } from './deploy/names.ts';
import { readFlags } from './flags.ts';
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
  const { values } = readFlags(args, {
    config: { type: 'string' },
    name: { type: 'string' },
    execution: { type: 'string' },
    json: { type: 'boolean' },
    help: { type: 'boolean' },
  });
  if (values.help) {
    console.log(help);
    return 0;
  }
  const prepared = await readConfig(values.config);
  if (!prepared) return 1;
  const workflow = workflowName(onlyPlan(prepared.plans, values.name));
  const { target, api } = openReader();
  const id = values.execution?.split('/').at(-1);
  const path = id === undefined ? `v1/${workflow}/executions?pageSize=1` : `v1/${workflow}/executions/${id}`;
  const found = await api.find<{ name?: string; executions?: { name: string }[] }>(
    'workflowexecutions',
    path,
  );
  const execution = found?.name ?? found?.executions?.[0]?.name;
  if (execution === undefined) {
    console.error(
      id === undefined ? `${workflow} has no execution` : `there is no execution ${id} of ${workflow}`,
    );
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
