/** The compiler's messages in our words, where they are about the config; else theirs, in one line. */
import { dirname, resolve } from 'node:path';
import type { ts as t } from 'ts-morph';
import { nearest } from '../nearest.ts';
import { nearestFile } from './nearest-file.ts';
import { ts } from './ts-morph.ts';

/** A message and what would be right. */
export interface Words {
  readonly message: string;
  readonly hint: string;
  /** Fields under the marked value, down to the one that is wrong. */
  readonly fields?: readonly string[];
}

/** Codes that say of a value that it is not what its field takes. */
export const VALUE_CODES: ReadonlySet<number> = new Set([
  1360, 2322, 2345, 2353, 2375, 2379, 2412, 2559, 2561, 2739, 2740, 2741, 2820,
]);

/** Words for a diagnostic at a node. */
export function wordsFor(diagnostic: t.Diagnostic, node: t.Node | undefined, checker: t.TypeChecker): Words {
  const chain = messagesOf(diagnostic.messageText);
  const first = chain[0]?.text ?? '';
  switch (diagnostic.code) {
    case 1117:
      return { message: `"${fieldNameOf(node)}" is written twice in this object`, hint: 'remove one' };
    case 1294:
      return {
        message: 'enums, namespaces and the like leave code behind',
        hint: 'use a const object or a module',
      };
    case 1484:
    case 1485:
      return { message: `"${nameIn(first)}" is only a type`, hint: `write import { type ${nameIn(first)} }` };
    case 2304:
    case 2552:
    case 2580:
    case 2584:
      return unknownName(first);
    case 2307:
    case 2792:
      return missingModule(nameIn(first), node);
    case 2305:
      return { message: sentence(first), hint: 'export it there, or do not import it' };
    case 2353:
    case 2561:
      return unknownField(nameIn(first), node, checker);
    default:
      return VALUE_CODES.has(diagnostic.code) ? wrongValue(chain, node, checker) : plain(diagnostic);
  }
}

/** Words for a fault of syntax: the compiler's, and what is most often the cause. */
export function syntaxWords(diagnostic: t.Diagnostic): Words {
  const { message, hint } = plain(diagnostic);
  const token = /^"(.+)" expected$/.exec(message)?.[1];
  if (token !== undefined) return { message, hint: 'write it, or close what is open above' };
  return { message, hint: SYNTAX_HINTS.get(diagnostic.code) ?? hint };
}

const SYNTAX_HINTS: ReadonlyMap<number, string> = new Map([
  [1002, 'end the string with its quote'],
  [1109, 'a value is missing here'],
  [1128, 'a bracket is missing above, or one too many here'],
  [1160, 'end the template with a backquote'],
]);

/** The compiler's own words. */
function plain({ messageText, code }: t.Diagnostic): Words {
  const [first, ...rest] = messagesOf(messageText).map(({ text }) => sentence(text));
  return { message: first ?? '', hint: rest.at(-1) ?? `TypeScript error TS${code}` };
}

function unknownName(text: string): Words {
  const near = /Did you mean '([^']+)'/.exec(text)?.[1];
  const hint = near === undefined ? 'declare or import it' : `did you mean "${near}"?`;
  return { message: `unknown name "${nameIn(text)}"`, hint };
}

function missingModule(specifier: string, node: t.Node | undefined): Words {
  const message = `no module "${specifier}"`;
  if (!/^\.{0,2}\//.test(specifier)) return { message, hint: `run npm install ${specifier}` };
  const path = resolve(dirname(node?.getSourceFile().fileName ?? ''), specifier);
  const near = nearestFile(path);
  const hint =
    near === undefined
      ? 'write a path from this file to a file'
      : `did you mean "${dirname(specifier)}/${near}"?`;
  return { message, hint };
}

function unknownField(field: string, node: t.Node | undefined, checker: t.TypeChecker): Words {
  const literal = node && ts.findAncestor(node, ts.isObjectLiteralExpression);
  const type = literal && checker.getContextualType(literal);
  const known = [...new Set(type ? fieldsOf(type, checker) : [])];
  const near = nearest(field, known);
  const list = known.length > 0 ? `the fields are ${known.join(', ')}` : 'remove it';
  return { message: `unknown field "${field}"`, hint: near === undefined ? list : `did you mean "${near}"?` };
}

/** Fields of an object type, or of the object types in a union. */
function fieldsOf(type: t.Type, checker: t.TypeChecker): string[] {
  const members = type.isUnion() ? type.types : [type];
  const isObject = ({ flags }: t.Type): boolean => {
    return (flags & (ts.TypeFlags.Object | ts.TypeFlags.Intersection)) !== 0;
  };
  return members
    .filter((member) => isObject(member) && !checker.isArrayType(member))
    .flatMap((member) => checker.getPropertiesOfType(member).map(({ name }) => name));
}

function wrongValue(chain: readonly Message[], node: t.Node | undefined, checker: t.TypeChecker): Words {
  const fields = chain.flatMap(({ text }) => /^Types of property '([^']+)'/.exec(text)?.[1] ?? []);
  const last = chain.at(-1)?.text ?? '';
  const missing = missingIn(last);
  if (missing.length > 0) {
    const names = missing.map((field) => `"${field}"`).join(', ');
    return {
      message: `missing field${missing.length > 1 ? 's' : ''} ${names}`,
      hint: `add ${names}`,
      fields,
    };
  }
  // Of the messages on the innermost field the first: below it there are only reasons.
  const innermost = chain.findLastIndex(({ text }) => text.startsWith('Types of property'));
  const found = chain.slice(innermost + 1).flatMap(({ text }) => typesIn(text) ?? [])[0];
  if (found === undefined) return { message: sentence(chain[0]?.text ?? ''), hint: sentence(last), fields };
  const { got, wanted } = found;
  const name = fields.length > 0 ? fields.join('.') : fieldNameOf(node);
  const subject = name === undefined ? 'this' : `"${name}"`;
  const message = `${subject} is of type ${got}, expected ${wanted}`;
  return { message, hint: hintFor(got, wanted, node, checker), fields };
}

