/**
 * How wide a text is, without a font: a picture has to come out the same on every machine. The widths are those of
 * the widest common fonts (DejaVu, Verdana), so a text stays in its box with any other.
 */

/** How a text is set. */
export interface Face {
  /** Pixels. */
  readonly size: number;
  readonly isMonospaced: boolean;
}

export const faces = {
  kind: { size: 11, isMonospaced: false },
  title: { size: 13, isMonospaced: false },
  name: { size: 12, isMonospaced: true },
  chip: { size: 11.5, isMonospaced: true },
  note: { size: 12, isMonospaced: false },
} as const satisfies Record<string, Face>;

export type FaceName = keyof typeof faces;

/** How much wider a bold letter is. */
const bold = 1.1;

/** Pixels from one line to the next. */
export const lineHeight = 17;

/** Pixels, rather too many than too few. */
export function widthOf(text: string, name: FaceName): number {
  const { size, isMonospaced } = faces[name];
  let ems = 0;
  for (const character of text) ems += isMonospaced ? monospaced(character) : proportional(character);
  return ems * size * (name === 'title' ? bold : 1);
}

function monospaced(character: string): number {
  return character < '\u0300' ? 0.62 : 1.25;
}

function proportional(character: string): number {
  if (character >= '\u2e80') return 1.25;
  if ("iljI.,:;|'! ".includes(character)) return 0.38;
  if ('frt()[]"-/'.includes(character)) return 0.47;
  if ('mwMW@%\u2026'.includes(character)) return 1;
  return character >= 'A' && character <= 'Z' ? 0.79 : 0.65;
}

/**
 * A text in lines of at most `width` pixels, broken after a space, a slash, a comma or a hyphen, and within a word
 * that is too long by itself.
 *
 * @param most lines; the last one ends in `…` where there would be more
 */
export function wrap(text: string, name: FaceName, width: number, most = Number.POSITIVE_INFINITY): string[] {
  const lines: string[] = [];
  let line = '';
  const pieces = (text.match(/[^ /,-]*[ /,-]?/g) ?? []).filter((piece) => piece !== '');
  for (const piece of pieces) {
    if (widthOf(line + withoutEnd(piece), name) <= width) {
      line += piece;
      continue;
    }
    if (line !== '') lines.push(withoutEnd(line));
    line = '';
    for (const character of piece) {
      if (widthOf(line + character, name) > width) {
        lines.push(line);
        line = '';
      }
      line += character;
    }
  }
  if (withoutEnd(line) !== '' || lines.length === 0) lines.push(withoutEnd(line));
  if (lines.length <= most) return lines;
  const last = [...(lines[most - 1] ?? '')];
  while (widthOf(`${last.join('')}…`, name) > width) last.pop();
  return [...lines.slice(0, most - 1), `${last.join('')}…`];
}

/** Without the spaces at its end. Others, such as one that must not break, are letters here. */
function withoutEnd(text: string): string {
  return text.replace(/ +$/, '');
}
