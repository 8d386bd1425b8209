// @ts-check
/** Starts executions. */
import { post } from './api.js';
import { href } from './route.js';

/**
 * Starts an execution that keeps variables, arguments and results of each step, and shows it.
 *
 * @param {string} workflow
 * @param {string | undefined} argument JSON text
 */
export async function run(workflow, argument) {
  const started = await post('executions', {
    workflow,
    ...(argument !== undefined && { argument }),
    detailed: true,
  });
  location.hash = href('execution', { name: started.name });
}

/**
 * An argument that asks for a dry run, and for whatever else it asked before.
 *
 * @param {string | undefined} argument JSON text
 * @throws {SyntaxError} where it is no JSON
 */
export function dryRunArgument(argument) {
  const given = argument?.trim() ? JSON.parse(argument) : {};
  const isMap = typeof given === 'object' && given !== null && !Array.isArray(given);
  return JSON.stringify({ ...(isMap && given), dryRun: true });
}
