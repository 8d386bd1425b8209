/** The checker on a file: reads it, checks the tree, and gives each finding its place. */
import type { Place } from '../fault.ts';
import type { Places } from '../workflow/read/places.ts';
import type { Range } from '../workflow/read/source.ts';
import { readWorkflow } from '../workflow/read.ts';
import { check } from './check.ts';
import { FINDINGS, type Finding, type FindingCode, type Severity } from './finding.ts';
import { findMangled } from './mangled.ts';

/** A finding in a file. */
export interface FileFinding {
  readonly code: FindingCode;
  readonly severity: Severity;
  readonly message: string;
  readonly hint?: string;
  /** `main` or a subworkflow, and the step; `''` where there is none. */
  readonly routine: string;
  readonly step: string;
  readonly place: Place;
}

/**
 * Checks a workflow's file.
 *
 * @param file its name, for the places
 * @returns all findings, in the order of the file
 */
export function checkFile(text: string, file: string): FileFinding[] {
  const { workflow, places, faults, root } = readWorkflow(text);
  const lines = new Lines(text, file);
  const make = (finding: Omit<FileFinding, 'severity' | 'place'>, range: Range): FileFinding => ({
    ...finding,
    severity: FINDINGS[finding.code].severity,
    place: lines.place(range),
  });
  const read = faults.map(({ range, ...fault }) => make(fault, range));
  const all = root ? checkTree(workflow, text, places, make) : [];
  // Where parts of the tree are missing, much of what else would be said follows from that.
  const checked = read.length > 0 ? all.filter(({ code }) => !consequences.has(code)) : all;
  const mangled = root ? findMangled(root, text) : [];
  const found = [
    ...read,
    ...checked,
    ...mangled.map(({ range, ...one }) => make({ ...one, routine: '', step: '' }, range)),
  ];
  return found.sort((a, b) => a.place.line - b.place.line || a.place.column - b.place.column);
}

/** What may only follow from a part that could not be read. */
const consequences: ReadonlySet<FindingCode> = new Set([
  'dangling-next',
  'far-jump',
  'missing-argument',
  'no-main',
  'out-of-scope-variable',
  'unassigned-variable',
  'unknown-variable',
  'unreachable-step',
  'unshared-write',
]);

type Make = (finding: Omit<FileFinding, 'severity' | 'place'>, range: Range) => FileFinding;

function checkTree(
  workflow: ReturnType<typeof readWorkflow>['workflow'],
  text: string,
  places: Places,
  make: Make,
): FileFinding[] {
  const sourceLength = (expression: object) => {
    const range = places.get(expression);
    return range && range.to - range.from;
  };
  return check(workflow, text, { sourceLength }).map((finding) => {
    const { code, message, hint, routine, step } = finding;
    const range = rangeOf(finding, places, text) ?? { from: 0, to: 1 };
    return make({ code, message, routine, step, ...(hint !== undefined && { hint }) }, range);
  });
}

/** The place of what a finding is about: a word of it where that can be found. */
function rangeOf({ subject }: Finding, places: Places, text: string): Range | undefined {
  if (!subject) return undefined;
  const whole = places.get(subject.of, subject.field);
  if (!whole || subject.word === undefined) return whole;
  const name = subject.word.replaceAll('.', '\\.');
  const at = text.slice(whole.from, whole.to).search(new RegExp(`(?<![\\w.])${name}(?!\\w)`));
  return at < 0 ? whole : { from: whole.from + at, to: whole.from + at + subject.word.length };
}

/** Lines and columns of a text. */
class Lines {
  readonly #text: string;
  readonly #file: string;
  readonly #starts: number[] = [0];

  constructor(text: string, file: string) {
    this.#text = text;
    this.#file = file;
    for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) this.#starts.push(at + 1);
  }

  place({ from, to }: Range): Place {
    const offset = Math.min(from, this.#text.length);
    let [low, high] = [0, this.#starts.length - 1];
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      if ((this.#starts[middle] ?? 0) <= offset) low = middle;
      else high = middle - 1;
    }
    const start = this.#starts[low] ?? 0;
    const end = this.#starts[low + 1] ?? this.#text.length + 1;
    const text = this.#text.slice(start, end - 1).replace(/\r$/, '');
    const length = Math.max(1, Math.min(to, start + text.length) - offset);
    return { file: this.#file, line: low + 1, column: offset - start + 1, length, text };
  }
}
