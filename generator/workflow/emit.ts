/**
 * The step tree as YAML text. Deterministic, safe under YAML 1.1 and 1.2, never folded.
 */
import { Document, isMap, type Node, type Pair, type Scalar, visit, type YAMLMap } from 'yaml';
import { ex } from '../expression/parse.ts';
import { printExpression } from '../expression/print.ts';
import { Expression } from '../expression/tree.ts';
import type { Over, Retry, Routine, Step, Value, Workflow } from './steps.ts';

/** What the emitter writes: YAML's own plain data. */
type Plain = string | number | boolean | null | Plain[] | { [key: string]: Plain };

/**
 * @param heading lines of the comment at the top, without `#`
 * @throws RangeError for a literal that no YAML and no expression can carry
 */
export function emit(workflow: Workflow, heading: readonly string[]): string {
  const document = new Document(
    Object.fromEntries(workflow.routines.map((routine) => [routine.name, emitRoutine(routine)])),
    // Written for a reader of YAML 1.1, which takes more plain words for something else than a string.
    { version: '1.1', aliasDuplicateObjects: false },
  );
  document.commentBefore = heading.map((line) => ` ${line}`).join('\n');
  const { items } = document.contents as unknown as YAMLMap<Scalar, Node>;
  for (const [index, routine] of workflow.routines.entries()) {
    const { key } = items[index] as Pair<Scalar, Node>;
    key.commentBefore = wrap(routine.comment, 108)
      .map((line) => ` ${line}`)
      .join('\n');
    key.spaceBefore = index > 0;
  }
  flow(document.contents as unknown as Node);
  visit(document, {
    Scalar: (_, scalar) => {
      // Octal, hexadecimal and sexagesimal numbers, dates and versions are read differently by YAML 1.1 and 1.2.
      if (typeof scalar.value === 'string' && /^[-+.]?\d/.test(scalar.value)) scalar.type = 'QUOTE_DOUBLE';
    },
  });
  return document.toString({
    lineWidth: 0,
    directives: false,
    defaultStringType: 'PLAIN',
    flowCollectionPadding: false,
  });
}

/** The value of a YAML key or argument, as text alone would hold it: for the length of expressions. */
export function emitValue(value: Value): Plain {
  if (value instanceof Expression) return `\${${printExpression(value)}}`;
  if (typeof value === 'string') return emitText(value);
  if (Array.isArray(value)) return value.map(emitValue);
  if (typeof value === 'object' && value !== null)
    return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, emitValue(one)]));
  return value as number | boolean | null;
}

/**
 * A literal string. One that contains `${` would be taken for an expression, so it is built by one, from
 * parts that each are none.
 */
function emitText(text: string): string {
  const [first = '', ...rest] = text.split(/(?<=\$)(?=\{)/);
  if (rest.length === 0) return text;
  return `\${${printExpression(rest.reduce((left, part) => ex`${left} + ${part}`, ex`${first}`))}}`;
}

function emitRoutine({ parameters, steps }: Routine): Plain {
  return { ...(parameters.length > 0 && { params: [...parameters] }), steps: emitSteps(steps) };
}

function emitSteps(steps: readonly Step[]): Plain[] {
  return steps.map((step) => ({ [step.name]: emitStep(step) }));
}

function emitOver(over: Over): { [key: string]: Plain } {
  return 'in' in over ? { in: emitValue(over.in) } : { range: over.range.map(emitValue) };
}

function emitRetry({ predicate, maxRetries, backoff }: Retry): Plain {
  return {
    predicate: `\${${predicate}}`,
    max_retries: maxRetries,
    backoff: {
      initial_delay: backoff.initialDelay,
      max_delay: backoff.maxDelay,
      multiplier: backoff.multiplier,
    },
  };
}

function emitStep(step: Step): Plain {
  switch (step.kind) {
    case 'assign':
      return {
        assign: step.assignments.map(([target, value]) => ({ [printExpression(target)]: emitValue(value) })),
      };
    case 'call':
      return {
        call: step.function,
        ...(Object.keys(step.arguments).length > 0 && { args: emitValue(step.arguments) }),
        ...(step.result !== undefined && { result: step.result }),
      };
    case 'switch':
      return { switch: step.cases.map((one) => emitCase(one.condition, one.steps, one.next)) };
    case 'for':
      return { for: emitLoop(step) };
    case 'parallel':
      return {
        parallel: {
          ...emitConcurrency(step),
          branches: step.branches.map((branch) => ({ [branch.name]: { steps: emitSteps(branch.steps) } })),
        },
      };
    case 'parallelFor':
      return { parallel: { ...emitConcurrency(step), for: emitLoop(step) } };
    case 'try':
      return {
        try: { steps: emitSteps(step.steps) },
        ...(step.retry && { retry: emitRetry(step.retry) }),
        ...(step.except && { except: { as: step.except.as, steps: emitSteps(step.except.steps) } }),
      };
    case 'raise':
      return { raise: emitValue(step.value) };
    case 'return':
      return { return: emitValue(step.value) };
    case 'next':
      return { next: step.to };
  }
}

function emitCase(condition: Expression | true, steps: readonly Step[], next: string | undefined): Plain {
  return {
    condition: condition === true ? true : emitValue(condition),
    ...(steps.length > 0 && { steps: emitSteps(steps) }),
    ...(next !== undefined && { next }),
  };
}

function emitLoop(loop: { value: string; index?: string; over: Over; steps: readonly Step[] }): {
  [key: string]: Plain;
} {
  return {
    value: loop.value,
    ...(loop.index !== undefined && { index: loop.index }),
    ...emitOver(loop.over),
    steps: emitSteps(loop.steps),
  };
}

function emitConcurrency(step: { shared: readonly string[]; concurrencyLimit?: number }): {
  [key: string]: Plain;
} {
  return {
    ...(step.shared.length > 0 && { shared: [...step.shared] }),
    ...(step.concurrencyLimit !== undefined && { concurrency_limit: step.concurrencyLimit }),
  };
}

/** Short lists of names read better on one line. */
function flow(node: Node | null): void {
  if (!isMap(node)) {
    if (node && 'items' in node) for (const item of (node as unknown as { items: Node[] }).items) flow(item);
    return;
  }
  for (const { key, value } of node.items as Pair<Scalar<string>, Node>[]) {
    if (value && ['params', 'shared', 'range'].includes(key.value) && 'items' in value)
      (value as unknown as { flow: boolean }).flow = true;
    else flow(value);
  }
}

/** Breaks text into lines of at most `width` characters, at spaces. */
function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(/\s+/)) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= width)
      lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines;
}
