/**
 * What is wrong with a definition when it is deployed. The service names file, line and column, then workflow
 * and step, and shows the line with a caret; so do we.
 */
import type { Position } from './source/nodes.ts';

/** What kind of fault it is. */
export type FaultCode =
  | 'syntax'
  | 'shape'
  | 'unknown-key'
  | 'expression'
  | 'symbol'
  | 'function'
  | 'argument'
  | 'jump'
  | 'duplicate'
  | 'shared'
  | 'limit';

/** Something wrong with a definition, and where. */
export interface Fault {
  readonly code: FaultCode;
  readonly at: Position;
  readonly message: string;
  /** Routine and step, where there are such. */
  readonly workflow?: string;
  readonly step?: string;
}

/** Makes a fault. */
export function fault(
  code: FaultCode,
  at: Position,
  message: string,
  { workflow, step }: { workflow?: string | undefined; step?: string | undefined } = {},
): Fault {
  return {
    code,
    at,
    message,
    ...(workflow !== undefined && { workflow }),
    ...(step !== undefined && { step }),
  };
}

/** Faults shown at once; more would only repeat one cause. */
const shown = 20;

/** All faults as the message of an INVALID_ARGUMENT, in the order of the source. */
export function faultText(faults: readonly Fault[], source: string): string {
  const lines = source.split('\n');
  const sorted = [...faults].sort((a, b) => a.at.line - b.at.line || a.at.column - b.at.column);
  const blocks = sorted.slice(0, shown).map((one) => {
    const { line, column } = one.at;
    const where = [
      ...(one.workflow === undefined ? [] : [`in workflow '${one.workflow}'`]),
      ...(one.step === undefined ? [] : [`step '${one.step}'`]),
    ].join(', ');
    const kind = one.code === 'syntax' || one.code === 'expression' ? 'parse error' : 'failed to build';
    const text = (lines[line - 1] ?? '').replaceAll('\t', ' ');
    return `main.yaml:${line}:${column}: ${kind}: ${where ? `${where}: ` : ''}${one.message}\n${text}\n${' '.repeat(Math.max(0, column - 1))}^`;
  });
  if (sorted.length > shown) blocks.push(`and ${sorted.length - shown} more`);
  return blocks.join('\n');
}
