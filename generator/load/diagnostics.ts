/** The compiler's diagnostics as faults at the place that the user would look at. */
import type { ts as t } from 'ts-morph';
import type { Extent, FileFault } from '../fault.ts';
import { descend } from './locate.ts';
import { nodePlace, placeOf } from './place.ts';
import { ts } from './ts-morph.ts';
import { syntaxWords, VALUE_CODES, wordsFor } from './wording.ts';

/** A fault of syntax. */
export function syntaxFault(diagnostic: t.Diagnostic): FileFault[] {
  const { file, start = 0, length = 1 } = diagnostic;
  if (file === undefined) return [];
  return [
    { code: 'syntax', path: '', ...syntaxWords(diagnostic), place: placeOf(file, start, start + length) },
  ];
}

/** A fault of types; none for what is not in a file, which is about the compiler's set-up and not the user's. */
export function typeFault(diagnostic: t.Diagnostic, checker: t.TypeChecker): FileFault[] {
  const { file, start = 0, length = 1, code } = diagnostic;
  if (file === undefined) return [];
  const marked = nodeAt(file, start, length);
  const isName =
    marked !== undefined && ts.isPropertyAssignment(marked.parent) && marked.parent.name === marked;
  const isUnknown = code === 2353 || code === 2561;
  // The compiler marks the name of a field whose value is wrong.
  const value = isName && !isUnknown ? (marked.parent as t.PropertyAssignment).initializer : marked;
  const { message, hint, fields = [] } = wordsFor(diagnostic, value, checker);
  if (value === undefined || !VALUE_CODES.has(code)) {
    return [{ code: 'type', path: '', message, hint, place: placeOf(file, start, start + length) }];
  }
  const inner = isUnknown ? value : descend(value, fields, checker);
  return [
    { code: 'type', path: '', message, hint, place: nodePlace(inner), about: [value, inner].map(extentOf) },
  ];
}

function extentOf(node: t.Node): Extent {
  const source = node.getSourceFile();
  const from = source.getLineAndCharacterOfPosition(node.getStart(source));
  const to = source.getLineAndCharacterOfPosition(node.getEnd());
  const at = ({ line, character }: t.LineAndCharacter) => ({ line: line + 1, column: character + 1 });
  return { file: source.fileName, from: at(from), to: at(to) };
}

/** The smallest node around these characters. */
function nodeAt(file: t.SourceFile, start: number, length: number): t.Node | undefined {
  let best: t.Node | undefined;
  const visit = (node: t.Node): void => {
    if (node.getStart(file) > start || node.getEnd() < start + length) return;
    best = node;
    ts.forEachChild(node, visit);
  };
  ts.forEachChild(file, visit);
  return best;
}
