/** The part of `docs/observability.md` that is made from the table of log entries. */
import { counts, fields, phases, reasons, states } from './entry.ts';

const start = '<!-- log entries -->';
const end = '<!-- end of log entries -->';

/** The page with the part made anew; as it is where it has no such part. */
export function fillDocument(page: string): string {
  const [from, to] = [page.indexOf(start), page.indexOf(end)];
  if (from < 0 || to < from) return page;
  return `${page.slice(0, from + start.length)}\n\n${tables()}\n\n${page.slice(to)}`;
}

function tables(): string {
  const sections: [title: string, table: string][] = [
    ['Phases', table([['`phase`', 'by', 'severity', 'fields', 'what it tells'], ...phaseRows()])],
    ['Fields', table([['field', 'type', 'meaning'], ...fieldRows()])],
    ['States', named('`state`', states)],
    ['Counts', named('in `counts`', counts)],
    ['Reasons', named('`reason`', reasons)],
  ];
  return sections.map(([title, text]) => `### ${title}\n\n${text}`).join('\n\n');
}

/** One row for each phase and program; what is not always there is in parentheses. */
function phaseRows(): string[][] {
  return Object.entries(phases).flatMap(([phase, { about, ...shapes }]) =>
    Object.entries(shapes).map(([writer, { severities, always, sometimes }], index) => [
      code(phase),
      writer,
      severities.join(', '),
      [...always.map(code), ...sometimes.map((field: string) => `(${code(field)})`)].join(' ') || '–',
      index === 0 ? about : 'as above',
    ]),
  );
}

function fieldRows(): string[][] {
  return Object.entries(fields).map(([name, { type, about }]) => [code(name), type, about]);
}

function named(head: string, meanings: Readonly<Record<string, string>>): string {
  return table([[head, 'meaning'], ...Object.entries(meanings).map(([name, about]) => [code(name), about])]);
}

const code = (text: string) => `\`${text}\``;

function table([head = [], ...rows]: readonly string[][]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [line(head), `|${head.map(() => '---|').join('')}`, ...rows.map(line)].join('\n');
}
