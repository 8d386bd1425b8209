/** Tables for a terminal: columns as wide as what is in them, and no line wider than the terminal. */
import { visible } from '../log/logger.ts';

/** A column. */
export interface Column {
  /** Numbers stand to the right. */
  readonly right?: boolean;
  /** What is cut first where a line is too wide; otherwise the widest column. */
  readonly cut?: boolean;
}

const GAP = 2;
/** A column is never cut to less. */
const LEAST = 8;

/**
 * Lines of a table.
 *
 * @param width of the terminal; lines are cut to it
 */
export function table(
  rows: readonly (readonly string[])[],
  columns: readonly Column[],
  { width, indent = 0 }: { readonly width: number; readonly indent?: number },
): string[] {
  const cells = rows.map((row) => columns.map((_, i) => visible(row[i] ?? '')));
  const widths = columns.map((_, i) => Math.max(0, ...cells.map((row) => row[i]?.length ?? 0)));
  const room = width - indent - GAP * (columns.length - 1);
  for (let excess = sum(widths) - room; excess > 0; excess = sum(widths) - room) {
    const victim = widest(widths, columns);
    if (victim === undefined) break;
    widths[victim] = Math.max(LEAST, (widths[victim] ?? 0) - excess);
  }
  const margin = ' '.repeat(indent);
  return cells.map((row) => {
    const line = row.map((cell, i) =>
      pad(cut(cell, widths[i] ?? 0), widths[i] ?? 0, columns[i]?.right === true),
    );
    return (margin + line.join(' '.repeat(GAP))).trimEnd();
  });
}

/** The column to cut: the widest of those that say so, then the widest of all. */
function widest(widths: readonly number[], columns: readonly Column[]): number | undefined {
  const candidates = widths.map((width, i) => ({ width, i })).filter(({ width }) => width > LEAST);
  const willing = candidates.filter(({ i }) => columns[i]?.cut);
  const [first] = (willing.length > 0 ? willing : candidates).sort((one, other) => other.width - one.width);
  return first?.i;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

function cut(text: string, width: number): string {
  return text.length > width ? `${text.slice(0, Math.max(0, width - 1))}…` : text;
}

function pad(text: string, width: number, isRight: boolean): string {
  return isRight ? text.padStart(width) : text.padEnd(width);
}
