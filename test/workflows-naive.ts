/**
 * A second evaluator of workflows, as simple as can be: it walks the generator's step tree and knows nothing of YAML,
 * of the interpreter or of its parser. For tests only; slow, without clock, network and limits.
 */
import { Expression, type Node } from '../generator/expression/tree.ts';
import {
  DynamicMap,
  type Routine,
  type Step,
  type Value,
  type Workflow,
} from '../generator/workflow/steps.ts';

/** Integers are bigint and doubles number, as the service keeps them apart. */
export type Plain = null | boolean | bigint | number | string | Plain[] | { [key: string]: Plain };

/** What was raised: what `raise` was given, or the tag of an error of the language. */
export class Raised {
  readonly payload: Plain;

  constructor(payload: Plain) {
    this.payload = payload;
  }
}

const fail = (tag: string): never => {
  throw new Raised({ tags: [tag] });
};

type Vars = Map<string, Plain>;

/** Variables, the innermost scope first. */
class Scope {
  readonly vars: Vars = new Map();
  readonly outer: Scope | undefined;

  constructor(outer?: Scope) {
    this.outer = outer;
  }

  find(name: string): Scope | undefined {
    return this.vars.has(name) ? this : this.outer?.find(name);
  }

  get(name: string): Plain {
    const scope = this.find(name);
    return scope ? (scope.vars.get(name) as Plain) : fail('KeyError');
  }

  set(name: string, value: Plain): void {
    (this.find(name) ?? this).vars.set(name, value);
  }
}

type End = { kind: 'goto'; to: string } | { kind: 'return'; value: Plain } | undefined;

/** Runs a workflow. @throws Raised */
export function runNaively(workflow: Workflow, argument: Plain): Plain {
  const main = workflow.routines.find(({ name }) => name === 'main');
  if (!main) throw new Error('no main');
  return new Evaluator(workflow).call(main, main.parameters.length > 0 ? [argument] : []);
}

class Evaluator {
  readonly #routines: Map<string, Routine>;

  constructor({ routines }: Workflow) {
    this.#routines = new Map(routines.map((routine) => [routine.name, routine]));
  }

  call({ parameters, steps }: Routine, args: Plain[]): Plain {
    const scope = new Scope();
    parameters.forEach((name, index) => {
      scope.vars.set(name, args[index] ?? null);
    });
    const end = this.#list(steps, scope);
    return end?.kind === 'return' ? end.value : null;
  }

