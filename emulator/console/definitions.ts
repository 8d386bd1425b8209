/** The definition that an execution ran, drawn and with its source: that of its own revision, not of the latest. */
import { GoogleError } from '../errors.ts';
import { compileSource } from '../workflows/compile.ts';
import type { Engine } from '../workflows/engine.ts';
import { documentedLimits, lifted } from '../workflows/limits.ts';
import type { Workflow } from '../workflows/workflow.ts';
import { type GraphRoutine, graphOf, linesOf } from './graph.ts';

/** A source, its graph, and the lines of its steps by their keys. */
export interface Drawn {
  readonly routines: readonly GraphRoutine[];
  readonly lines: ReadonlyMap<string, number>;
  readonly source: readonly string[];
  /** Whether the source reads an argument `dryRun`: a dry run of any other workflow would be a run. */
  readonly knowsDryRun: boolean;
}

const drawn = new WeakMap<Workflow, Drawn>();

/** A workflow's revision, drawn. @throws GoogleError NOT_FOUND */
export function drawnOf(engine: Engine, workflow: string, revision?: string): Drawn {
  const found = engine.workflows.get(workflow, revision);
  let made = drawn.get(found);
  if (!made) {
    // What was deployed passed the emulator's limits, whichever these are.
    const definition = compileSource(found.sourceContents, { ...documentedLimits, ...lifted(['all']) });
    if (Array.isArray(definition))
      throw new GoogleError('FAILED_PRECONDITION', `${workflow} has a source that cannot be read.`);
    const routines = graphOf(definition);
    made = {
      routines,
      lines: linesOf(routines),
      source: found.sourceContents.split('\n'),
      knowsDryRun: /\bdryRun\b/.test(found.sourceContents),
    };
    drawn.set(found, made);
  }
  return made;
}

/** The lines of a step in the source: from its own to the last that is indented below it. */
export function excerpt(source: readonly string[], line: number): { line: number; text: string }[] {
  const indent = (text: string) => text.length - text.trimStart().length;
  const first = source[line - 1] ?? '';
  const lines = [{ line, text: first }];
  for (let at = line + 1; at <= source.length && lines.length < 16; at++) {
    const text = source[at - 1] ?? '';
    if (text.trim() !== '' && indent(text) <= indent(first)) break;
    lines.push({ line: at, text });
  }
  while (lines.at(-1)?.text.trim() === '') lines.pop();
  const common = Math.min(...lines.filter(({ text }) => text.trim() !== '').map(({ text }) => indent(text)));
  return lines.map(({ line: number, text }) => ({ line: number, text: text.slice(common) }));
}
