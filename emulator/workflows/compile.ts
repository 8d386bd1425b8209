/** From a source to a definition that can run. */
import type { Definition } from './definition.ts';
import type { Fault } from './fault.ts';
import { documentedLimits, type Limits } from './limits.ts';
import { parseDefinition } from './source/parse.ts';
import { constant } from './stdlib/index.ts';
import { validate } from './validate/validate.ts';

/**
 * Parses and checks a source, as a deployment does.
 *
 * @returns the definition, or all that is wrong with the source
 */
export function compileSource(source: string, limits: Limits = documentedLimits): Definition | Fault[] {
  const definition = parseDefinition(source, limits, constant);
  if (Array.isArray(definition)) return definition;
  const faults = validate(definition);
  return faults.length > 0 ? faults : definition;
}
