/** Findings as text: where, how bad, what, the line, and a caret with what would be right. */
import { stripVTControlCharacters } from 'node:util';
import type { FileFinding } from './check-file.ts';

/** How to print. */
export interface PrintOptions {
  /** With ANSI colours. */
  readonly color?: boolean;
  /** Columns of the terminal; longer lines are cut around the caret. At least 60. */
  readonly width?: number;
}

/** Findings in the order given, each with an empty line behind it. */
export function printFindings(findings: readonly FileFinding[], options: PrintOptions = {}): string {
  const paint: Paint = options.color ? (code, text) => `\u001b[${code}m${text}\u001b[0m` : (_, text) => text;
  const width = Math.max(60, options.width ?? 100);
  return findings.map((finding) => `${printFinding(finding, paint, width)}\n`).join('\n');
}

type Paint = (code: number, text: string) => string;

function printFinding(finding: FileFinding, paint: Paint, width: number): string {
  const { code, severity, message, hint, place, routine, step } = finding;
  const tint = severity === 'error' ? 31 : 33;
  const where = step === '' ? routine : `${routine}, step ${step}`;
  const at = paint(1, `${place.file}:${place.line}:${place.column}`);
  const head = `${at} ${paint(tint, severity)} ${paint(2, code)}: ${paint(1, visible(message))}`;
  const number = String(place.line);
  const gutter = `${' '.repeat(Math.max(0, 5 - number.length))}${number} | `;
  const margin = `${' '.repeat(gutter.length - 3)} | `;
  const line = cut(place, width - gutter.length);
  const carets = `${' '.repeat(line.before)}${paint(tint, '^'.repeat(line.length))}`;
  const note = hint === undefined ? '' : ` ${paint(tint, visible(hint))}`;
  const from = where === '' ? [] : [paint(2, `${margin}in ${where}`)];
  return [head, `${paint(2, gutter)}${line.text}`, `${margin}${carets}${note}`, ...from].join('\n');
}

/** The part of a line around what is marked, that there is room for. */
function cut(place: FileFinding['place'], room: number): { text: string; before: number; length: number } {
  const all = [...visible(place.text)];
  const start = [...place.text.slice(0, place.column - 1)].length;
  const marked = Math.max(1, [...place.text.slice(place.column - 1, place.column - 1 + place.length)].length);
  if (all.length <= room) return { text: all.join(''), before: start, length: marked };
  const from = Math.max(0, Math.min(start - Math.floor(room / 3), all.length - room + 1));
  const shown = all.slice(from, from + room - 2);
  const lead = from > 0 ? '…' : '';
  const tail = from + shown.length < all.length ? '…' : '';
  const before = start - from + lead.length;
  return {
    text: `${lead}${shown.join('')}${tail}`,
    before,
    length: Math.max(1, Math.min(marked, shown.length + lead.length - before)),
  };
}

/** Tabs as one space; control characters and direction marks would move the cursor or hide text. */
function visible(text: string): string {
  return stripVTControlCharacters(text)
    .replaceAll('\t', ' ')
    .replace(/[\p{Cc}\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu, '\ufffd');
}