/** The field that a value is given to, or the variable. */
function fieldNameOf(node: t.Node | undefined): string | undefined {
  const parent = node?.parent;
  if (!parent || !(ts.isPropertyAssignment(parent) || ts.isVariableDeclaration(parent))) return undefined;
  return parent.name === node ? node.getText() : parent.name.getText();
}

function hintFor(got: string, wanted: string, node: t.Node | undefined, checker: t.TypeChecker): string {
  const words = wordsIn(wanted);
  if (words.length > 0 && got === 'string') {
    return 'write "as const" behind it, or write the object inside defineConfig(…)';
  }
  const near = nearest(got.replaceAll('"', ''), words);
  if (near !== undefined) return `did you mean "${near}"?`;
  if (got.startsWith('Promise<')) return 'write await before it';
  if (got === 'undefined') return 'leave the field out, or give it a value';
  if (/(^|\| )undefined($| \|)/.test(got)) {
    const isEnvironment = node?.parent?.getText().includes('process.env') === true;
    const variable = isEnvironment ? 'the variable may not be set' : 'it may be undefined';
    return `${variable}: give a default with ??, or throw an error that says so`;
  }
  const type = node && ts.isExpression(node) ? checker.getContextualType(node) : undefined;
  const fields = type ? fieldsOf(type, checker) : [];
  return fields.length > 0
    ? `write an object with ${fields.join(', ')}`
    : `give it a value of type ${wanted}`;
}

/** Names of the fields that a message finds missing. */
function missingIn(text: string): string[] {
  const one = /^Property '([^']+)' is missing in type/.exec(text)?.[1];
  if (one !== undefined) return [one];
  const list = /is missing the following properties from type '.*?': (.*?)(?:, and \d+ more)?\.?$/.exec(
    text,
  )?.[1];
  return list?.split(', ') ?? [];
}

function typesIn(text: string): { got: string; wanted: string } | undefined {
  const pattern =
    /^(?:Argument of type|Type) '(.*?)' (?:is not assignable to (?:parameter of )?type|has no properties in common with type) '(.*?)'/;
  const [, got, wanted] = pattern.exec(text) ?? [];
  return got === undefined || wanted === undefined
    ? undefined
    : { got, wanted: wanted.replace(/ \| undefined$/, '') };
}

/** The string literals in a type. */
function wordsIn(type: string): string[] {
  return (type.match(/"[^"]*"/g) ?? []).map((word) => word.slice(1, -1));
}

interface Message {
  readonly code: number;
  readonly text: string;
}

/** A chain of messages, from the general to the particular. */
function messagesOf(text: string | t.DiagnosticMessageChain): Message[] {
  if (typeof text === 'string') return [{ code: 0, text }];
  return [{ code: text.code, text: text.messageText }, ...(text.next ?? []).flatMap(messagesOf)];
}

/** Lower case, no full stop, our quotes, one line. */
function sentence(text: string): string {
  const line = text
    .replace(/\s+/g, ' ')
    .replace(/\.$/, '')
    .replace(/'"?([^'"]*)"?'/g, '"$1"');
  return /^[A-Z][a-z]/.test(line) ? line.charAt(0).toLowerCase() + line.slice(1) : line;
}

/** The first name that a message quotes. */
function nameIn(text: string): string {
  return /'([^']+)'/.exec(text)?.[1] ?? '';
}
