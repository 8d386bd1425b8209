/** The standard library, as a table of functions and constants. */
import type { Value } from '../value.ts';
import { list, map } from './collections.ts';
import { base64, hash, json, uuid } from './encoding.ts';
import { events } from './events.ts';
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
  [helpers, base64, events, hash, http, json, list, map, math, retry, sys, text, time, uuid]
    .flat()
    .map((one) => [one.name, one]),
);

/** Functions that the service has and the emulator doesn't: valid in a definition, an error when called. */
export const namedOnly: ReadonlySet<string> = new Set([
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
export const libraryNames: readonly string[] = [...library.keys(), ...constants.keys(), ...namedOnly];
