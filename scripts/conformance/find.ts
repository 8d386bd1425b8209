/** The Workflows definitions of a folder. Other YAML and JSON in it, such as build files, is passed over. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { isRecord } from '../../generator/resolve/describe.ts';

/** A definition in a folder. */
export interface Sample {
  /** Below the folder. */
  readonly file: string;
  readonly text: string;
  /** Without `.yaml` or `.json`: what twins have in common. */
  readonly stem: string;
}

const ending = /\.(?:ya?ml|json)$/;

/** All definitions below a folder, by name. @throws Error when there is no such folder */
export function findSamples(folder: string): Sample[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((file) => file.replaceAll('\\', '/'))
    .filter((file) => ending.test(file) && !/(?:^|\/)(?:node_modules|\.[^/]+)\//.test(file))
    .sort()
    .map((file) => ({ file, text: readFileSync(join(folder, file), 'utf8'), stem: file.replace(ending, '') }))
    .filter(({ text }) => isDefinition(text));
}

/** Whether a text means to be a definition: a map with `main`, or a list of steps. */
export function isDefinition(text: string): boolean {
  let root: unknown;
  try {
    root = parse(text, { logLevel: 'silent' });
  } catch {
    // What YAML refuses may be one all the same: it is shown as failed then.
    return /^\s*-?\s*(?:main:|- \w+:\s*\n\s+(?:assign|call|steps|try|for|switch):)/m.test(text);
  }
  if (Array.isArray(root)) return root.length > 0 && root.every(isStep);
  return isRecord(root) && (isRoutine(root.main) || Object.values(root).every(isRoutine));
}

const stepKeys = ['assign', 'call', 'switch', 'for', 'parallel', 'try', 'raise', 'return', 'next', 'steps'];

function isStep(item: unknown): boolean {
  if (!isRecord(item) || Object.keys(item).length !== 1) return false;
  const [step] = Object.values(item);
  return isRecord(step) && Object.keys(step).some((key) => stepKeys.includes(key));
}

function isRoutine(value: unknown): boolean {
  const steps = isRecord(value) ? value.steps : value;
  return Array.isArray(steps) && steps.length > 0 && steps.every(isStep);
}
