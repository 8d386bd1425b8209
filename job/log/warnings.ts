/** Warnings of Node and of packages, `process.emitWarning`, told as everything else is. */
import type { Log } from './log.ts';
import { visibleLine } from './logger.ts';

/**
 * Logs warnings from now on, where Node would write them in a format of its own between entries.
 *
 * @param log the log as it is when a warning comes
 */
export function logWarnings(log: () => Log): void {
  // Who runs with --no-warnings wants none.
  if (process.listenerCount('warning') === 0) return;
  process.removeAllListeners('warning');
  process.on('warning', ({ name, message }) => {
    log()('WARNING', visibleLine(`${name}: ${message}`), { phase: 'process' });
  });
}
