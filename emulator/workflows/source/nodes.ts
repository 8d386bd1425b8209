/** YAML or JSON text as a tree in which each node knows its place. */
import { type Document, isAlias, isMap, isScalar, isSeq, LineCounter, type Node, parseDocument } from 'yaml';
import { type Fault, fault } from '../fault.ts';
import { indentQuoted } from './quoted.ts';

/** A place in the source: line and column count from 1, length is in bytes. */
export interface Position {
  readonly line: number;
  readonly column: number;
  readonly length: number;
}

/** A scalar as YAML understands it; integers come as bigint. */
type Scalar = string | bigint | number | boolean | null;

/** A node of the source. */
export type SourceNode = { readonly at: Position } & (
  | {
      readonly kind: 'scalar';
      readonly value: Scalar;
      /** Characters from the start of the source at which the text of a string begins. */
      readonly offset: number;
    }
  | { readonly kind: 'list'; readonly items: readonly SourceNode[] }
  | { readonly kind: 'map'; readonly entries: readonly SourceEntry[] }
);

/** A key with its value. */
export interface SourceEntry {
  readonly key: string;
  readonly keyAt: Position;
  /** Where the key's text begins, in characters from the start of the source. */
  readonly keyOffset: number;
  readonly value: SourceNode;
}

/** A source with what is needed to point into it. */
export interface Source {
  readonly text: string;
  readonly root: SourceNode;
  /** The place of a character. */
  place(offset: number, length?: number): Position;
}

/** Aliases and nesting beyond this are refused, as an answer to sources that explode. */
const limits = { nodes: 100_000, depth: 200 };

/**
 * Reads YAML, and so JSON too.
 *
 * @param repairs how many quoted texts may still be indented
 * @returns the source, or what is wrong with it
 */
export function readSource(text: string, repairs = 50): Source | Fault[] {
  const lines = new LineCounter();
  const document = parseDocument(text, {
    lineCounter: lines,
    intAsBigInt: true,
    uniqueKeys: true,
    prettyErrors: false,
    merge: false,
  });
  const place = (offset: number, length = 1): Position => {
    const { line, col } = lines.linePos(Math.min(offset, text.length));
    return { line: Math.max(1, line), column: Math.max(1, col), length };
  };
  // One slip makes many errors, of which the first one tells.
  const [first] = document.errors;
  if (first?.code === 'MISSING_CHAR' && repairs > 0) {
    const repaired = indentQuoted(text, first.pos[0]);
    if (repaired !== undefined) return readSource(repaired, repairs - 1);
  }
  if (first) return [fault('syntax', place(first.pos[0]), firstLine(first.message))];
  let count = 0;
  const faults: Fault[] = [];
  const build = (node: unknown, offset: number, depth: number): SourceNode => {
    const range = (node as Node | null)?.range;
    const start = range ? range[0] : offset;
    const at = place(start, range ? Buffer.byteLength(text.slice(range[0], range[1])) : 0);
    if (++count > limits.nodes || depth > limits.depth) {
      if (faults.length === 0)
        faults.push(fault('limit', at, 'the source is nested too deeply or too large'));
      return { kind: 'scalar', value: null, at, offset: start };
    }
    if (isAlias(node)) return build(node.resolve(document as Document.Parsed), start, depth + 1);
    if (isSeq(node))
      return { kind: 'list', items: node.items.map((item) => build(item, start, depth + 1)), at };
    if (isMap(node)) {
      const entries = node.items.map((pair): SourceEntry => {
        const keyRange = (pair.key as Node | null)?.range ?? [start, start];
        const keyText = text.slice(keyRange[0], keyRange[1]);
        const raw = isScalar(pair.key) ? pair.key.value : keyText;
        const key =
          typeof raw === 'string' ? raw : isScalar(pair.key) ? (pair.key.source ?? keyText) : keyText;
        const keyAt = place(keyRange[0], Buffer.byteLength(keyText));
        return {
          key,
          keyAt,
          keyOffset: textStart(keyText, key, keyRange[0]),
          value: build(pair.value, keyRange[1], depth + 1),
        };
      });
      return { kind: 'map', entries, at };
    }
    const value = isScalar(node) ? scalar(node.value) : null;
    return {
      kind: 'scalar',
      value,
      at,
      offset:
        range && typeof value === 'string' ? textStart(text.slice(range[0], range[1]), value, start) : start,
    };
  };
  const root = build(document.contents, 0, 0);
  return faults.length > 0 ? faults : { text, root, place };
}

/** Where a string's text begins within its raw form: behind the quotes, when nothing in it was escaped. */
function textStart(raw: string, value: string, start: number): number {
  const found = raw.indexOf(value);
  return found < 0 ? start : start + found;
}

function scalar(value: unknown): Scalar {
  if (
    typeof value === 'string' ||
    typeof value === 'bigint' ||
    typeof value === 'number' ||
    typeof value === 'boolean'
  )
    return value;
  return value === null || value === undefined ? null : String(value);
}

function firstLine(message: string): string {
  return message.split('\n', 1)[0] ?? message;
}
