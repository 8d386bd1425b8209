/** Faults as text, as compilers print them: where, what, the line, and a caret with what would be right. */
import { isAbsolute, relative } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import type { Fault, Place, Related } from './fault.ts';

/** How to print. */
export interface PrintOptions {
  /** With ANSI colours. */
  readonly color?: boolean;
  /** Columns of the terminal; longer source lines are cut around the caret. At least 60. */
  readonly width?: number;
  /** Folder that paths are printed relative to, where they lie in it. */
  readonly cwd?: string;
  /** The config, for the last line. */
  readonly file?: string;
}

const TAB = 4;

/** Every fault in the order of the source, those without a place first, and a line that counts them. */
export function printFaults(faults: readonly Fault[], options: PrintOptions = {}): string {
  const { color = false, width = 100, cwd = process.cwd() } = options;
  const paint: Paint = color ? (code, text) => `\u001b[${code}m${text}\u001b[0m` : (_, text) => text;
  const printer: Printer = { paint, width: Math.max(60, width), name: (file) => nameOf(file, cwd) };
  const sorted = unique([...faults].sort(byPlace));
  const file = options.file ?? sorted.find(({ place }) => place)?.place?.file;
  const count = sorted.length === 1 ? '1 fault' : `${sorted.length} faults`;
  const where = file === undefined ? '' : ` in ${printer.name(file)}`;
  const last = `${count}${where}; nothing was written.`;
  return `${[...sorted.map((fault) => printFault(fault, printer)), paint(1, last)].join('\n')}\n`;
}

type Paint = (code: number, text: string) => string;

interface Printer {
  readonly paint: Paint;
  readonly width: number;
  readonly name: (file: string) => string;
}

function printFault({ code, message, hint, place, also }: Fault, printer: Printer): string {
  const { paint, name } = printer;
  const at = place ? `${name(place.file)}:${place.line}:${place.column} ` : '';
  const head = `${paint(1, at)}${paint(31, 'error')} ${paint(2, code)}: ${paint(1, visible(message))}`;
  const tail = place ? printLine(place, hint, 31, printer) : `   ${paint(36, visible(hint))}`;
  const related = also ? [printRelated(also, printer)] : [];
  return [head, tail, ...related, ''].join('\n');
}

function printRelated({ at, note }: Related<Place>, printer: Printer): string {
  return `   ${printer.name(at.file)}:${at.line}:${at.column}\n${printLine(at, note, 36, printer)}`;
}

/** The source line and the caret line below it. */
function printLine(place: Place, note: string, tint: number, { paint, width }: Printer): string {
  const number = String(place.line);
  const gutter = `${' '.repeat(Math.max(0, 5 - number.length))}${number} | `;
  const margin = `${' '.repeat(gutter.length - 3)} | `;
  const before = expand(place.text.slice(0, place.column - 1));
  const marked = expand(place.text.slice(place.column - 1, place.column - 1 + place.length), columns(before));
  const after = expand(place.text.slice(place.column - 1 + place.length), columns(before + marked));
  const shown = fit(before, marked, after, width - gutter.length);
  const carets = '^'.repeat(Math.max(1, columns(shown.marked)));
  const caretLine = `${margin}${' '.repeat(columns(shown.before))}${paint(tint, carets)}`;
  const line = `${paint(2, gutter)}${shown.before}${shown.marked}${shown.after}`;
  const hint = visible(note);
  const room = width - margin.length - columns(shown.before) - carets.length - 1;
  // A hint that doesn't fit beside the caret stands below it.
  const isBeside = columns(hint) <= room;
  const rest = isBeside ? ` ${paint(tint, hint)}` : `\n${margin}${paint(tint, hint)}`;
  return `${line}\n${caretLine}${rest}`;
}

/** Cuts a line so that what is marked can be seen, with as much around it as there is room for. */
function fit(
  before: string,
  marked: string,
  after: string,
  room: number,
): { before: string; marked: string; after: string } {
  if (columns(before + marked + after) <= room) return { before, marked, after };
  const most = room - 8;
  const shownMark = columns(marked) > most ? `${take(marked, most - 1)}…` : marked;
  const spare = room - columns(shownMark);
  const left = columns(before) <= spare / 2 ? before : `…${takeEnd(before, Math.floor(spare / 2) - 1)}`;
  const rest = spare - columns(left);
  const right = columns(after) <= rest ? after : `${take(after, rest - 1)}…`;
  return { before: left, marked: shownMark, after: right };
}

function take(text: string, most: number): string {
  let result = '';
  let taken = 0;
  for (const character of text) {
    taken += columns(character);
    if (taken > most) break;
    result += character;
  }
  return result;
}

function takeEnd(text: string, most: number): string {
  const characters = [...text];
  let start = characters.length;
  let taken = 0;
  while (start > 0) {
    taken += columns(characters[start - 1] ?? '');
    if (taken > most) break;
    start -= 1;
  }
  return characters.slice(start).join('');
}

/** Tabs as spaces, to the next multiple of four columns. */
function expand(text: string, from = 0): string {
  let result = '';
  for (const character of text) {
    if (character === '\t') result += ' '.repeat(TAB - ((from + columns(result)) % TAB));
    else result += visible(character);
  }
  return result;
}

/** Control characters and direction marks would move the cursor or hide text. */
function visible(text: string): string {
  return stripVTControlCharacters(text).replace(/[\p{Cc}\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu, '\ufffd');
}

const WIDE =
  /[\p{Emoji_Presentation}\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\ua960-\ua97c\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff01-\uff60\uffe0-\uffe6]|[\u{20000}-\u{3fffd}]/u;
const ZERO = /\p{Mn}|\p{Me}|[\u200b-\u200d]/u;

/** Columns that text takes in a terminal. */
function columns(text: string): number {
  let sum = 0;
  for (const character of text) sum += ZERO.test(character) ? 0 : WIDE.test(character) ? 2 : 1;
  return sum;
}

/** Relative where the file lies in the folder. */
function nameOf(file: string, cwd: string): string {
  const path = relative(cwd, file);
  return path === '' || path.startsWith('..') || isAbsolute(path) ? file : path;
}

function byPlace(a: Fault, b: Fault): number {
  if (!a.place || !b.place) return Number(b.place === undefined) - Number(a.place === undefined);
  if (a.place.file !== b.place.file) return a.place.file < b.place.file ? -1 : 1;
  return a.place.line - b.place.line || a.place.column - b.place.column;
}

/** A value that a loop made many times over has its fault once. */
function unique(faults: readonly Fault[]): Fault[] {
  const seen = new Set<string>();
  return faults.filter(({ code, message, place }) => {
    const key = JSON.stringify([code, message, place?.file, place?.line, place?.column]);
    return !seen.has(key) && seen.add(key);
  });
}
