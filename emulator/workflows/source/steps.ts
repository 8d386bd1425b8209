/** Parses steps and what they do. */
import type { Action, Call, Condition, Jump, Step, StepList } from '../definition.ts';
import { parseFor, parseParallel, parseTry } from './blocks.ts';
import type { Position, SourceEntry, SourceNode } from './nodes.ts';
import type { Reader } from './reader.ts';

/** What a step may hold. The first ones each are an action; a step has one of them at most. */
const actions = ['assign', 'call', 'switch', 'for', 'parallel', 'try', 'raise', 'return', 'steps'] as const;
const companions = ['args', 'result', 'retry', 'except', 'next'] as const;
/** Everything that a step may hold. */
export const stepFields = [...actions, ...companions] as const;
/** The fields of a step. */
export type StepFields = Partial<Record<(typeof stepFields)[number], SourceEntry>>;

/** What each companion goes with. */
const goesWith = { args: 'call', result: 'call', retry: 'try', except: 'try' } as const;

/** Parses the steps of one routine. */
export class StepParser {
  readonly #reader: Reader;

  constructor(reader: Reader) {
    this.#reader = reader;
  }

  /** A list of named steps. */
  list(node: SourceNode, what: string): StepList {
    const reader = this.#reader;
    const items = reader.items(node, what);
    if (node.kind === 'list' && items.length === 0)
      reader.fault('shape', node.at, `${what} must not be empty`);
    const steps: Step[] = [];
    for (const item of items)
      for (const entry of this.#named(item, 'a step')) {
        const outer = reader.step;
        reader.step = entry.key;
        steps.push(this.#step(entry));
        reader.step = outer;
      }
    return { steps };
  }

  /** The one entry of an item such as `- name: …`. */
  #named(item: SourceNode, what: string): readonly SourceEntry[] {
    const entries = this.#reader.entries(item, what);
    if (item.kind !== 'map' || entries.length === 1) return entries;
    this.#reader.fault(
      'shape',
      item.at,
      `${what} must be a map with one key, its name; found ${entries.length}${entries.length > 1 ? ` (${entries.map(({ key }) => key).join(', ')}): is the step's content indented?` : ''}`,
    );
    return [];
  }

  #step({ key, keyAt, value }: SourceEntry): Step {
    const fields = this.#reader.fields(value, `step '${key}'`, stepFields);
    const action = this.action(fields);
    const next = fields.next && this.jump(fields.next.value);
    if (value.kind === 'map' && value.entries.length === 0)
      this.#reader.fault('shape', keyAt, `step '${key}' does nothing`);
    return { name: key, action, ...(next && { next }), at: keyAt };
  }

  /** What a step does, from the fields it has. */
  action(fields: StepFields): Action {
    const reader = this.#reader;
    const found = actions.flatMap((name) => fields[name] ?? []);
    const extra = found[1];
    if (extra)
      reader.fault(
        'shape',
        extra.keyAt,
        `a step does one thing: '${extra.key}' can't stand beside '${found[0]?.key}'`,
      );
    for (const [name, with_] of Object.entries(goesWith) as [keyof typeof goesWith, 'call' | 'try'][]) {
      const entry = fields[name];
      if (entry && !fields[with_]) reader.fault('shape', entry.keyAt, `'${name}' goes with '${with_}' only`);
    }
    if (fields.assign) return this.#assign(fields.assign.value);
    if (fields.call) return this.#call(fields.call, fields);
    if (fields.switch) return this.#switch(fields.switch.value);
    if (fields.for) return parseFor(reader, this, fields.for);
    if (fields.parallel) return parseParallel(reader, this, fields.parallel);
    if (fields.try) return parseTry(reader, this, fields.try, fields);
    if (fields.raise) return { kind: 'raise', value: reader.data(fields.raise.value) };
    if (fields.return) return { kind: 'return', value: reader.data(fields.return.value) };
    if (fields.steps) return { kind: 'steps', body: this.list(fields.steps.value, 'steps') };
    return { kind: 'none' };
  }

  /** Where a `next` leads. */
  jump(node: SourceNode): Jump | undefined {
    const name = this.#reader.string(node, 'next');
    if (name === undefined) return undefined;
    const { at } = node;
    return name === 'end' || name === 'break' || name === 'continue'
      ? { kind: name, at }
      : { kind: 'step', name, at };
  }

  #assign(node: SourceNode): Action {
    const reader = this.#reader;
    const items = reader.items(node, 'assign');
    this.#atMost(items.length, reader.limits.assignments, node.at, 'assignments in a step');
    const assignments = items.flatMap((item) =>
      this.#named(item, 'an assignment').flatMap(({ key, keyAt, keyOffset, value }) => {
        const to = reader.place(key, keyAt, keyOffset);
        const read = reader.data(value);
        return to ? [{ to, value: read }] : [];
      }),
    );
    return { kind: 'assign', assignments };
  }

  #atMost(count: number, most: number, at: Position, what: string): void {
    if (count > most) this.#reader.fault('limit', at, `${count} ${what}; the limit is ${most}`);
  }

  #call({ value }: SourceEntry, { args, result }: StepFields): Call {
    const reader = this.#reader;
    const code = args && reader.code(args.value);
    const to = result && reader.string(result.value, 'result');
    const place =
      result && to !== undefined ? reader.place(to, result.value.at, offsetOf(result.value)) : undefined;
    return {
      kind: 'call',
      function: reader.string(value, 'call') ?? '',
      functionAt: value.at,
      args:
        args && !code && !isNull(args.value)
          ? reader
              .entries(args.value, 'args')
              .map(({ key, keyAt, value: arg }) => ({ name: key, value: reader.data(arg), at: keyAt }))
          : [],
      ...(code && { argsCode: code }),
      ...(place && { result: place }),
    };
  }

  #switch(node: SourceNode): Action {
    const reader = this.#reader;
    const items = reader.items(node, 'switch');
    if (node.kind === 'list' && items.length === 0)
      reader.fault('shape', node.at, 'switch must not be empty');
    this.#atMost(items.length, reader.limits.conditions, node.at, 'conditions in a switch');
    const conditions = items.flatMap((item): Condition[] => {
      const fields = reader.fields(item, 'a condition', ['condition', ...stepFields]);
      if (!fields.condition) {
        if (item.kind === 'map') reader.fault('shape', item.at, "there is no 'condition'");
        return [];
      }
      const when = reader.data(fields.condition.value);
      if (when.kind !== 'code' && !(when.kind === 'literal' && typeof when.value === 'boolean'))
        reader.fault('shape', fields.condition.value.at, 'a condition must be an expression, true or false');
      const next = fields.next && this.jump(fields.next.value);
      return [{ when, action: this.action(fields), ...(next && { next }), at: item.at }];
    });
    return { kind: 'switch', conditions };
  }
}

function isNull(node: SourceNode): boolean {
  return node.kind === 'scalar' && node.value === null;
}

function offsetOf(node: SourceNode): number {
  return node.kind === 'scalar' ? node.offset : 0;
}
