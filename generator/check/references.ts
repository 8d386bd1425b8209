/** What is called and gone to is there, and is called as it wants to be. */
import { Expression, walk } from '../expression/tree.ts';
import { routinesByName } from '../workflow/count.ts';
import {
  blocks,
  leaves,
  type Routine,
  type Step,
  values,
  type Workflow,
  walkSteps,
} from '../workflow/steps.ts';
import type { FindingCode, Report } from './finding.ts';
import {
  blockingFunctions,
  connectors,
  expressionFunctions,
  notIdempotent,
  retryPredicates,
} from './library.ts';

/** Where a `next` may go besides a step. */
const exits = new Set(['end']);
const loopExits = new Set(['break', 'continue']);

export function checkReferences(workflow: Workflow, report: Report): void {
  const byName = routinesByName(workflow);
  if (!byName.has('main'))
    report({ code: 'no-main', routine: '', step: '', message: 'there is no main', origin: undefined });
  for (const routine of workflow.routines) {
    const steps = new Set<string>();
    walkSteps(routine.steps, (step) => steps.add(step.name));
    checkNext(routine, routine.steps, steps, false, report);
    walkSteps(routine.steps, (step) => {
      const tell = (code: FindingCode, message: string) =>
        report({ code, routine: routine.name, step: step.name, message, origin: step.origin });
      checkExpressions(step, byName, tell);
      if (step.kind === 'call') checkCall(step.function, Object.keys(step.arguments), byName, tell);
      if (step.kind === 'try' && step.retry) checkRetry(step.retry.predicate, step.steps, byName, tell);
    });
  }
}

type Tell = (code: FindingCode, message: string) => void;
type Routines = ReadonlyMap<string, Routine>;

function checkNext(
  { name }: Routine,
  block: readonly Step[],
  targets: ReadonlySet<string>,
  inLoop: boolean,
  report: Report,
): void {
  for (const step of block) {
    const going =
      step.kind === 'next'
        ? [step.to]
        : step.kind === 'switch'
          ? step.cases.flatMap(({ next }) => next ?? [])
          : [];
    for (const next of going)
      if (!targets.has(next) && !exits.has(next) && !(inLoop && loopExits.has(next)))
        report({
          code: 'dangling-next',
          routine: name,
          step: step.name,
          message: `next goes to ${next}, which is no step of ${name}`,
          origin: step.origin,
        });
    const loop = step.kind === 'for' || (inLoop && step.kind !== 'parallel' && step.kind !== 'parallelFor');
    for (const below of blocks(step)) checkNext({ name } as Routine, below, targets, loop, report);
  }
}

function checkExpressions(step: Step, routines: Routines, tell: Tell): void {
  const targets = step.kind === 'assign' ? step.assignments.map(([target]) => target) : [];
  for (const leaf of [...targets, ...values(step).flatMap(leaves)]) {
    if (!(leaf instanceof Expression)) continue;
    walk(leaf.node, (node) => {
      if (node.kind !== 'call' || expressionFunctions.has(node.name)) return;
      const routine = routines.get(node.name);
      if (routine) return;
      if (blockingFunctions.has(node.name))
        tell('not-an-expression-function', `${node.name} blocks and cannot stand in an expression`);
      else tell('unknown-function', `there is no function ${node.name}`);
    });
  }
}

function checkCall(name: string, given: readonly string[], routines: Routines, tell: Tell): void {
  const routine = routines.get(name);
  if (!routine) {
    if (!expressionFunctions.has(name) && !blockingFunctions.has(name) && !connectors.has(name))
      tell('unknown-function', `there is no function or subworkflow ${name}`);
    return;
  }
  for (const parameter of routine.parameters)
    if (!given.includes(parameter)) tell('missing-argument', `${name} needs the argument ${parameter}`);
  for (const argument of given)
    if (!routine.parameters.includes(argument))
      tell('unknown-argument', `${name} has no parameter ${argument}`);
}

function checkRetry(predicate: string, steps: readonly Step[], routines: Routines, tell: Tell): void {
  if (!routines.has(predicate) && !retryPredicates.has(predicate))
    tell('unknown-function', `there is no retry predicate ${predicate}`);
  walkSteps(steps, (step) => {
    // Only what is known to be turned away before anything starts may be sent again.
    if (step.kind === 'call' && notIdempotent.has(step.function) && predicate !== 'not_started')
      tell(
        'retried-post',
        `${step.name} is retried by ${predicate} although it may have been done the first time`,
      );
  });
}
