/** The whole way from a config's file to the files that are deployed: load, resolve, compile, check, emit. */
import type { Fault, Notice } from './fault.ts';
import { placeProblems } from './faults.ts';
import { type GeneratedFile, generate } from './generate.ts';
import { load } from './load.ts';
import type { WorkflowPlan } from './plan.ts';
import { resolve } from './resolve.ts';

/** A config that can be deployed, or everything that is wrong with it. */
export interface Prepared {
  readonly plans: readonly WorkflowPlan[];
  /** None where there is a fault. */
  readonly files: readonly GeneratedFile[];
  readonly notices: readonly Notice[];
  readonly faults: readonly Fault[];
}

/**
 * @param file path of the config
 * @param name how the heading of each file names the config
 */
export async function prepare(file: string, name: string): Promise<Prepared> {
  const loaded = await load(file);
  if (loaded.value === undefined) return { plans: [], files: [], notices: [], faults: loaded.faults };
  const resolved = resolve(loaded.value);
  const generated = generate(resolved.plans, name);
  const faults = placeProblems(loaded, [...resolved.problems, ...generated.problems]);
  return {
    plans: resolved.plans,
    files: faults.length === 0 ? generated.files : [],
    notices: [...resolved.notices, ...generated.notices],
    faults,
  };
}
