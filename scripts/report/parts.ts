/** What every report is put together from. */
import { type Content, Html, html } from './html.ts';

/** A column of a table. */
export interface Column {
  readonly name: string;
  /** Numbers stand to the right. */
  readonly right?: boolean;
}

/** A table. */
export interface TableParts {
  /** What it shows, in words. */
  readonly caption: string;
  readonly columns: readonly Column[];
  /** The first cell of each is the row's heading. */
  readonly rows: readonly (readonly Content[])[];
  readonly className?: string;
}

/**
 * A table. On a narrow page each row is a block of its own, with the columns' names before the values: the roles keep
 * it a table to who cannot see it.
 */
export function table({ caption, columns, rows, className = '' }: TableParts): Html {
  const align = ({ right }: Column) => right && html` class="right"`;
  return html`<table role="table" class="${className}">
<caption>${caption}</caption>
<thead role="rowgroup"><tr role="row">${columns.map(
    (column) => html`<th role="columnheader" scope="col"${align(column)}>${column.name}</th>`,
  )}</tr></thead>
<tbody role="rowgroup">${rows.map(
    (row) => html`<tr role="row">${columns.map((column, index) => {
      const attributes = html`data-name="${column.name}"${align(column)}`;
      const cell = html`<span>${row[index]}</span>`;
      return index === 0
        ? html`<th role="rowheader" scope="row" ${attributes}>${cell}</th>`
        : html`<td role="cell" ${attributes}>${cell}</td>`;
    })}</tr>
`,
  )}</tbody>
</table>`;
}

/** A list of facts, those that are not known left out. */
export function facts(entries: readonly (readonly [name: string, value: Content])[]): Html {
  const known = entries.filter(([, value]) => value !== undefined && value !== '');
  return html`<dl class="facts">${known.map(
    ([name, value]) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`,
  )}</dl>`;
}

/** A state, as a word in its colour. */
export function badge(state: string): Html {
  return html`<span class="badge ${toneOf(state)}">${stateWords(state)}</span>`;
}

/** States as the workflow names them, in words. */
export function stateWords(state: string): string {
  switch (state) {
    case 'partlyFailed':
      return 'partly failed';
    case 'dryRun':
      return 'dry run';
    case 'active':
      return 'not over';
    default:
      return state;
  }
}

function toneOf(state: string): 'good' | 'fair' | 'bad' {
  if (['succeeded', 'dryRun', 'equal'].includes(state)) return 'good';
  return state === 'failed' || state === 'not compared' ? 'bad' : 'fair';
}

/** A part of a report that can be linked to. */
export function section(id: string, heading: string, ...contents: readonly Content[]): Html {
  return html`<section id="${id}" aria-labelledby="${id}-heading">
<h2 id="${id}-heading">${heading}</h2>
${contents}
</section>
`;
}

/** A drawing that may be wider than the page: it scrolls by itself, by keyboard too. */
export function drawing(svg: string, label: string): Html {
  return html`<div class="drawing" role="region" aria-label="${label}" tabindex="0">${new Html(svg)}</div>`;
}