  #list(steps: readonly Step[], scope: Scope): End {
    for (let index = 0; index < steps.length; ) {
      const step = steps[index] as Step;
      let end = this.#step(step, scope);
      if (!end && step.next !== undefined) end = { kind: 'goto', to: step.next };
      if (!end) index++;
      else {
        const to =
          end.kind === 'goto' ? steps.findIndex(({ name }) => name === (end as { to: string }).to) : -1;
        if (to < 0) return end;
        index = to;
      }
    }
    return undefined;
  }

  #step(step: Step, scope: Scope): End {
    switch (step.kind) {
      case 'assign':
        for (const [target, value] of step.assignments) {
          if (target.node.kind !== 'variable')
            throw new Error('the naive evaluator assigns to variables only');
          scope.set(target.node.name, this.#value(value, scope));
        }
        return undefined;
      case 'call': {
        const routine = this.#routines.get(step.function);
        if (!routine) throw new Error(`the naive evaluator calls subworkflows only, not ${step.function}`);
        const result = this.call(
          routine,
          routine.parameters.map((name) => this.#value(step.arguments[name] ?? null, scope)),
        );
        if (step.result !== undefined) scope.set(step.result, result);
        return undefined;
      }
      case 'switch':
        for (const { condition, steps, next } of step.cases) {
          const holds = condition === true || this.#evaluate(condition.node, scope);
          if (typeof holds !== 'boolean') return fail('TypeError');
          if (holds)
            return this.#list(steps, scope) ?? (next === undefined ? undefined : { kind: 'goto', to: next });
        }
        return undefined;
      case 'for':
        return this.#loop(step, scope);
      case 'parallelFor':
        this.#loop(step, scope);
        return undefined;
      case 'parallel':
        for (const { steps } of step.branches) this.#list(steps, new Scope(scope));
        return undefined;
      case 'try':
        return this.#try(step, scope);
      case 'steps':
        return this.#list(step.steps, scope);
      case 'raise':
        throw new Raised(this.#value(step.value, scope));
      case 'return':
        return { kind: 'return', value: this.#value(step.value, scope) };
      case 'next':
        return { kind: 'goto', to: step.to };
    }
  }

  #loop(step: Extract<Step, { kind: 'for' | 'parallelFor' }>, outer: Scope): End {
    const items: Plain[] = [];
    if ('in' in step.over) {
      const list = this.#value(step.over.in, outer);
      if (!Array.isArray(list)) return fail('TypeError');
      items.push(...list);
    } else {
      if (step.over.range instanceof Expression) throw new Error('not generated');
      const [from, to] = step.over.range.map((end) => this.#value(end, outer)) as [bigint, bigint];
      for (let item = from; item <= to; item++) items.push(item);
    }
    const scope = new Scope(outer);
    for (const [index, item] of items.entries()) {
      scope.vars.set(step.value, item);
      if (step.index !== undefined) scope.vars.set(step.index, BigInt(index));
      const end = this.#list(step.steps, scope);
      if (end?.kind === 'goto' && end.to === 'break') return undefined;
      if (end && !(end.kind === 'goto' && end.to === 'continue')) return end;
    }
    return undefined;
  }

  #try(step: Extract<Step, { kind: 'try' }>, scope: Scope): End {
    const most = step.retry ? Number(step.retry.maxRetries ?? 5) : 0;
    for (let attempt = 0; ; attempt++)
      try {
        return this.#list(step.steps, scope);
      } catch (error) {
        if (!(error instanceof Raised)) throw error;
        if (attempt < most) continue;
        if (!step.except) throw error;
        const inner = new Scope(scope);
        if (step.except.as !== undefined) inner.vars.set(step.except.as, error.payload);
        return this.#list(step.except.steps, inner);
      }
  }

  #value(value: Value, scope: Scope): Plain {
    if (value instanceof Expression) return this.#evaluate(value.node, scope);
    if (value instanceof DynamicMap) throw new Error('not generated');
    if (Array.isArray(value)) return value.map((one) => this.#value(one as Value, scope));
    if (typeof value === 'object' && value !== null)
      return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, this.#value(one, scope)]));
    return typeof value === 'number' && Number.isInteger(value) ? BigInt(value) : (value as Plain);
  }

  #evaluate(node: Node, scope: Scope): Plain {
    return evaluateNaively(node, (name) => scope.get(name));
  }
}

/** The value of an expression. @throws Raised */
export function evaluateNaively(node: Node, variable: (name: string) => Plain): Plain {
  const down = (one: Node): Plain => evaluateNaively(one, variable);
  switch (node.kind) {
    case 'null':
      return null;
    case 'boolean':
    case 'string':
      return node.value;
    case 'number':
      return node.double ? node.value : BigInt(node.value);
    case 'list':
      return node.items.map(down);
    case 'variable':
      return variable(node.name);
    case 'member':
      return at(down(node.of), node.key);
    case 'index':
      return at(down(node.of), down(node.key));
    case 'call':
      return call(node.name, node.arguments.map(down));
    case 'unary': {
      const value = down(node.operand);
      if (node.operator === 'not') return typeof value === 'boolean' ? !value : fail('TypeError');
      if (typeof value === 'bigint') return -value;
      return typeof value === 'number' ? -value : fail('TypeError');
    }
    case 'binary':
      return binary(node, down);
  }
}

function at(of: Plain, key: Plain): Plain {
  if (Array.isArray(of)) {
    if (typeof key !== 'bigint') return fail('TypeError');
    return key >= 0n && key < BigInt(of.length) ? (of[Number(key)] as Plain) : fail('IndexError');
  }
  if (typeof of !== 'object' || of === null || typeof key !== 'string') return fail('TypeError');
  return Object.hasOwn(of, key) ? (of[key] as Plain) : fail('KeyError');
}

