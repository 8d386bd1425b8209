/** Whatever a definition may call beside its own subworkflows. */
import { documentedConnectors, notEmulated } from './connectors/documented.ts';
import { experimental } from './connectors/experimental.ts';
import { pubsub } from './connectors/pubsub.ts';
import { connectors } from './connectors.ts';
import { library, namedOnly } from './stdlib/index.ts';
import type { LibraryFunction } from './stdlib/library.ts';

const emulated: ReadonlyMap<string, LibraryFunction> = new Map([
  ...connectors,
  ...[...pubsub, ...experimental].map((one) => [one.name, one] as const),
]);

/** A function or connector by name; one that is not emulated raises when it is called. */
export function callable(name: string): LibraryFunction | undefined {
  const found = library.get(name) ?? emulated.get(name);
  if (found) return found;
  return namedOnly.has(name) || documentedConnectors().has(name) ? notEmulated(name) : undefined;
}

/** Whether a name is a connector's, as step entries tell them apart from functions. */
export function isConnector(name: string): boolean {
  return name.startsWith('googleapis.') && callable(name) !== undefined;
}
