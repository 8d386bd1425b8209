/** The config that a command is about: found, prepared, and its faults shown. */
import { basename, isAbsolute, relative, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { WorkflowPlan } from '../generator/plan.ts';
import { type Prepared, prepare } from '../generator/prepare.ts';
import { printFaults } from '../generator/print-faults.ts';
import { fromCaller, UsageError } from './flags.ts';
import { createProgress, during } from './progress.ts';

/** The checkout, whatever folder a command is started in. */
export const root = fileURLToPath(new URL('..', import.meta.url));

/** A config without faults; undefined where it has some, which have been shown. */
export async function readConfig(file: string | undefined): Promise<Prepared | undefined> {
  const config = configFile(file);
  const progress = createProgress();
  const prepared = await during(progress, 'checking the config', prepare(config, configName(config)));
  progress.close();
  for (const { path, message } of prepared.notices) console.error(`notice ${path}: ${message}`);
  if (prepared.faults.length === 0) return prepared;
  const { isTTY = false, columns } = process.stderr;
  process.stderr.write(
    printFaults(prepared.faults, {
      color: isTTY && !process.env.NO_COLOR,
      file: config,
      ...(columns && { width: columns }),
    }),
  );
  return undefined;
}

/** The config's path: the named one, or the one of the checkout. */
export function configFile(file: string | undefined): string {
  return file === undefined ? resolve(root, 'replicator.config.ts') : fromCaller(file);
}

/** How a file's heading names the config: the same wherever the checkout lies. */
export function configName(config: string): string {
  const path = relative(root, config);
  return path.startsWith('..') || isAbsolute(path) ? basename(config) : path.split(sep).join('/');
}

/**
 * The replicator that is meant.
 *
 * @throws UsageError where there are several and none is named, or none has that name
 */
export function onlyPlan(plans: readonly WorkflowPlan[], name: string | undefined): WorkflowPlan {
  const names = plans.map((plan) => plan.name).join(', ');
  const found =
    name === undefined ? (plans.length === 1 ? plans : []) : plans.filter((plan) => plan.name === name);
  const [plan] = found;
  if (plan) return plan;
  throw new UsageError(
    name === undefined
      ? `the config has several replicators; give one of them with --name: ${names}`
      : `the config has no replicator '${name}'; there are: ${names}`,
  );
}
