/** From positions in a source text to places that can be printed. */
import type { ts as t } from 'ts-morph';
import type { Place } from '../fault.ts';
import { ts } from './ts-morph.ts';

/** A source text with the starts of its lines, which a `ts.SourceFile` has. */
type Source = Pick<t.SourceFile, 'fileName' | 'text' | 'getLineAndCharacterOfPosition' | 'getLineStarts'>;

/** The place of `start` to `end`, cut to the first line. */
export function placeOf(source: Source, start: number, end: number): Place {
  const { line, character } = source.getLineAndCharacterOfPosition(start);
  const text = lineOf(source, line);
  const length = Math.min(end - start, text.length - character);
  return { file: source.fileName, line: line + 1, column: character + 1, length: Math.max(1, length), text };
}

/** The first line that is not empty, for what has no place of its own. */
export function firstPlace(source: t.SourceFile): Place {
  const start = source.getStart(source);
  return placeOf(source, start, source.text.length);
}

/** Place of a node: its first line, or only its opening bracket where it has more than one. */
export function nodePlace(node: t.Node): Place {
  const source = node.getSourceFile();
  const start = node.getStart(source);
  const end = node.getEnd();
  const isBlock = ts.isObjectLiteralExpression(node) || ts.isArrayLiteralExpression(node);
  const lines = source.text.slice(start, end).includes('\n');
  return placeOf(source, start, isBlock && lines ? start + 1 : end);
}

/** The place of a line and column, both counted from 1, and the expression around it as far as a glance tells. */
export function placeAt(source: Source, line: number, column: number): Place {
  const text = lineOf(source, line - 1);
  // The engine marks the last name of `process.exit`, and `new` of `new Error`.
  const before = /[\w$.]*$/.exec(text.slice(0, column - 1))?.[0].length ?? 0;
  const after = /^(?:new\s+)?[\w$.]+|^./.exec(text.slice(column - 1))?.[0].length ?? 1;
  return { file: source.fileName, line, column: column - before, length: before + after, text };
}

function lineOf(source: Source, line: number): string {
  const starts = source.getLineStarts();
  return source.text.slice(starts[line] ?? 0, starts[line + 1] ?? source.text.length).replace(/\s+$/, '');
}
