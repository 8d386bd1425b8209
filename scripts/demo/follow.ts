/** Follows an execution on the embedded emulator as it goes: steps as they are entered, progress as it is logged. */

import type { Emulator } from '../../emulator/server.ts';
import type { ExecutionEvent } from '../../emulator/workflows/execution.ts';
import { workflowsEngine } from '../../emulator/workflows/service.ts';
import type { Fields } from '../../generator/observability/entry.ts';
import { chalk } from '../colours.ts';
import { rest } from '../rest.ts';
import { bar } from '../watch/bar.ts';

interface Execution {
  name: string;
  state: string;
  result?: string;
  error?: { payload: string };
}

/** What the generated workflow logs. */
interface Progress {
  message: string;
  replicator?: Fields;
}

type Entry = Extract<ExecutionEvent, { kind: 'step' }>['entry'];

/**
 * Starts an execution of a workflow and prints what it does until it ends.
 *
 * @param say prints a line under a heading
 * @returns its state, `SUCCEEDED` when all went well, and its name
 */
export async function follow(
  emulator: Emulator,
  workflow: string,
  say: (what: string, text: string) => void,
): Promise<{ state: string; execution: string }> {
  const engine = workflowsEngine(emulator.context);
  const began = emulator.clock.now();
  const time = () => chalk.dim(`+${((emulator.clock.now() - began) / 1000).toFixed(1)} s`.padStart(8));
  const started = await rest<Execution>(emulator.url, 'POST', `${workflow}/executions`, {
    // For the console: what goes into each step and comes out.
    executionHistoryLevel: 'EXECUTION_HISTORY_DETAILED',
  });
  say('execute', started.name.slice(started.name.lastIndexOf('/') + 1));
  const execution = engine.executions.get(started.name);
  const entries = new Map<number, Entry>();
  const seen = new Set<number>();

  const step = (entry: Entry) => {
    entries.set(entry.id, entry);
    // Calls of subworkflows tell the story; what is within them is in the step entries.
    if (seen.has(entry.id) || entry.type !== 'STEP_SUBWORKFLOW_CALL') return;
    if (entry.routine !== 'main' && entry.routine !== 'replicate') return;
    seen.add(entry.id);
    console.log(`${time()}  ${[...path(entry, entries)].join(chalk.dim(' › '))}`);
  };
  const log = ({ message, replicator }: Progress) => {
    const { phase, counts: { copied = 0, skipped = 0, total = 0 } = {} } = replicator ?? {};
    if (phase === 'await') console.log(`${time()}  ${bar(copied + skipped, total)} ${message}`);
    if (phase === 'result') console.log(`${time()}  ${chalk.bold(message)}`);
  };

  for (const entry of execution.entries) step(entry);
  const stop = execution.follow((event) => {
    if (event.kind === 'step') step(event.entry);
    if (event.kind === 'log' && 'jsonPayload' in event.entry.payload)
      log(event.entry.payload.jsonPayload as Progress);
  });
  await execution.over;
  stop();
  const { state, result, error } = await rest<Execution>(emulator.url, 'GET', started.name);
  const { message } = JSON.parse(result ?? error?.payload ?? '{}') as { message?: string };
  say(state === 'SUCCEEDED' ? 'succeeded' : 'failed', message ?? '');
  return { state, execution: started.name };
}

/** The named calls that led to a step, outermost first. */
function path(entry: Entry, entries: ReadonlyMap<number, Entry>): string[] {
  const parent = entry.parent === undefined ? undefined : entries.get(entry.parent);
  const above = parent ? path(parent, entries) : [];
  return entry.type === 'STEP_SUBWORKFLOW_CALL' ? [...above, entry.step] : above;
}
