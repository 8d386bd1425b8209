/** What went wrong with an import, in words and with its place in the config. */
import type { ts as t } from 'ts-morph';
import type { FileFault, Place } from '../fault.ts';
import type { Imported } from './import.ts';
import type { Modules } from './modules.ts';
import { firstPlace, placeOf } from './place.ts';
import { framesIn } from './stack.ts';
import { ts } from './ts-morph.ts';

/**
 * The fault of an import, if any.
 *
 * @param known faults already found, which the import's may only repeat
 */
export function importFault(
  imported: Imported,
  modules: Modules,
  source: t.SourceFile,
  known: readonly FileFault[],
): FileFault | undefined {
  switch (imported.kind) {
    case 'value':
      return exportFault(imported.value, imported.exports, source);
    case 'error':
      return errorFault(imported, modules, source, known);
    case 'thrown':
      return {
        ...throws(
          `the config throws ${oneLine(imported.text)}`,
          'throw an Error, which tells where it comes from',
        ),
        place: lonely(source, ts.isThrowStatement) ?? firstPlace(source),
      };
    case 'exit':
      return {
        ...throws(
          `the config ends the process with ${imported.call}`,
          'throw an Error that says what is wrong',
        ),
        place: framesIn(imported.stack, modules)[0] ?? firstPlace(source),
      };
    case 'unsettled':
      return {
        ...throws(
          'the config never finishes: it awaits what nothing settles',
          'resolve or reject the promise',
        ),
        place: first(source, ts.isAwaitExpression) ?? firstPlace(source),
      };
    case 'timeout':
      return {
        ...throws(
          `the config has not finished after ${imported.seconds} s`,
          'it loops, or waits for what does not come',
        ),
        place: first(source, waits) ?? firstPlace(source),
      };
  }
}

function throws(message: string, hint: string): FileFault {
  return { code: 'throws', path: '', message, hint, place: undefined };
}

function errorFault(
  { name, message, stack }: Extract<Imported, { kind: 'error' }>,
  modules: Modules,
  source: t.SourceFile,
  known: readonly FileFault[],
): FileFault | undefined {
  const frames = framesIn(stack, modules);
  const [place] = frames;
  // An import that isn't there has been reported by the compiler.
  if (known.length > 0 && isLinking(message)) return undefined;
  if (place && known.some((fault) => isSame(fault.place, place))) return undefined;
  const text = oneLine(name === 'Error' ? message : `${name}: ${message}`);
  const fault = throws(`the config throws: ${text}`, 'thrown here');
  // Where the config called the function that throws: of the two the place to change.
  const caller = frames.findLast(({ file }) => file === source.fileName);
  const isCalled = place && caller && !isSame(place, caller) && caller.line !== place.line;
  return {
    ...fault,
    place: place ?? firstPlace(source),
    ...(isCalled ? { also: { at: caller, note: 'called from here' } } : {}),
  };
}

/** Whether an error comes from putting modules together, before any of them has run. */
function isLinking(message: string): boolean {
  return /^Cannot find (module|package) |does not provide an export named/.test(message);
}

function isSame(a: Place | undefined, b: Place): boolean {
  return a?.file === b.file && a.line === b.line && a.column === b.column;
}

function exportFault(
  value: unknown,
  exports: readonly string[],
  source: t.SourceFile,
): FileFault | undefined {
  const fault = (message: string, hint: string): FileFault => {
    return { code: 'no-default-export', path: '', message, hint, place: exportPlace(source) };
  };
  const write = 'write export default defineConfig({…})';
  if (!exports.includes('default')) {
    const [other] = exports;
    if (other === undefined) return fault('the config exports nothing', write);
    return fault('the config has no default export', `write export default ${other}`);
  }
  if (value === undefined || value === null) return fault(`the default export is ${value}`, write);
  if (typeof value === 'function') return fault('the default export is a function', 'export what it returns');
  if (value instanceof Object && value.constructor.name === 'Promise') {
    return fault('the default export is a promise', 'write export default await …');
  }
  return undefined;
}

/** The default export, or else the first export, or else the last statement. */
function exportPlace(source: t.SourceFile): Place {
  const isExported = (node: t.Node): boolean => {
    const modifiers = ts.canHaveModifiers(node) ? (ts.getModifiers(node) ?? []) : [];
    return ts.isExportDeclaration(node) || modifiers.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword);
  };
  const { statements } = source;
  const node = statements.find(ts.isExportAssignment) ?? statements.find(isExported) ?? statements.at(-1);
  return node ? placeOf(source, node.getStart(source), node.getEnd()) : firstPlace(source);
}

/** Place of the only node of a kind in the file. */
function lonely(source: t.SourceFile, is: (node: t.Node) => boolean): Place | undefined {
  const found: t.Node[] = [];
  const visit = (node: t.Node): void => {
    if (is(node)) found.push(node);
    ts.forEachChild(node, visit);
  };
  visit(source);
  const [node] = found;
  return node && found.length === 1 ? placeOf(source, node.getStart(source), node.getEnd()) : undefined;
}

/** Place of the first node of a kind that runs when the module does, not when one of its functions is called. */
function first(source: t.SourceFile, is: (node: t.Node) => boolean): Place | undefined {
  const find = (node: t.Node): t.Node | undefined => {
    return is(node)
      ? node
      : ts.forEachChild(node, (inner) => (ts.isFunctionLike(inner) ? undefined : find(inner)));
  };
  const node = find(source);
  return node && placeOf(source, node.getStart(source), node.getEnd());
}

function waits(node: t.Node): boolean {
  return ts.isAwaitExpression(node) || ts.isIterationStatement(node, false);
}

function oneLine(text: string): string {
  const line = text.replace(/\s*\n\s*/g, ' ').trim();
  return line.length > 300 ? `${line.slice(0, 299)}…` : line;
}
