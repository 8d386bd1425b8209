/** The steps of an execution: in lists, filtered; one by one with all that is known of it. */
import { GoogleError } from '../errors.ts';
import type { StepEntry } from '../workflows/interpreter/history.ts';
import { toPlain } from '../workflows/json.ts';
import type { Value } from '../workflows/value.ts';
import { familyOf, parentOf, parentsOf } from './ancestry.ts';
import { keyOf } from './boxes.ts';
import { type Drawn, excerpt } from './definitions.ts';
import { logRow } from './logged.ts';
import { messageOf } from './message.ts';
import { stateOf, type Watch } from './watch.ts';

/** Which steps are wanted. */
export interface StepFilter {
  /** The key of a box. */
  readonly box?: string | undefined;
  /** Only what is below this entry, and the entry itself. */
  readonly scope?: number | undefined;
  /** As {@link stateOf} has them; `raised` are those that failed while nothing below them did. */
  readonly state?: string | undefined;
  /** In the name of the step or its routine. */
  readonly search?: string | undefined;
}

/** The entries that pass a filter, oldest first. */
export function stepsOf(watch: Watch, { box, scope, state, search }: StepFilter): readonly StepEntry[] {
  const { entries } = watch.execution;
  const within = scope === undefined ? undefined : familyOf(entries, ({ id }) => id === scope);
  const wanted = search?.toLowerCase();
  return entries.filter((entry) => {
    if (within && !within[entry.id]) return false;
    if (state === 'raised' ? !raised(entry, entries) : state !== undefined && stateOf(entry) !== state)
      return false;
    if (box !== undefined && watch.boxOf(entry) !== box) return false;
    return wanted === undefined || `${entry.routine} ${entry.step}`.toLowerCase().includes(wanted);
  });
}

function raised({ state, children = [] }: StepEntry, entries: readonly StepEntry[]): boolean {
  return state === 'STATE_FAILED' && children.every((id) => entries[id - 1]?.state !== 'STATE_FAILED');
}

/** The iterations of a box, in their order; of a scope that is one of them, its like too. */
export function iterationsOf(
  watch: Watch,
  {
    box,
    scope,
    search,
  }: { readonly box: string; readonly scope: number | undefined; readonly search: string | undefined },
): readonly StepEntry[] {
  const around = scope === undefined ? undefined : watch.execution.entries[scope - 1];
  const entries = stepsOf(watch, { box, scope: around && watch.boxOf(around) !== box ? scope : undefined });
  if (search === undefined) return entries;
  const wanted = search.toLowerCase();
  return entries.filter(
    (entry) =>
      String(entry.progress?.number) === wanted ||
      (watch.destinations.at(entry.id) ?? '').toLowerCase().includes(wanted),
  );
}

/**
 * An iteration or branch as the grid shows it. One that went well may be that of a destination that failed: a workflow
 * that lets no failure stop the others catches it.
 */
export function iterationRow(watch: Watch, entry: StepEntry) {
  const name = watch.destinations.at(entry.id) ?? '';
  const state = stateOf(entry);
  return {
    id: entry.id,
    number: entry.progress?.number,
    name,
    state: state === 'succeeded' ? (watch.destinations.all.get(name)?.state ?? state) : state,
  };
}

/** A step as lists show it. Times are milliseconds since the epoch. */
export function stepRow(watch: Watch, entry: StepEntry) {
  const { id, routine, step, type, created, updated, progress, exception } = entry;
  const state = stateOf(entry);
  return {
    id,
    routine,
    step,
    type,
    state,
    box: watch.boxOf(entry),
    started: created,
    ...(state !== 'running' && { ended: updated }),
    ...(progress && { progress: { number: progress.number, expected: progress.expected } }),
    where: whereOf(watch, entry),
    ...(exception !== undefined && { error: shortError(exception) }),
  };
}

/** All that is known of a step. @throws GoogleError NOT_FOUND */
export function stepDetails(watch: Watch, id: number, drawn: Drawn) {
  const { entries, logs } = watch.execution;
  const entry = entries[id - 1];
  if (!entry) throw new GoogleError('NOT_FOUND', `Step entry ${id} was not found.`);
  const { previous, next, exception, input, output, variables } = entry;
  const line = drawn.lines.get(keyOf(entry, parentOf(entry, entries)));
  const plain = (value: Value | undefined) => (value === undefined ? undefined : toPlain(value));
  return {
    ...stepRow(watch, entry),
    parents: parentsOf(entry, entries).map(({ id: above, routine, step, progress, type }) => ({
      id: above,
      routine,
      step,
      type,
      number: progress?.number,
    })),
    previous,
    next,
    exception,
    input: plain(input),
    output: plain(output),
    variables: plain(variables),
    place: line === undefined ? undefined : { line, lines: excerpt(drawn.source, line) },
    logs: logs
      .filter((log) => log.entry === id)
      .slice(0, 50)
      .map(logRow),
  };
}

/** The iterations and branches that a step is in, outermost first: a destination by its name. */
function whereOf(watch: Watch, entry: StepEntry): string[] {
  return parentsOf(entry, watch.execution.entries).flatMap((above) => {
    const name = watch.destinations.at(above.id);
    if (above.type === 'STEP_FOR_ITERATION') return [name ?? `${above.step} ${above.progress?.number}`];
    if (above.type === 'STEP_PARALLEL_BRANCH_ENTRY') return [name ?? above.step];
    if (above.type === 'STEP_RETRY') return [`retry ${above.progress?.number}`];
    return [];
  });
}

/** What an exception says, in one line: its message, or the start of it. */
function shortError(exception: string): string {
  const text = messageOf(exception) ?? exception;
  return text.length > 300 ? `${text.slice(0, 300)}…` : text;
}
