/**
 * The documented connectors by name. Those that are not emulated are valid in a definition, as the service has
 * them; a call of one raises an error that says so.
 *
 * https://cloud.google.com/workflows/docs/reference/googleapis
 */
import { readFileSync } from 'node:fs';
import { didYouMean } from '../../nearest.ts';
import { systemError } from '../errors.ts';
import { defineOpen, type LibraryFunction } from '../stdlib/library.ts';

let names: ReadonlySet<string> | undefined;

/** All names, read when the first one is asked for. */
export function documentedConnectors(): ReadonlySet<string> {
  names ??= new Set(
    readFileSync(new URL('documented.txt', import.meta.url), 'utf8')
      .split('\n')
      .filter((line) => line !== '' && !line.startsWith('#'))
      .flatMap((line) => {
        const [module = '', ...functions] = line.split(' ');
        return functions.map((name) => `googleapis.${module}.${name}`);
      }),
  );
  return names;
}

/** A function that is there by its name alone, whatever it is given. */
export function notEmulated(name: string): LibraryFunction {
  return defineOpen(name, () => {
    throw systemError('SystemError', `'${name}' is not emulated`);
  });
}

/** What may be meant by an unknown connector: one of its service, or a service where there is no such one. */
export function connectorProposal(name: string): string {
  const service = serviceOf(name);
  const near = [...documentedConnectors()].filter((one) => serviceOf(one) === service);
  return near.length > 0
    ? didYouMean(name, near)
    : didYouMean(service, new Set([...documentedConnectors()].map(serviceOf)));
}

/** `googleapis.run.v2` */
function serviceOf(name: string): string {
  return name.split('.').slice(0, 3).join('.');
}
