/** Names of steps and routines: well formed, each once. */
import { type Step, type Workflow, walkSteps } from '../workflow/steps.ts';
import type { Report } from './finding.ts';

const wellFormed = /^[a-zA-Z][a-zA-Z0-9_]*$/;

/** No limit is documented; the console cuts longer ones off. */
const longest = 100;

export function checkNames({ routines }: Workflow, report: Report): void {
  const seenRoutines = new Set<string>();
  for (const { name, steps } of routines) {
    if (seenRoutines.has(name))
      report({
        code: 'duplicate-routine',
        routine: name,
        step: '',
        message: `${name} is defined twice`,
        origin: undefined,
      });
    seenRoutines.add(name);
    const seen = new Set<string>();
    const one = (step: string, origin: Step['origin']) => {
      if (!wellFormed.test(step) || step.length > longest)
        report({
          code: 'step-name',
          routine: name,
          step,
          message: `"${step}" is no step name: a letter, then letters, digits and "_", at most ${longest} in all`,
          origin,
        });
      if (seen.has(step))
        report({
          code: 'duplicate-step',
          routine: name,
          step,
          message: `${name} has two steps named ${step}`,
          origin,
        });
      seen.add(step);
    };
    walkSteps(steps, (step) => {
      one(step.name, step.origin);
      if (step.kind === 'parallel') for (const branch of step.branches) one(branch.name, step.origin);
    });
  }
}
