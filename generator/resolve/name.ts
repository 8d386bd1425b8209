/** Names of workflows. */
import { child } from '../config-path.ts';
import type { ConfigPath } from '../plan.ts';
import { quote } from './describe.ts';
import type { Report } from './report.ts';

/** The name of a workflow whose config gives none. */
export const DEFAULT_NAME = 'replicator';

const ID = /^[A-Za-z](?:[\w-]*[A-Za-z0-9])?$/;

/** Whether a name may be a workflow's. */
export function isWorkflowId(name: string): boolean {
  return ID.test(name) && name.length <= 64;
}

/** Reports names that are no workflow ids, and those that two configs share. */
export function checkNames(configs: readonly { name: string; path: ConfigPath }[], report: Report): void {
  const seen = new Map<string, ConfigPath>();
  for (const { name, path } of configs) {
    const at = child(path, 'name');
    if (!isWorkflowId(name)) {
      const hint = '1 to 64 letters, digits, "_" and "-"; starts with a letter, ends in a letter or digit';
      report.problem('workflow-id', at, `malformed workflow name ${quote(name)}`, suggest(name) ?? hint);
    }
    // Each name is a file too, and some disks don't mind the case.
    const first = seen.get(name.toLowerCase());
    if (first === undefined) seen.set(name.toLowerCase(), at);
    else {
      const also = { at: first, note: 'first here' };
      report.problem(
        'duplicate-name',
        at,
        `two configs are called "${name}"`,
        'give each a "name" of its own',
        also,
      );
    }
  }
}

function suggest(name: string): string | undefined {
  const fixed = name
    .trim()
    .replace(/[^\w-]+/g, '-')
    .replace(/^[^A-Za-z]+/, '')
    .slice(0, 64)
    .replace(/[^A-Za-z0-9]+$/, '');
  return ID.test(fixed) ? `write "${fixed}"` : undefined;
}
