/** Names of steps and routines: well formed, each once. */
import { blocks, type Step, type Workflow } from '../workflow/steps.ts';
import type { CheckOptions, FindingCode, Report } from './finding.ts';

const wellFormed = /^[a-zA-Z][a-zA-Z0-9_]*$/;

/** No limit is documented; the console cuts longer ones off. */
const longest = 100;

export function checkNames({ routines }: Workflow, report: Report, options: CheckOptions = {}): void {
  const seenRoutines = new Set<string>();
  for (const routine of routines) {
    const { name, steps } = routine;
    if (seenRoutines.has(name))
      report({
        code: 'duplicate-routine',
        routine: name,
        step: '',
        message: `${name} is defined twice`,
        origin: undefined,
        subject: { of: routine },
      });
    seenRoutines.add(name);
    const seen = new Set<string>();
    const one = (step: string, origin: Step['origin'], of: object, beside: Set<string>) => {
      const tell = (code: FindingCode, message: string) =>
        report({ code, routine: name, step, message, origin, subject: { of } });
      // What other characters the service takes is not documented; the generator keeps to these.
      if (!options.sourceLength && (!wellFormed.test(step) || step.length > longest))
        tell(
          'step-name',
          `"${step}" is no step name: a letter, then letters, digits and "_", at most ${longest} in all`,
        );
      if (beside.has(step)) tell('duplicate-step', `${name} has two steps named ${step}`);
      else if (seen.has(step)) tell('repeated-step', `${name} has another step named ${step}`);
      seen.add(step);
      beside.add(step);
    };
    const list = (all: readonly Step[]) => {
      const beside = new Set<string>();
      for (const step of all) {
        if (!step.inline) one(step.name, step.origin, step, beside);
        const branches = new Set<string>();
        if (step.kind === 'parallel')
          for (const branch of step.branches) one(branch.name, step.origin, branch, branches);
        for (const block of blocks(step)) list(block);
      }
    };
    list(steps);
  }
}
