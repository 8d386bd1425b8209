/**
 * The service's limits.
 *
 * Source: https://cloud.google.com/workflows/quotas, the public protos, and the syntax reference, read
 * 2026-11. Those that Google's pages do not number are listed in `docs/assumptions.md`.
 */
import { printExpression } from '../expression/print.ts';
import { Expression } from '../expression/tree.ts';
import { routinesByName, worstCaseSteps } from '../workflow/count.ts';
import { emitValue } from '../workflow/emit.ts';
import {
  blocks,
  leaves,
  literalKeys,
  type Routine,
  type Step,
  values,
  type Workflow,
  walkSteps,
} from '../workflow/steps.ts';
import type { CheckOptions, FindingCode, Report } from './finding.ts';
import { tellOf } from './references.ts';

export const limits = {
  sourceBytes: 128 * 1024,
  stringBytes: 256 * 1024,
  expressionCharacters: 400,
  assignments: 50,
  conditions: 50,
  branches: [2, 10],
  parallelDepth: 2,
  callDepth: 20,
  steps: 100_000,
  mainParameters: 1,
  parameters: 10,
} as const;

export function checkLimits(
  workflow: Workflow,
  yaml: string | undefined,
  report: Report,
  options: CheckOptions = {},
): void {
  const whole = (code: FindingCode, message: string) =>
    report({ code, routine: '', step: '', message, origin: undefined });
  if (yaml !== undefined) checkSource(yaml, report);
  for (const routine of workflow.routines) {
    checkParameters(routine, report);
    checkParallel(routine, routine.steps, 0, report);
    walkSteps(routine.steps, (step) => checkStep(routine, step, report, options));
  }
  if (!checkCalls(workflow, whole)) return;
  const steps = worstCaseSteps(workflow);
  // A loop that nothing bounds takes as many as its list has items.
  if (Number.isFinite(steps) && steps > limits.steps)
    whole('execution-steps', `an execution may take ${steps} steps, the service stops it at ${limits.steps}`);
}

/** The size of a workflow as it would be deployed. */
export function checkSource(yaml: string, report: Report): void {
  const bytes = Buffer.byteLength(yaml);
  if (bytes <= limits.sourceBytes) return;
  const message = `the workflow has ${bytes} bytes, the service takes ${limits.sourceBytes}`;
  report({ code: 'source-size', routine: '', step: '', message, origin: undefined });
}

function checkParameters(routine: Routine, report: Report): void {
  const { name, parameters } = routine;
  const most = name === 'main' ? limits.mainParameters : limits.parameters;
  if (parameters.length > most)
    report({
      code: 'parameters',
      routine: name,
      step: '',
      message: `${name} has ${parameters.length} parameters, at most ${most} are allowed`,
      origin: undefined,
      subject: { of: routine },
    });
}

function checkStep(routine: Routine, step: Step, report: Report, { sourceLength }: CheckOptions): void {
  const tell = tellOf(report, routine, step);
  if (step.kind === 'assign' && step.assignments.length > limits.assignments)
    tell(
      'assignments',
      `${step.assignments.length} assignments, at most ${limits.assignments} are allowed in a step`,
    );
  if (step.kind === 'switch' && step.cases.length > limits.conditions)
    tell(
      'conditions',
      `${step.cases.length} conditions, at most ${limits.conditions} are allowed in a switch`,
    );
  if (step.kind === 'parallel') {
    const [fewest, most] = limits.branches;
    if (step.branches.length < fewest || step.branches.length > most)
      tell('branches', `${step.branches.length} branches, from ${fewest} to ${most} are allowed`);
  }
  const targets = step.kind === 'assign' ? step.assignments.map(([target]) => target) : [];
  for (const leaf of [...targets, ...values(step).flatMap(leaves)]) {
    if (typeof leaf === 'string' && Buffer.byteLength(leaf) > limits.stringBytes)
      tell(
        'string-length',
        `a text of ${Buffer.byteLength(leaf)} bytes, at most ${limits.stringBytes} are allowed`,
      );
    if (typeof leaf !== 'string' && !(leaf instanceof Expression)) continue;
    // In a file a text is what it is, and an expression as long as it was written.
    if (sourceLength && typeof leaf === 'string') continue;
    const subject = leaf instanceof Expression ? { of: leaf } : undefined;
    try {
      const length = sourceLength?.(leaf as Expression) ?? expressionLength(leaf);
      if (length > limits.expressionCharacters)
        tell(
          'expression-length',
          `an expression of ${length} characters, at most ${limits.expressionCharacters} are allowed`,
          { subject },
        );
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      tell('text', `a text cannot be written: ${error.message}`);
    }
  }
  // A key is written as it is, and the service would take this one for an expression.
  const key = sourceLength
    ? undefined
    : values(step)
        .flatMap(literalKeys)
        .find((one) => one.includes('${'));
  if (key !== undefined)
    tell('text', `a key cannot be written: ${JSON.stringify(key)} would be an expression`);
}

/** Characters between `${` and `}`; 0 for a literal that is written as it is. */
function expressionLength(leaf: Expression | string): number {
  if (leaf instanceof Expression) return printExpression(leaf).length;
  return leaf.includes('${') ? (emitValue(leaf) as string).length - 3 : 0;
}

function checkParallel(routine: Routine, steps: readonly Step[], depth: number, report: Report): void {
  for (const step of steps) {
    const inside = depth + (step.kind === 'parallel' || step.kind === 'parallelFor' ? 1 : 0);
    if (inside > limits.parallelDepth && inside > depth)
      report({
        code: 'parallel-depth',
        routine: routine.name,
        step: step.name,
        message: `parallel steps nested ${inside} deep, at most ${limits.parallelDepth} are allowed`,
        origin: step.origin,
        subject: { of: step },
      });
    for (const block of blocks(step)) checkParallel(routine, block, inside, report);
  }
}

/** @returns whether the calls end: only then can steps be counted */
function checkCalls(workflow: Workflow, tell: (code: FindingCode, message: string) => void): boolean {
  const byName = routinesByName(workflow);
  const deepest = new Map<string, number>();
  let circular = false;
  const depth = (name: string, path: readonly string[]): number => {
    const known = deepest.get(name);
    if (known !== undefined) return known;
    if (path.includes(name)) {
      circular = true;
      tell(
        'recursion',
        `${[...path.slice(path.indexOf(name)), name].join(' calls ')}: the steps of a circle cannot be bounded`,
      );
      return 0;
    }
    let below = 0;
    walkSteps(byName.get(name)?.steps ?? [], (step) => {
      const called =
        step.kind === 'call' ? step.function : step.kind === 'try' ? step.retry?.predicate : undefined;
      if (called !== undefined && byName.has(called)) below = Math.max(below, depth(called, [...path, name]));
    });
    deepest.set(name, below + 1);
    return below + 1;
  };
  const found = depth('main', []);
  if (found > limits.callDepth)
    tell('call-depth', `calls go ${found} deep, at most ${limits.callDepth} are allowed`);
  return !circular;
}
