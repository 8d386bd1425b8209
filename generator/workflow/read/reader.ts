/** Reads values, expressions and names from the nodes of a file, and collects what is wrong with them. */
import type { FindingCode } from '../../check/finding.ts';
import { ExpressionError, parseExpression } from '../../expression/parse.ts';
import { Expression } from '../../expression/tree.ts';
import { nearest } from '../../nearest.ts';
import { DynamicMap, type Value } from '../steps.ts';
import { Places } from './places.ts';
import type { Entry, MapNode, Range, ScalarNode, SourceNode } from './source.ts';

/** Something wrong with a file's shape. */
export interface ReadFault {
  readonly code: FindingCode;
  readonly message: string;
  readonly hint?: string;
  readonly range: Range;
  readonly routine: string;
  readonly step: string;
}

const variable = /^[A-Za-z_][A-Za-z0-9_]*$/;

/** Stands for what could not be read, so that reading goes on. */
const none = (): Expression => new Expression({ kind: 'null' });

export class Reader {
  readonly places = new Places();
  readonly faults: ReadFault[] = [];
  routine = '';
  step = '';

  fault(code: FindingCode, range: Range, message: string, hint?: string): void {
    const { routine, step } = this;
    this.faults.push({ code, message, range, routine, step, ...(hint !== undefined && { hint }) });
  }

  /** The entries of a map; anything else is a fault and has none. */
  map(node: SourceNode, what: string): readonly Entry[] {
    if (node.kind === 'map') return node.entries;
    this.fault('shape', node.range, `${what} must be a map, not ${kindOf(node)}`);
    return [];
  }

  list(node: SourceNode, what: string): readonly SourceNode[] {
    if (node.kind === 'list') return node.items;
    this.fault('shape', node.range, `${what} must be a list, not ${kindOf(node)}`);
    return [];
  }

  /** The entries of a map by key; a key that is not among `known` is a fault. */
  fields<Key extends string>(
    node: SourceNode,
    what: string,
    known: readonly Key[],
  ): Partial<Record<Key, Entry>> {
    const found: Partial<Record<Key, Entry>> = {};
    for (const entry of this.map(node, what)) {
      const name = String(entry.key.value);
      const key = known.find((one) => one === name);
      if (key !== undefined) {
        found[key] = entry;
        continue;
      }
      const near = nearest(name, known);
      this.fault(
        'unknown-key',
        entry.key.range,
        `${what} has no "${name}"`,
        near === undefined ? `it may have ${known.join(', ')}` : `did you mean "${near}"?`,
      );
    }
    return found;
  }

  text(node: SourceNode, what: string): string | undefined {
    if (node.kind === 'scalar' && typeof node.value === 'string') return node.value;
    this.fault('shape', node.range, `${what} must be text, not ${kindOf(node)}`);
    return undefined;
  }

  /** The name of a variable or parameter. */
  name(node: SourceNode, what: string): string | undefined {
    const text = this.text(node, what);
    if (text === undefined || variable.test(text)) return text;
    this.fault('shape', node.range, `${what} must be a name: letters, digits and "_"`);
    return undefined;
  }

  /** The expression in a scalar; undefined when it is none. */
  expression(node: SourceNode): Expression | undefined {
    if (node.kind !== 'scalar' || typeof node.value !== 'string') return undefined;
    const text = node.value.trim();
    if (!text.startsWith('${') || !text.endsWith('}')) return undefined;
    return this.#parse(node, text.slice(2, -1));
  }

  /** What an assignment or a result goes to: a variable, or a place in one. */
  target(node: ScalarNode, what: string): Expression {
    const target = this.#parse(node, String(node.value));
    let root = target.node;
    while (root.kind === 'member' || root.kind === 'index') root = root.of;
    if (root.kind !== 'variable' && root.kind !== 'null')
      this.fault('shape', node.range, `${what} must be a variable, or a key or index in one`);
    return target;
  }

  #parse(node: ScalarNode, source: string): Expression {
    const at = node.raw.indexOf(source);
    const start = node.range.from + Math.max(0, at);
    try {
      const made = parseExpression(source, { unknownEscapes: 'kept' });
      return this.places.set(made, at < 0 ? node.range : { from: start, to: start + source.length });
    } catch (error) {
      if (!(error instanceof ExpressionError)) throw error;
      const from = start + error.offset;
      const range = at < 0 || from >= node.range.to ? node.range : { from, to: from + 1 };
      this.fault('expression', range, error.message);
      return this.places.set(none(), node.range);
    }
  }

  /** A literal, an expression, or a list or map with both in it. */
  value(node: SourceNode): Value {
    if (node.kind === 'list') return node.items.map((item) => this.value(item));
    if (node.kind === 'map') return this.#mapValue(node);
    return this.expression(node) ?? node.value;
  }

  #mapValue({ entries }: MapNode): Value {
    const read = entries.map(
      ({ key, value }) => [this.expression(key) ?? String(key.value), this.value(value)] as const,
    );
    if (read.some(([key]) => key instanceof Expression)) return new DynamicMap(read);
    return Object.fromEntries(read as [string, Value][]);
  }
}

function kindOf(node: SourceNode): string {
  if (node.kind !== 'scalar') return `a ${node.kind}`;
  if (node.value === null) return 'nothing';
  return typeof node.value === 'string' ? 'text' : `a ${typeof node.value}`;
}
