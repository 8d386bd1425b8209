/** `npm run replicate`: runs the deployed workflow now, and follows it. */
import type { WorkflowPlan } from '../generator/plan.ts';
import { visibleLines } from '../job/log/logger.ts';
import { widthOf } from '../job/print/screen.ts';
import { noneIfRefused } from './cloud/api.ts';
import { openReader, type Session } from './cloud/session.ts';
import { executionLink } from './cloud/target.ts';
import { onlyPlan, readConfig } from './config-file.ts';
import { workflowName } from './deploy/names.ts';
import { readFlags, UsageError } from './flags.ts';
import { type About, npmRun } from './npm-run.ts';
import { type ReportFile, reportFile, tellReport } from './report/file.ts';
import { writeRunReport } from './report/write-run.ts';
import { runTool } from './tool.ts';
import { type Execution, type Executions, explainClientError, openExecutions } from './watch/executions.ts';
import { explainDenied } from './watch/explain.ts';
import { follow } from './watch/follow.ts';
import { deletedIn, type LogEntry, readLogs } from './watch/logs.ts';
import { printResults } from './watch/results.ts';
import { exitCodeOf, summaryOf } from './watch/summary.ts';

const help = `npm run replicate [-- --dry-run] [--destination NAME] [--report FILE.html] [--no-follow]

Runs the deployed workflow now and follows it: steps as they are entered, progress as it is logged, the table of
results. Ctrl-C stops following; the execution goes on.

  --config FILE       the config to read                          (default: replicator.config.ts)
  --name NAME         which replicator, where the config has several
  --destination NAME  only this destination, by its short name; may be repeated
  --dry-run           only check, and show what would be done
  --report FILE.html  writes a report that can be sent: graph, timeline, table, differences, errors
  --no-follow         start it, print its link, and return
  --cancel            cancel what is active or waits for its turn instead
  --help              this text

Exit codes: 0 success (a run that gave way to an older one too), 1 failure, no answer, or a report that was not written,
3 partial failure, 64 usage, 130 following was stopped.`;

async function replicateCommand(args: readonly string[]): Promise<number> {
  const { values } = readFlags(args, help, {
    config: { type: 'string' },
    name: { type: 'string' },
    destination: { type: 'string', multiple: true },
    'dry-run': { type: 'boolean' },
    report: { type: 'string' },
    'no-follow': { type: 'boolean' },
    cancel: { type: 'boolean' },
  });
  if (values.report !== undefined && (values['no-follow'] || values.cancel))
    throw new UsageError(
      `--report tells how a run went; with ${values.cancel ? '--cancel' : '--no-follow'} nothing is known of that`,
    );
  const report = values.report === undefined ? undefined : await reportFile(values.report);
  const prepared = await readConfig(values.config);
  if (!prepared) return 1;
  const plan = onlyPlan(prepared.plans, values.name);
  const destinations = values.destination ?? [];
  const ids = plan.destinations.map(({ id }) => id);
  for (const name of destinations)
    if (!ids.includes(name))
      throw new UsageError(`there is no destination '${name}'; there are: ${ids.join(', ')}`);

  const { target, api, logIn } = openReader();
  // Google's client ends the process where there are no credentials, by a rejection that nobody can catch.
  await logIn();
  const executions = openExecutions(target);
  const workflow = workflowName(plan);
  const stop = new AbortController();
  const interrupted = () => stop.abort();
  try {
    if (values.cancel) return await cancelActive(workflow, executions);
    // From here on there may be an execution, and Ctrl-C stops following alone.
    process.once('SIGINT', interrupted);
    const execution = await executions.start(workflow, {
      ...(values['dry-run'] && { dryRun: true }),
      ...(destinations.length > 0 && { destinations }),
    });
    console.log(executionLink(target, execution.name));
    if (values['no-follow']) return 0;
    return await followToEnd(execution, plan, {
      ...{ api, target, executions, report, chosen: destinations },
      ...{ about: values, signal: stop.signal },
    });
  } catch (error) {
    const message = explainClientError(error, workflow, {
      target,
      deploy: npmRun('deploy', { config: values.config }),
    });
    if (message === undefined) throw error;
    console.error(visibleLines(`replicate: ${message}`));
    return 1;
  } finally {
    process.off('SIGINT', interrupted);
    await executions.close();
  }
}

async function cancelActive(workflow: string, executions: Executions): Promise<number> {
  const active = await executions.active(workflow);
  if (active.length === 0) console.log('nothing is active');
  for (const { name } of active) {
    const { state } = await executions.cancel(name);
    console.log(
      state === 'CANCELLED'
        ? `cancelled ${name}. Copies that it has started go on by themselves.`
        : `${name} has ended before: ${state.toLowerCase()}`,
    );
  }
  return 0;
}

/** What following needs. */
interface Following extends Pick<Session, 'api' | 'target'> {
  readonly executions: Executions;
  readonly report: ReportFile | undefined;
  /** Short names of the destinations that were asked for; empty: all. */
  readonly chosen: readonly string[];
  /** What commands that are printed are to be about. */
  readonly about: About;
  /** Stops following, not the execution. */
  readonly signal: AbortSignal;
}

async function followToEnd(
  execution: Execution,
  plan: WorkflowPlan,
  { api, target, executions, report, chosen, about, signal }: Following,
): Promise<number> {
  const ended = await follow(execution, { api, executions, say: console.log, signal });
  const summary = summaryOf(ended);
  const said = [ended.error ?? '', ended.result ?? '', ...summary.results.map(({ error = '' }) => error)];
  const hints = explainDenied(said.join('\n'), plan);
  let entries: readonly LogEntry[] = [];
  if (summary.state === 'active')
    console.log(
      `\nNo longer followed; the execution goes on. See: ${npmRun('status', about)}. To cancel it: ${npmRun('replicate', about, '--cancel')}`,
    );
  else {
    entries = await readLogs(api, ended.name).catch(noneIfRefused);
    console.log(
      `\n${printResults(summary, { width: widthOf(process.stdout), deleted: deletedIn(entries) })}`,
    );
    for (const hint of hints) console.log(hint);
  }
  const isLost = summary.state === 'active' && !signal.aborted;
  const code = summary.state === 'active' && !isLost ? 130 : exitCodeOf(summary);
  if (!report) return code;
  const run = { plan, execution: ended, summary, entries, chosen, hints, api, target };
  const isWritten = await tellReport(report, writeRunReport(report, run));
  return isWritten || code !== 0 ? code : 1;
}

await runTool('replicate', () => replicateCommand(process.argv.slice(2)));
