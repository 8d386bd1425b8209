/**
 * The first stage: from a file to the value that it exports, every fault of the file on the way, and where each
 * value stands in it.
 */
import { existsSync, statSync } from 'node:fs';
import { dirname, isAbsolute, join, relative, resolve } from 'node:path';
import type { FileFault, Place } from './fault.ts';
import { syntaxFault, typeFault } from './load/diagnostics.ts';
import { importDefault } from './load/import.ts';
import { importFault } from './load/import-fault.ts';
import { locator, type Part } from './load/locate.ts';
import { collectModules } from './load/modules.ts';
import { nearestFile } from './load/nearest-file.ts';
import { check } from './load/program.ts';
import type { ConfigPath } from './plan.ts';

/** What became of a file. */
export interface Loaded {
  /** What is wrong with the file itself. A type error is here and leaves a value all the same. */
  readonly faults: readonly FileFault[];
  /** The default export; absent where the module could not be imported. */
  readonly value?: unknown;
  /** Where a value of the config was written. */
  locate(path: ConfigPath, part?: Part): Place | undefined;
}

/** Seconds that a config may take: enough for one that asks a server, short of a pipeline's patience. */
const PATIENCE = 60;

/**
 * Type-checks and imports a config. Never throws for what the file does.
 *
 * @param file path of the config
 * @param seconds how long its module may take
 */
export async function load(file: string, seconds = PATIENCE): Promise<Loaded> {
  const path = resolve(file);
  if (!isFile(path)) return { faults: [notFound(path)], locate: () => undefined };
  const modules = collectModules(path);
  // What a file that doesn't parse means is the compiler's guess.
  if (modules.syntax.length > 0)
    return { faults: modules.syntax.flatMap(syntaxFault), locate: () => undefined };
  // The module runs in its thread while the compiler runs in this one.
  const importing = importDefault(modules, seconds);
  const own = [...modules.modules.values()].map((module) => module.file);
  const { source, checker, types } = check(path, own);
  const faults = types.flatMap((diagnostic) => typeFault(diagnostic, checker));
  const imported = await importing;
  const fault = importFault(imported, modules, source, faults);
  if (fault) faults.push(fault);
  if (fault || imported.kind !== 'value') return { faults, locate: locator(source, checker, undefined) };
  return { faults, value: imported.value, locate: locator(source, checker, imported.value) };
}

function isFile(path: string): boolean {
  return existsSync(path) && statSync(path).isFile();
}

function notFound(path: string): FileFault {
  const folder = dirname(path);
  const near = nearestFile(path);
  let hint = 'create it, or name another with --config FILE';
  if (existsSync(path)) hint = 'that is a folder; name the file in it';
  else if (!existsSync(folder)) hint = `there is no folder "${shown(folder)}"`;
  else if (near !== undefined) hint = `did you mean "${shown(join(folder, near))}"?`;
  return { code: 'not-found', path: '', message: `no file "${shown(path)}"`, hint, place: undefined };
}

/** A path as faults are printed: from the current folder where it lies in there. */
function shown(path: string): string {
  const short = relative(process.cwd(), path);
  return short === '' || short.startsWith('..') || isAbsolute(short) ? path : short;
}
