/**
 * The step tree as YAML text. Deterministic, safe under YAML 1.1 and 1.2, never folded.
 */
import { Document, isMap, type Node, type Pair, type Scalar, visit, type YAMLMap } from 'yaml';
import { ex } from '../expression/parse.ts';
import { printExpression } from '../expression/print.ts';
import { Expression } from '../expression/tree.ts';
import {
  DynamicMap,
  type LooseRetry,
  type Over,
  type Retry,
  type Routine,
  type Step,
  type Value,
  type Workflow,
} from './steps.ts';

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
  if (value instanceof DynamicMap)
    return Object.fromEntries(
      value.entries.map(([key, one]) => [
        typeof key === 'string' ? key : (emitValue(key) as string),
        emitValue(one),
      ]),
    );
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

function emitRoutine({ parameters, defaults = {}, steps }: Routine): Plain {
  const params = parameters.map(
    (name): Plain => (Object.hasOwn(defaults, name) ? { [name]: emitValue(defaults[name] ?? null) } : name),
  );
  return { ...(params.length > 0 && { params }), steps: emitSteps(steps) };
}

function emitSteps(steps: readonly Step[]): Plain[] {
  return steps.map((step) => ({ [step.name]: emitWhole(step) }));
}

function emitWhole(step: Step): { [key: string]: Plain } {
  return { ...emitStep(step), ...(step.next !== undefined && { next: step.next }) };
}

/** Steps within a case, a branch or a `try`: in place where they are one without a name. */
function emitBlock(steps: readonly Step[]): { [key: string]: Plain } {
  const [only] = steps;
  return steps.length === 1 && only?.inline ? emitWhole(only) : { steps: emitSteps(steps) };
}

function emitOver(over: Over): { [key: string]: Plain } {
  return 'in' in over
    ? { in: emitValue(over.in) }
    : { range: over.range instanceof Expression ? emitValue(over.range) : over.range.map(emitValue) };
}

function emitRetry(retry: Retry | LooseRetry): Plain {
  if ('policy' in retry && retry.policy) return emitValue(retry.policy);
  const { predicate, maxRetries, backoff } = retry;
  if (!isWhole(backoff))
    return {
      ...(predicate !== undefined && { predicate: `\${${predicate}}` }),
      ...(maxRetries !== undefined && { max_retries: emitValue(maxRetries) }),
      ...(backoff !== undefined && { backoff: emitValue(backoff) }),
    };
  return {
    predicate: `\${${predicate}}`,
    max_retries: maxRetries as number,
    backoff: {
      initial_delay: backoff.initialDelay,
      max_delay: backoff.maxDelay,
      multiplier: backoff.multiplier,
    },
  };
}

function emitStep(step: Step): { [key: string]: Plain } {
  switch (step.kind) {
    case 'assign':
      return {
        assign: step.assignments.map(([target, value]) => ({ [printExpression(target)]: emitValue(value) })),
      };
    case 'call':
      return {
        call: step.function,
        ...(Object.keys(step.arguments).length > 0 && { args: emitValue(step.arguments) }),
        ...(step.argumentsFrom && { args: emitValue(step.argumentsFrom) }),
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
          branches: step.branches.map((branch) => ({ [branch.name]: emitBlock(branch.steps) })),
        },
      };
    case 'parallelFor':
      return { parallel: { ...emitConcurrency(step), for: emitLoop(step) } };
    case 'try':
      return {
        try: emitBlock(step.steps),
        ...(step.retry && { retry: emitRetry(step.retry) }),
        ...(step.except && {
          except: {
            ...(step.except.as !== undefined && { as: step.except.as }),
            steps: emitSteps(step.except.steps),
          },
        }),
      };
    case 'raise':
      return { raise: emitValue(step.value) };
    case 'return':
      return { return: emitValue(step.value) };
    case 'next':
      return { next: step.to };
    case 'steps':
      return { steps: emitSteps(step.steps) };
  }
}

function emitCase(condition: Expression | true, steps: readonly Step[], next: string | undefined): Plain {
  return {
    condition: condition === true ? true : emitValue(condition),
    ...(steps.length > 0 && emitBlock(steps)),
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

function emitConcurrency(step: { shared: readonly string[]; concurrencyLimit?: Value }): {
  [key: string]: Plain;
} {
  return {
    ...(step.shared.length > 0 && { shared: [...step.shared] }),
    ...(step.concurrencyLimit !== undefined && { concurrency_limit: emitValue(step.concurrencyLimit) }),
  };
}

/** Whether a backoff is the generator's own, with its three numbers. */
function isWhole(backoff: Retry['backoff'] | Value | undefined): backoff is Retry['backoff'] {
  return typeof backoff === 'object' && backoff !== null && 'initialDelay' in backoff;
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
