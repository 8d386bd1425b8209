/** How checks report what they find, so that each can go on after a problem. */
import type { Notice, Problem, ProblemCode, Related } from '../fault.ts';
import type { ConfigPath } from '../plan.ts';

/** Collects problems and notices. */
export interface Report {
  /** Adds a problem. */
  problem(
    code: ProblemCode,
    path: ConfigPath,
    message: string,
    hint: string,
    also?: Related<ConfigPath>,
  ): void;
  /** Adds a problem with a field that should not be there. */
  fieldProblem(code: ProblemCode, path: ConfigPath, message: string, hint: string): void;
  /** Adds a notice. */
  notice(path: ConfigPath, message: string): void;
}

/** A report and what was collected in it. */
export function createReport(): Report & { readonly problems: Problem[]; readonly notices: Notice[] } {
  const problems: Problem[] = [];
  const notices: Notice[] = [];
  return {
    problems,
    notices,
    problem(code, path, message, hint, also) {
      problems.push(also ? { code, path, message, hint, also } : { code, path, message, hint });
    },
    fieldProblem(code, path, message, hint) {
      problems.push({ code, path, message, hint, isField: true });
    },
    notice(path, message) {
      notices.push({ path, message });
    },
  };
}
