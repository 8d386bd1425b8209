/** A command that asks Google's services: what they refuse is told with the role that is missing. */
import { visibleLines } from '../job/log/logger.ts';
import { ApiError } from './cloud/api.ts';
import { runCommand } from './flags.ts';
import { needs } from './permissions/needs.ts';

/** As {@link runCommand}; a refusal of the service is no fault of the program. */
export function runTool(name: string, command: () => Promise<number>): Promise<void> {
  silence('MetadataLookupWarning');
  return runCommand(name, async () => {
    try {
      return await command();
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      console.error(visibleLines(`${name}: ${error.message}`));
      for (const hint of missingRoles(error.message)) console.error(hint);
      if (error.status === 401)
        console.error('Log in with: gcloud auth login, and: gcloud auth application-default login');
      return 1;
    }
  });
}

/** Drops a warning of the process: of no metadata server google-auth-library tells by an error too, which we show. */
function silence(warning: string): void {
  const listeners = process.listeners('warning');
  process.removeAllListeners('warning');
  process.on('warning', (given) => {
    if (given.name !== warning) for (const listener of listeners) listener(given);
  });
}

/** Roles that have the permissions which a refusal names, as docs/permissions.md has them. */
export function missingRoles(message: string): string[] {
  const roles = new Set<string>();
  for (const [, permission = ''] of message.matchAll(/[Pp]ermission ['"]?([a-zA-Z.]+)['"]? denied/g))
    for (const { permissions, role, on } of needs)
      if (permissions.includes(permission))
        roles.add(
          `${role} has it, on ${on === 'project' ? 'the project' : `the ${on}`}; see docs/permissions.md`,
        );
  return [...roles];
}
