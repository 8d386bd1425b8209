/** A workflow's file as a tree of nodes, each with its place. JSON is read as the YAML that it is. */
import {
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  type Node,
  type ParsedNode,
  parseDocument,
} from 'yaml';

/** Characters of a file, `to` behind the last one. */
export interface Range {
  readonly from: number;
  readonly to: number;
}

/** A scalar, with how it is written. */
export interface ScalarNode {
  readonly kind: 'scalar';
  readonly range: Range;
  readonly value: string | number | boolean | null;
  /** As it stands in the file, quotes and all. */
  readonly raw: string;
  readonly isPlain: boolean;
}

export interface ListNode {
  readonly kind: 'list';
  readonly range: Range;
  readonly items: readonly SourceNode[];
}

export interface MapNode {
  readonly kind: 'map';
  readonly range: Range;
  readonly entries: readonly Entry[];
}

export type SourceNode = ScalarNode | ListNode | MapNode;

export interface Entry {
  readonly key: ScalarNode;
  readonly value: SourceNode;
}

/** Why a file cannot be read. */
export interface SourceFault {
  readonly message: string;
  readonly hint?: string;
  readonly range: Range;
}

/** An alias may stand for the same node many times; more nodes than this are no workflow. */
const mostNodes = 100_000;
const deepest = 200;

/**
 * Reads a file. Its line and column numbers stay those of the text, whatever is put right before.
 *
 * @returns the root, or what is wrong
 */
export function readSource(text: string, repairs = 50): SourceNode | SourceFault {
  const document = parseDocument(text, { prettyErrors: false, merge: false, uniqueKeys: true });
  const [first] = document.errors;
  if (first) {
    const repaired = first.code === 'MISSING_CHAR' && repairs > 0 ? outdented(text, first.pos[0]) : undefined;
    if (repaired !== undefined) return readSource(repaired, repairs - 1);
    const range = { from: first.pos[0], to: Math.max(first.pos[0] + 1, first.pos[1]) };
    const message = (first.message.split('\n')[0] ?? '').replace(/ at line \d+.*$/, '');
    const hint = hintFor(text, range.from);
    return { message: lowerFirst(message), range, ...(hint !== undefined && { hint }) };
  }
  return new Builder(text, document).build();
}

class Builder {
  readonly #text: string;
  readonly #document: Document.Parsed<ParsedNode>;
  #count = 0;
  #fault: SourceFault | undefined;

  constructor(text: string, document: Document.Parsed<ParsedNode>) {
    this.#text = text;
    this.#document = document;
  }

  build(): SourceNode | SourceFault {
    const root = this.#node(this.#document.contents, 0, 0);
    return this.#fault ?? root;
  }

  #node(node: unknown, at: number, depth: number): SourceNode {
    const [from, to] = (node as Node | null)?.range ?? [at, at];
    const range = { from, to };
    if (++this.#count > mostNodes || depth > deepest) {
      this.#fault ??= { message: 'nested too deeply, or too large', range };
      return this.#scalar(null, range, true);
    }
    if (isAlias(node)) return this.#node(node.resolve(this.#document), from, depth + 1);
    if (isSeq(node))
      return { kind: 'list', range, items: node.items.map((item) => this.#node(item, from, depth + 1)) };
    if (isMap(node))
      return {
        kind: 'map',
        range,
        entries: node.items.map(({ key, value }) => {
          const [keyFrom, keyTo] = (key as Node | null)?.range ?? [from, from];
          const keyRange = { from: keyFrom, to: keyTo };
          // A key is text, whatever YAML takes it for.
          const name =
            isScalar(key) && typeof key.value === 'string'
              ? key.value
              : this.#text.slice(keyFrom, keyTo).trim();
          return {
            key: this.#scalar(name, keyRange, !isScalar(key) || key.type === 'PLAIN'),
            value: this.#node(value, keyTo, depth + 1),
          };
        }),
      };
    const value = isScalar(node) ? (node.value ?? null) : null;
    const kept =
      value === null || typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
    return this.#scalar(kept ? value : String(value), range, isScalar(node) && node.type === 'PLAIN');
  }

  #scalar(value: ScalarNode['value'], range: Range, isPlain: boolean): ScalarNode {
    return { kind: 'scalar', range, value, raw: this.#text.slice(range.from, range.to), isPlain };
  }
}

/**
 * Quoted text whose further lines are indented less than its key: not YAML by the letter, but taken by the readers
 * of Go and Java, and by the service. The lines are moved to the right; that space is no part of the text.
 */
function outdented(text: string, at: number): string | undefined {
  const start = text.lastIndexOf('\n', at - 1) + 1;
  const quoted = /(^|[\s:[{,-])(?<quoted>'(?:[^']|'')*'|"(?:[^"\\]|\\[\s\S])*")/g;
  quoted.lastIndex = start;
  for (let found = quoted.exec(text); found; found = quoted.exec(text)) {
    const inner = found.groups?.quoted ?? '';
    const from = found.index + found[0].length - inner.length;
    if (from > at) return undefined;
    if (!inner.includes('\n')) continue;
    const margin = ' '.repeat(from - start + 1);
    return text.slice(0, from) + inner.replaceAll('\n', `\n${margin}`) + text.slice(from + inner.length);
  }
  return undefined;
}

/** What is often behind a YAML error in a line with an expression. */
function hintFor(text: string, at: number): string | undefined {
  const start = text.lastIndexOf('\n', at - 1) + 1;
  const end = text.indexOf('\n', at);
  const line = text.slice(start, end < 0 ? undefined : end);
  if (/^\s*\t/.test(line)) return 'YAML is indented with spaces, not tabs';
  const expression = line.indexOf('${');
  if (expression < 0 || /["']\s*\$\{/.test(line)) return undefined;
  if (line.slice(expression).includes(': '))
    return 'YAML takes ": " for a key: put quotes around the whole expression';
  if (/[[{,]\s*\$\{/.test(line)) return 'within [ ] and { } an expression must be in quotes';
  return undefined;
}

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}
