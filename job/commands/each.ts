/** One command over several destinations: one that fails stops none of the others. */
import { type RepositoryName, resourceName } from '../../generator/plan.ts';
import type { Log } from '../log/log.ts';
import { RegistryError } from '../registry/registry.ts';

/** What came of one destination. */
export type Row<T> =
  | { readonly destination: RepositoryName; readonly outcome: T }
  | { readonly destination: RepositoryName; readonly error: string };

/**
 * Works on the destinations one after the other: each comparison may hold a million versions, and two would hold
 * twice as many. A failure is logged when it happens, so the first is what is read first.
 */
export async function eachDestination<T>(
  destinations: readonly RepositoryName[],
  log: Log,
  work: (destination: RepositoryName) => Promise<T>,
): Promise<Row<T>[]> {
  const rows: Row<T>[] = [];
  for (const destination of destinations) {
    try {
      rows.push({ destination, outcome: await work(destination) });
    } catch (thrown) {
      const error = messageOf(thrown);
      const name = resourceName(destination);
      log('ERROR', `${name}: ${error}`, { phase: 'result', destination: name, state: 'failed', error });
      rows.push({ destination, error });
    }
  }
  return rows;
}

/** What was thrown, for a person. What is not the service's refusal is a fault of ours, and says so. */
export function messageOf(thrown: unknown): string {
  if (thrown instanceof RegistryError) return thrown.message;
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  if (process.env.DEBUG) console.error(thrown);
  return `${message} (a fault of the program; set DEBUG=1 to see where)`;
}
