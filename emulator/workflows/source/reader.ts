/** Reads scalars, expressions and data from source nodes, collecting what is wrong with them. */

import { didYouMean } from '../../nearest.ts';
import type { Code, Data, Place } from '../definition.ts';
import { compile } from '../expression/evaluate.ts';
import { parseExpression, parseTarget } from '../expression/parse.ts';
import { type Expression, ExpressionError } from '../expression/tree.ts';
import { type Fault, type FaultCode, fault } from '../fault.ts';
import type { Limits } from '../limits.ts';
import { integerRange, type Value } from '../value.ts';
import type { Position, Source, SourceEntry, SourceNode } from './nodes.ts';

/** Names of variables and parameters. */
const variableName = /^[A-Za-z_][A-Za-z0-9_]*$/;

/** Reads a source; `workflow` and `step` say where it is, for messages. */
export class Reader {
  readonly faults: Fault[] = [];
  workflow: string | undefined;
  step: string | undefined;
  readonly limits: Limits;
  readonly #source: Source;
  readonly #constant: (name: string) => Value | undefined;

  constructor(source: Source, limits: Limits, constant: (name: string) => Value | undefined) {
    this.#source = source;
    this.limits = limits;
    this.#constant = constant;
  }

  /** Notes a fault. */
  fault(code: FaultCode, at: Position, message: string): void {
    this.faults.push(fault(code, at, message, { workflow: this.workflow, step: this.step }));
  }

  /** The entries of a map, each under a known key; others are faults. */
  fields<Key extends string>(
    node: SourceNode,
    what: string,
    known: readonly Key[],
  ): Partial<Record<Key, SourceEntry>> {
    const found: Partial<Record<Key, SourceEntry>> = {};
    for (const entry of this.entries(node, what)) {
      const key = known.find((one) => one === entry.key);
      if (key === undefined)
        this.fault(
          'unknown-key',
          entry.keyAt,
          `unknown field '${entry.key}' in ${what}${didYouMean(entry.key, known)}`,
        );
      else found[key] = entry;
    }
    return found;
  }

  /** The entries of a map; anything else is a fault and has none. */
  entries(node: SourceNode, what: string): readonly SourceEntry[] {
    if (node.kind === 'map') return node.entries;
    this.fault('shape', node.at, `${what} must be a map`);
    return [];
  }

  /** The items of a list; anything else is a fault and has none. */
  items(node: SourceNode, what: string): readonly SourceNode[] {
    if (node.kind === 'list') return node.items;
    this.fault('shape', node.at, `${what} must be a list`);
    return [];
  }

  /** A string; anything else is a fault. */
  string(node: SourceNode, what: string): string | undefined {
    if (node.kind === 'scalar' && typeof node.value === 'string') return node.value;
    this.fault('shape', node.at, `${what} must be a string`);
    return undefined;
  }

  /** The name of a variable. */
  variable(node: SourceNode, what: string): string | undefined {
    const name = this.string(node, what);
    if (name === undefined || variableName.test(name)) return name;
    this.fault(
      'shape',
      node.at,
      `'${name}' can't be ${what}: a variable starts with a letter or '_' and holds only letters, digits and '_'`,
    );
    return undefined;
  }

  /** An expression in its `${}`; undefined when a text is none. */
  code(node: SourceNode): Code | undefined {
    if (node.kind !== 'scalar' || typeof node.value !== 'string') return undefined;
    return this.#code(node.value, node.at, node.offset);
  }

  #code(text: string, at: Position, offset: number): Code | undefined {
    const trimmed = text.trim();
    if (!trimmed.startsWith('${') || !trimmed.endsWith('}')) return undefined;
    const inner = trimmed.slice(2, -1);
    const begin = offset + text.indexOf('${') + 2;
    const exact = this.#source.text.startsWith(inner, begin);
    const place = (character: number) => (exact ? this.#source.place(begin + character) : at);
    if (inner.length > this.limits.expression) {
      this.fault(
        'limit',
        at,
        `the expression has ${inner.length} characters; the limit is ${this.limits.expression}`,
      );
      return undefined;
    }
    const expression = this.#attempt(() => parseExpression(inner), place);
    if (!expression) return { text: inner, expression: none, evaluate: () => null, at, place };
    return { text: inner, expression, evaluate: compile(expression, this.#constant), at, place };
  }

  #attempt<T>(parse: () => T, place: (character: number) => Position): T | undefined {
    try {
      return parse();
    } catch (error) {
      if (!(error instanceof ExpressionError)) throw error;
      this.fault('expression', place(error.at), error.message);
      return undefined;
    }
  }

  /** A value, with the expressions in it. */
  data(node: SourceNode): Data {
    const { at } = node;
    if (node.kind === 'list') {
      const items = node.items.map((item) => this.data(item));
      return items.every((item) => item.kind === 'literal')
        ? { kind: 'literal', value: items.map((item) => item.value), at }
        : { kind: 'list', items, at };
    }
    if (node.kind === 'map') {
      const entries = node.entries.map(({ key, keyAt, keyOffset, value }) => ({
        key: this.#code(key, keyAt, keyOffset) ?? key,
        value: this.data(value),
      }));
      const literal = new Map<string, Value>();
      for (const { key, value } of entries)
        if (typeof key === 'string' && value.kind === 'literal') literal.set(key, value.value);
        else return { kind: 'map', entries, at };
      return { kind: 'literal', value: literal, at };
    }
    const code = this.code(node);
    if (code) return { kind: 'code', code };
    const { value } = node;
    if (typeof value === 'bigint' && (value < integerRange.least || value > integerRange.most))
      this.fault('shape', at, `integer ${value} has more than 64 bits`);
    if (typeof value === 'string' && Buffer.byteLength(value) > this.limits.string)
      this.fault('limit', at, `the string is longer than ${this.limits.string} bytes`);
    return { kind: 'literal', value, at };
  }

  /** What an assignment goes to. */
  place(text: string, at: Position, offset: number): Place | undefined {
    const place = (character: number) =>
      this.#source.text.startsWith(text, offset) ? this.#source.place(offset + character) : at;
    const target = this.#attempt(() => parseTarget(text), place);
    return (
      target && {
        name: target.name,
        path: target.path.map((expression) => ({
          text,
          expression,
          evaluate: compile(expression, this.#constant),
          at,
          place,
        })),
        at,
      }
    );
  }
}

/** Stands for an expression that could not be parsed, so that reading goes on to the next fault. */
const none: Expression = { kind: 'literal', value: null, at: 0 };
