/** The standard library, as a table of functions and constants. */
import type { Value } from '../value.ts';
import { list, map } from './collections.ts';
import { base64, hash, json, uuid } from './encoding.ts';
import { helpers } from './helpers.ts';
import { http } from './http.ts';
import type { LibraryFunction } from './library.ts';
import { math } from './math.ts';
import { constants, retry } from './retry.ts';
import { sys } from './sys.ts';
import { text } from './text.ts';
import { time } from './time.ts';

/** All functions, by name. */
export const library: ReadonlyMap<string, LibraryFunction> = new Map(
  [helpers, base64, hash, http, json, list, map, math, retry, sys, text, time, uuid]
    .flat()
    .map((one) => [one.name, one]),
);

/** Functions that the service has and the emulator doesn't: refused by name when a workflow is deployed. */
export const notEmulated: ReadonlySet<string> = new Set([
  'events.create_callback_endpoint',
  'events.await_callback',
  'experimental.executions.run',
  'experimental.executions.map',
  'gke.request',
  'gke.create_job',
  'gke.await_job',
  'gke.delete_job',
  'shell.gcloud',
  'shell.kubectl',
]);

/** A value of the library that isn't a call, such as `http.default_retry`. */
export function constant(name: string): Value | undefined {
  return constants.get(name);
}

/** Names of functions and constants, for proposals. */
export const libraryNames: readonly string[] = [...library.keys(), ...constants.keys(), ...notEmulated];
