/**
 * Which box of the graph a step entry belongs to. A box is a step or block of a routine as it is reached by one path of
 * calls, so that two calls of one subworkflow are two boxes: `main/copy_to_a>replicate/start_copy`.
 */
import type { StepEntry } from '../workflows/interpreter/history.ts';
import { parentOf } from './ancestry.ts';

/** A box's key and the path of calls that its steps are under. */
interface Spot {
  readonly key: string;
  readonly calls: string;
}

/** Steps whose children are steps of their own routine. What is below any other was called by its expressions. */
const containers = new Set<StepEntry['type']>([
  'STEP_SWITCH',
  'STEP_CONDITION',
  'STEP_FOR',
  'STEP_FOR_ITERATION',
  'STEP_PARALLEL_FOR',
  'STEP_PARALLEL_BRANCH',
  'STEP_PARALLEL_BRANCH_ENTRY',
  'STEP_TRY_RETRY_EXCEPT',
  'STEP_TRY',
  'STEP_RETRY',
  'STEP_EXCEPT',
  'STEP_GOTO',
]);

/** The key of a step entry within its routine; the nodes and lanes of a graph have the same. */
export function keyOf(entry: StepEntry, parent: StepEntry | undefined): string {
  const { routine, step, type, progress } = entry;
  const base = `${routine}/${step}`;
  switch (type) {
    case 'STEP_CONDITION':
      return `${base}#${progress?.number}`;
    case 'STEP_FOR_ITERATION':
      return `${base}#each`;
    case 'STEP_PARALLEL_BRANCH_ENTRY':
      return `${base}#branch`;
    case 'STEP_TRY':
    case 'STEP_RETRY':
      return `${base}#try`;
    case 'STEP_EXCEPT':
      return `${base}#except`;
    default:
      return isInline(entry, parent) ? `${base}#inline` : base;
  }
}

/** Whether a step bears the name of what it stands in. */
function isInline({ routine, step }: StepEntry, parent: StepEntry | undefined): boolean {
  return (
    parent !== undefined &&
    (parent.type === 'STEP_TRY' ||
      parent.type === 'STEP_RETRY' ||
      parent.type === 'STEP_PARALLEL_BRANCH_ENTRY') &&
    parent.routine === routine &&
    parent.step === step
  );
}

/** The boxes of an execution's entries, each found once. */
export class Boxes {
  /** By id - 1. */
  readonly #spots: Spot[] = [];
  /** By path and key, so that a thousand entries of one box share one text. */
  readonly #known = new Map<string, Map<string, Spot>>();

  /** The key of an entry's box. Entries come in the order of their ids. */
  of(entry: StepEntry, entries: readonly StepEntry[]): string {
    for (let id = this.#spots.length + 1; id <= entry.id; id++) {
      const one = entries[id - 1];
      if (one) this.#spots.push(this.#spot(one, parentOf(one, entries)));
    }
    return this.#spots[entry.id - 1]?.key ?? '';
  }

  #spot(entry: StepEntry, parent: StepEntry | undefined): Spot {
    const calls = this.#callsOf(entry, parent);
    let known = this.#known.get(calls);
    if (!known) {
      known = new Map();
      this.#known.set(calls, known);
    }
    const local = keyOf(entry, parent);
    let spot = known.get(local);
    if (!spot) {
      spot = { key: calls + local, calls };
      known.set(local, spot);
    }
    return spot;
  }

  #callsOf(entry: StepEntry, parent: StepEntry | undefined): string {
    const above = parent && this.#spots[parent.id - 1];
    if (!parent || !above) return '';
    if (containers.has(parent.type) && parent.routine === entry.routine) return above.calls;
    // A routine that calls itself comes back to the boxes of its first call: a graph has an end.
    const path = `${above.key}>`.split('>').slice(0, -1);
    const first = path.findIndex((part) => part.startsWith(`${entry.routine}/`));
    return (first < 0 ? path : path.slice(0, first)).map((part) => `${part}>`).join('');
  }
}
