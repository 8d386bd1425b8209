/** How far something has come, as a bar of a terminal. */
import { chalk } from '../colours.ts';

const width = 20;

/** @param total 0 where it is not known: the bar is empty */
export function bar(done: number, total: number): string {
  const filled = total > 0 ? Math.min(width, Math.round((done / total) * width)) : 0;
  return chalk.cyan('█'.repeat(filled)) + chalk.dim('░'.repeat(width - filled));
}