function call(name: string, args: Plain[]): Plain {
  const [first = null, second = null, third = null] = args;
  switch (name) {
    case 'len':
      if (typeof first === 'string') return BigInt([...first].length);
      if (typeof first !== 'object' || first === null) return fail('TypeError');
      return BigInt(Array.isArray(first) ? first.length : Object.keys(first).length);
    case 'default':
      return first ?? second;
    case 'if':
      if (typeof first !== 'boolean' && first !== null) return fail('TypeError');
      return first ? second : third;
    default:
      throw new Error(`the naive evaluator has no ${name}`);
  }
}

const isNumber = (value: Plain): value is bigint | number =>
  typeof value === 'bigint' || typeof value === 'number';

function same(left: Plain, right: Plain): boolean {
  if (isNumber(left) && isNumber(right)) return !(left < right) && !(left > right);
  if (Array.isArray(left) && Array.isArray(right))
    return left.length === right.length && left.every((one, index) => same(one, right[index] ?? null));
  return left === right;
}

function binary(node: Extract<Node, { kind: 'binary' }>, down: (node: Node) => Plain): Plain {
  const { operator } = node;
  const left = down(node.left);
  if (operator === 'and' || operator === 'or') {
    if (typeof left !== 'boolean') return fail('TypeError');
    if (left === (operator === 'or')) return left;
    const right = down(node.right);
    return typeof right === 'boolean' ? right : fail('TypeError');
  }
  const right = down(node.right);
  if (operator === '==' || operator === '!=') return equality(operator, left, right);
  if (operator === 'in') {
    if (Array.isArray(right)) return right.some((one) => same(one, left));
    if (typeof right === 'object' && right !== null && typeof left === 'string')
      return Object.hasOwn(right, left);
    return fail('TypeError');
  }
  if (operator === '+' && (typeof left === 'string' || typeof right === 'string')) {
    const [before, after] = [textOf(left), textOf(right)];
    return before === undefined || after === undefined ? fail('TypeError') : before + after;
  }
  if (operator === '<' || operator === '<=' || operator === '>' || operator === '>=') {
    const comparable =
      (isNumber(left) && isNumber(right)) || (typeof left === 'string' && typeof right === 'string');
    if (!comparable) return fail('TypeError');
    const [a, b] = [left as number, right as number];
    return operator === '<' ? a < b : operator === '<=' ? a <= b : operator === '>' ? a > b : a >= b;
  }
  if (!isNumber(left) || !isNumber(right)) return fail('TypeError');
  return arithmetic(operator, left, right);
}

/** Values of different kinds can be compared with null only; integers and doubles are of one kind here. */
function equality(operator: '==' | '!=', left: Plain, right: Plain): boolean {
  const kind = (value: Plain) => (isNumber(value) ? 'number' : Array.isArray(value) ? 'list' : typeof value);
  if (left !== null && right !== null && kind(left) !== kind(right)) return fail('TypeError') as never;
  return same(left, right) === (operator === '==');
}

function textOf(value: Plain): string | undefined {
  if (typeof value === 'string') return value;
  return typeof value === 'boolean' || isNumber(value) ? String(value) : undefined;
}

function arithmetic(
  operator: '+' | '-' | '*' | '/' | '//' | '%',
  left: bigint | number,
  right: bigint | number,
): Plain {
  if (typeof left === 'bigint' && typeof right === 'bigint') {
    if ((operator === '/' || operator === '//' || operator === '%') && right === 0n)
      return fail('ZeroDivisionError');
    const whole = {
      '+': () => left + right,
      '-': () => left - right,
      '*': () => left * right,
      '/': () => Number(left) / Number(right),
      '%': () => left % right,
      '//': () => (left - (((left % right) + right) % right)) / right,
    }[operator]();
    return typeof whole === 'bigint' && BigInt.asIntN(64, whole) !== whole ? fail('ValueError') : whole;
  }
  const [a, b] = [Number(left), Number(right)];
  if (b === 0 && (operator === '/' || operator === '//' || operator === '%'))
    return fail('ZeroDivisionError');
  return {
    '+': () => a + b,
    '-': () => a - b,
    '*': () => a * b,
    '/': () => a / b,
    '//': () => Math.floor(a / b),
    '%': () => a % b,
  }[operator]();
}
