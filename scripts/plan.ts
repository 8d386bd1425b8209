/** `npm run plan`: what a run would copy, move and delete. */

import { visibleLines } from '../job/log/logger.ts';
import { printPlan, printTotals } from '../job/print/plan.ts';
import { counted } from '../job/print/quantity.ts';
import { statusLine, widthOf } from '../job/print/screen.ts';
import { openRegistry } from '../job/registry/open.ts';
import { exitCodes } from '../job/request.ts';
import { openReader } from './cloud/session.ts';
import { readConfig } from './config-file.ts';
import { readFlags } from './flags.ts';
import { type DestinationOutcome, isToDo, planAll, toDocument } from './plan/plan.ts';
import { meetEmulator, registryEnvironment } from './plan/registry.ts';
import { reportFile, tellReport } from './report/file.ts';
import { writePlanReport } from './report/write-plan.ts';
import { runTool } from './tool.ts';

const help = `npm run plan [-- --json] [--all] [--detailed-exitcode] [--report FILE.html] [--config FILE]

Shows what a run would do now, for every replicator of the config: versions to copy, tags to create, move and
remove, versions to delete, and what keeps a mirror from it. Changes nothing. Uses Application Default Credentials,
or the emulator that REPLICATOR_EMULATOR_HOST names.

  --config FILE        the config to read            (default: replicator.config.ts)
  --json               one JSON document
  --all                lists whole, not their beginnings
  --report FILE.html   writes a report that can be sent: graph, table, differences
  --detailed-exitcode  exit 2 when there is something to do
  --help               this text

Exit codes: 0 done, 1 the config has faults, a follower could not be compared or the report not be written,
2 something to do (with the flag), 64 usage.`;

async function planCommand(args: readonly string[]): Promise<number> {
  const { values } = readFlags(args, help, {
    config: { type: 'string' },
    json: { type: 'boolean' },
    all: { type: 'boolean' },
    report: { type: 'string' },
    'detailed-exitcode': { type: 'boolean' },
  });
  const report = values.report === undefined ? undefined : await reportFile(values.report);
  const prepared = await readConfig(values.config);
  if (!prepared) return exitCodes.failed;
  const { plans } = prepared;
  const reader = openReader();
  await meetEmulator(reader);
  const registry = openRegistry({ env: registryEnvironment(reader.target) });
  const status = statusLine(process.stderr);
  const width = widthOf(process.stdout);
  const outcomes: DestinationOutcome[] = [];
  const begin = ({ id }: { readonly id: string }) => status.show(`comparing ${id}`);
  for await (const outcome of planAll(plans, registry, begin)) {
    status.show('');
    outcomes.push(outcome);
    if (!values.json) console.log(`${visibleLines(printOutcome(outcome, width, values.all === true))}\n`);
  }
  const failed = outcomes.filter((outcome) => 'error' in outcome);
  if (values.json) console.log(JSON.stringify(toDocument(plans, outcomes), null, 2));
  else if (outcomes.length - failed.length > 1)
    console.log(
      printTotals(outcomes.flatMap((outcome) => ('difference' in outcome ? [outcome.difference] : []))),
    );
  if (report && !(await tellReport(report, writePlanReport(report, plans, outcomes))))
    return exitCodes.failed;
  if (failed.length > 0) return exitCodes.failed;
  return values['detailed-exitcode'] && isToDo(outcomes) ? exitCodes.differences : exitCodes.done;
}

function printOutcome(outcome: DestinationOutcome, width: number, all: boolean): string {
  const { plan, destination } = outcome;
  const heading = `${plan.name} › ${destination.id}`;
  if ('error' in outcome) return `${heading}\ncould not be compared: ${outcome.error}`;
  const lines = [heading, printPlan(outcome.difference, { width, all })];
  if (!destination.mirror && outcome.extras > 0)
    lines.push(
      `${counted(outcome.extras, 'version')} that the leader does not have stay: this follower is not mirrored`,
    );
  return lines.join('\n');
}

await runTool('plan', () => planCommand(process.argv.slice(2)));
