/** Lists that may be of any length, in a file that may not. */
import { thousands } from '../../job/print/quantity.ts';
import { type Content, html } from './html.ts';
import { type Column, table } from './parts.ts';

const [fewest, most] = [3, 100];

/**
 * Rows that each list may show.
 *
 * @param rows of all lists together
 */
export function rowsEach(lists: number, rows: number): number {
  return Math.max(fewest, Math.min(most, Math.floor(rows / Math.max(1, lists))));
}

/** Bytes of a report that any mail server takes. */
const largest = 950_000;

/**
 * A report that is not too large, with lists as long as that allows.
 *
 * @param print makes it, with so many rows of all lists together
 */
export function fitting(print: (rows: number) => string): string {
  for (let rows = 1600; ; rows /= 2) {
    const text = print(rows);
    if (Buffer.byteLength(text) <= largest || rows < fewest) return text;
  }
}

/** A list. */
export interface ListParts<T> {
  /** `To copy: 14 versions, 1.2 MB` */
  readonly heading: string;
  readonly items: readonly T[];
  readonly columns: readonly Column[];
  readonly row: (item: T) => readonly Content[];
  /** Rows that it may show. */
  readonly limit: number;
  /** Where the rest is to be found. */
  readonly rest: string;
}

/** A list that opens: its beginning as a table, and how many there are besides. Nothing where it is empty. */
export function list<T>({ heading, items, columns, row, limit, rest }: ListParts<T>): Content {
  if (items.length === 0) return undefined;
  // One that would be left out alone is shown instead of the line that says so.
  const shown = items.length <= limit + 1 ? items : items.slice(0, limit);
  const hidden = items.length - shown.length;
  return html`<details${items.length <= 12 && html` open`}>
<summary>${heading}</summary>
${table({ caption: heading, columns, rows: shown.map(row), className: 'list' })}
${hidden > 0 && html`<p class="rest">The first ${thousands(shown.length)} of ${thousands(items.length)}; ${thousands(hidden)} more are not shown here. ${rest}</p>`}
</details>
`;
}

/** Characters of a name that are shown in a list. */
const longest = 120;

/** A name of somebody else's choice, which may be long. */
export function name(text: string): string {
  return text.length > longest ? `${text.slice(0, longest - 1)}…` : text;
}

/** Names, the first few of them. */
export function names(texts: readonly string[]): string {
  const shown = texts.length <= 4 ? texts : texts.slice(0, 3);
  const more = texts.length - shown.length;
  return [
    ...shown.map((text) => (text.length > 40 ? `${text.slice(0, 39)}…` : text)),
    ...(more > 0 ? [`${thousands(more)} more`] : []),
  ].join(', ');
}
