/** Lists of globs. */
import { child } from '../config-path.ts';
import type { ConfigPath } from '../plan.ts';
import type { Report } from './report.ts';

/** Reads a list of globs; undefined where there is none. */
export function readGlobs(
  value: unknown,
  example: string,
  path: ConfigPath,
  report: Report,
): readonly string[] | undefined {
  if (!Array.isArray(value)) return undefined;
  return value.filter((glob: unknown, i): glob is string => {
    if (typeof glob !== 'string') return false;
    // Nothing would be meant by it, which nobody wants who writes a glob down.
    if (glob.trim() === '')
      report.problem(
        'glob',
        child(path, i),
        'an empty glob matches nothing',
        `write one as "${example}", or "**" for all`,
      );
    return true;
  });
}
