/** Boxes of the picture: how large each is, and its drawing from its own top left corner. */
import type { LayoutNode } from './layout.ts';
import { element, type Markup } from './svg.ts';
import { type FaceName, faces, lineHeight, widthOf } from './text.ts';

export interface Box extends LayoutNode {
  /** @param width as wide as the others in its column, at least its own */
  draw(width: number): Markup;
}

/** A line of text in a box. */
export interface Line {
  readonly face: FaceName;
  readonly text: string;
  /** Set back. */
  readonly isQuiet?: boolean;
  /** Where it stands at its place; left out, it begins there. */
  readonly anchor?: 'middle' | 'end';
}

export const padding = { x: 16, y: 12 };

/** Pixels of a card's text at most. */
export const widest = 300;

export function linesHeight(lines: readonly Line[]): number {
  return lines.length * lineHeight;
}

export function linesWidth(lines: readonly Line[]): number {
  return Math.max(0, ...lines.map(({ text, face }) => widthOf(text, face)));
}

export function drawLines(lines: readonly Line[], x: number, y: number): Markup[] {
  return lines.map((line, index) => drawText(line, x, y + index * lineHeight));
}

/** @param y top of the line */
export function drawText({ face, text, isQuiet, anchor }: Line, x: number, y: number): Markup {
  const baseline = y + lineHeight / 2 + faces[face].size * 0.36;
  return element(
    'text',
    { class: isQuiet ? `${face} quiet` : face, x, y: baseline, 'text-anchor': anchor },
    text,
  );
}

/** The rounded frame of a box, with a bar of its colour on the left. */
export function drawFrame(width: number, height: number): Markup[] {
  return [
    element('rect', { class: 'frame', x: 0.5, y: 0.5, width: width - 1, height: height - 1, rx: 8 }),
    element('rect', { class: 'accent', x: 5, y: 9, width: 3, height: height - 18, rx: 1.5 }),
  ];
}

/** A box of nothing but lines. */
export function card(className: string, lines: readonly Line[]): Box {
  const width = Math.ceil(linesWidth(lines) + 2 * padding.x);
  const height = linesHeight(lines) + 2 * padding.y;
  const draw = (wide: number) =>
    element('g', { class: className }, ...drawFrame(wide, height), ...drawLines(lines, padding.x, padding.y));
  return { width, height, draw };
}

/** Puts drawings somewhere. */
export function at(x: number, y: number, parts: readonly Markup[]): Markup {
  return element('g', { transform: `translate(${x} ${y})` }, ...parts);
}
