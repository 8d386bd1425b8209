/** What is called is there, and is called as it wants to be. */
import { Expression, type Node, walk } from '../expression/tree.ts';
import { nearest } from '../nearest.ts';
import { routinesByName } from '../workflow/count.ts';
import {
  type Call,
  leaves,
  type Routine,
  type Step,
  values,
  type Workflow,
  walkSteps,
} from '../workflow/steps.ts';
import { lookUpConnector } from './connectors.ts';
import type { Report, Subject, Tell } from './finding.ts';
import {
  blockingFunctions,
  expressionFunctions,
  type Parameter,
  parameterName,
  parametersOf,
  retryPredicates,
} from './library.ts';

type Routines = ReadonlyMap<string, Routine>;

export function checkReferences(workflow: Workflow, report: Report): void {
  const byName = routinesByName(workflow);
  if (!byName.has('main'))
    report({ code: 'no-main', routine: '', step: '', message: 'there is no main', origin: undefined });
  for (const routine of workflow.routines)
    walkSteps(routine.steps, (step) => {
      const tell = tellOf(report, routine, step);
      checkExpressions(step, byName, tell);
      if (step.kind === 'call') checkCall(step, byName, tell);
      if (step.kind === 'try' && step.retry?.predicate !== undefined)
        checkPredicate(step.retry.predicate, byName, tell, { of: step.retry });
    });
}

/** Reports findings of one step. */
export function tellOf(report: Report, routine: Routine, step: Step): Tell {
  return (code, message, { hint, subject } = {}) =>
    report({
      code,
      routine: routine.name,
      step: step.name,
      message,
      origin: step.origin,
      subject: subject ?? { of: step },
      ...(hint !== undefined && { hint }),
    });
}

/** `did you mean "http.get"?` */
export function proposal(name: string, names: Iterable<string>): string | undefined {
  const near = nearest(name, names);
  return near === undefined ? undefined : `did you mean "${near}"?`;
}

function checkExpressions(step: Step, routines: Routines, tell: Tell): void {
  const targets = step.kind === 'assign' ? step.assignments.map(([target]) => target) : [];
  for (const leaf of [...targets, ...values(step).flatMap(leaves)]) {
    if (!(leaf instanceof Expression)) continue;
    walk(leaf.node, (node) => {
      if (node.kind === 'call') checkCallExpression(node, routines, tell, { of: leaf, word: node.name });
    });
  }
}

function checkCallExpression(
  { name, arguments: given }: Extract<Node, { kind: 'call' }>,
  routines: Routines,
  tell: Tell,
  subject: Subject,
): void {
  const routine = routines.get(name);
  if (routine) checkCount(name, parametersOfRoutine(routine), given.length, tell, subject);
  else if (name.startsWith('googleapis.')) checkConnector(name, tell, subject);
  else if (blockingFunctions.has(name))
    tell('not-an-expression-function', `${name} blocks and cannot stand in an expression`, {
      hint: 'make it a step with "call"',
      subject,
    });
  else if (!expressionFunctions.has(name))
    tell('unknown-function', `there is no function ${name}`, {
      hint: proposal(name, [...routines.keys(), ...expressionFunctions]),
      subject,
    });
  else checkCount(name, parametersOf(name) ?? [], given.length, tell, subject);
}

function parametersOfRoutine({ parameters, defaults = {} }: Routine): Parameter[] {
  return parameters.map((name) => ({ name, isRequired: !Object.hasOwn(defaults, name) }));
}

function checkCount(
  name: string,
  parameters: readonly Parameter[],
  given: number,
  tell: Tell,
  subject: Subject,
): void {
  const missing = parameters.slice(given).find(({ isRequired }) => isRequired);
  if (missing) tell('missing-argument', `${name} needs the argument ${missing.name}`, { subject });
  if (given > parameters.length)
    tell('unknown-argument', `${name} takes ${parameters.length} arguments, not ${given}`, { subject });
}

function checkConnector(name: string, tell: Tell, subject: Subject): void {
  const { state, near } = lookUpConnector(name);
  if (state === 'known') return;
  const hint = near === undefined ? undefined : `did you mean "${near}"?`;
  if (state === 'unknown') tell('unknown-connector', `there is no connector ${name}`, { hint, subject });
  else tell('undocumented-connector', `no connector of this service is known: ${name}`, { subject });
}

function checkCall(step: Call, routines: Routines, tell: Tell): void {
  const name = step.function;
  const subject: Subject = { of: step, field: 'call' };
  const routine = routines.get(name);
  if (!routine && name.startsWith('googleapis.')) {
    checkConnector(name, tell, subject);
    return;
  }
  if (!routine && !expressionFunctions.has(name) && !blockingFunctions.has(name)) {
    tell('unknown-function', `there is no function or subworkflow ${name}`, {
      hint: proposal(name, [...routines.keys(), ...expressionFunctions, ...blockingFunctions]),
      subject,
    });
    return;
  }
  const parameters = routine ? parametersOfRoutine(routine) : parametersOf(name);
  // Arguments that come as one expression are known only when it runs.
  if (!parameters || step.argumentsFrom) return;
  const given = Object.keys(step.arguments);
  const isSame = (argument: string, parameter: string) =>
    argument === parameter || (!routine && parameterName(argument) === parameter);
  for (const parameter of parameters)
    if (parameter.isRequired && !given.some((argument) => isSame(argument, parameter.name)))
      tell('missing-argument', `${name} needs the argument ${parameter.name}`, { subject });
  for (const argument of given)
    if (!parameters.some((parameter) => isSame(argument, parameter.name)))
      tell('unknown-argument', `${name} has no parameter ${argument}`, {
        hint: proposal(
          argument,
          parameters.map((parameter) => parameter.name),
        ),
        subject: { of: step, field: `args.${argument}` },
      });
}

function checkPredicate(predicate: string, routines: Routines, tell: Tell, subject: Subject): void {
  if (routines.has(predicate) || retryPredicates.has(predicate)) return;
  tell('unknown-function', `there is no retry predicate ${predicate}`, {
    hint: proposal(predicate, [...routines.keys(), ...retryPredicates]),
    subject,
  });
}
