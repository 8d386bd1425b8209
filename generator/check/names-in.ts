/** The variables that steps assign and that expressions use. */
import { parseExpression } from '../expression/parse.ts';
import type { Node } from '../expression/tree.ts';
import type { Step } from '../workflow/steps.ts';
import { libraryConstants } from './library.ts';

/** Names that steps assign in their own block: not in a loop, an `except` or a branch within it. */
export function assignedIn(steps: readonly Step[]): string[] {
  return steps.flatMap((step) => {
    switch (step.kind) {
      case 'assign':
        return step.assignments.flatMap(([{ node }]) => (node.kind === 'variable' ? [node.name] : []));
      case 'call':
        return step.result === undefined ? [] : [rootName(step.result)];
      case 'switch':
        return step.cases.flatMap((one) => assignedIn(one.steps));
      case 'try':
      case 'steps':
        return assignedIn(step.steps);
      default:
        return [];
    }
  });
}

/** The variables that an expression uses; `http.default_retry` is none, unless there is a variable `http`. */
export function variablesIn(node: Node, assigned: ReadonlySet<string>): string[] {
  switch (node.kind) {
    case 'variable':
      return [node.name];
    case 'member': {
      const name = dotted(node);
      const root = name?.split('.')[0] ?? '';
      return name !== undefined && libraryConstants.has(name) && !assigned.has(root)
        ? []
        : variablesIn(node.of, assigned);
    }
    case 'index':
      return [...variablesIn(node.of, assigned), ...variablesIn(node.key, assigned)];
    case 'list':
      return node.items.flatMap((item) => variablesIn(item, assigned));
    case 'call':
      return node.arguments.flatMap((argument) => variablesIn(argument, assigned));
    case 'unary':
      return variablesIn(node.operand, assigned);
    case 'binary':
      return [...variablesIn(node.left, assigned), ...variablesIn(node.right, assigned)];
    default:
      return [];
  }
}

function dotted(node: Node): string | undefined {
  if (node.kind === 'variable') return node.name;
  if (node.kind !== 'member') return undefined;
  const of = dotted(node.of);
  return of === undefined ? undefined : `${of}.${node.key}`;
}

/** The variable in which a target lies: `a` of `a.b[0]`. */
export function rootOf(node: Node): string {
  if (node.kind === 'member' || node.kind === 'index') return rootOf(node.of);
  return node.kind === 'variable' ? node.name : '';
}

/** The same of a `result`, which a file may not have right. */
export function rootName(result: string): string {
  try {
    return rootOf(parseExpression(result).node);
  } catch {
    return result;
  }
}
