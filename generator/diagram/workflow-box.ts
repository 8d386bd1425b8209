/** The box of the workflow: its name, and `main` from top to bottom. */
import type { WorkflowPlan } from '../plan.ts';
import {
  at,
  type Box,
  drawFrame,
  drawLines,
  drawText,
  type Line,
  linesHeight,
  linesWidth,
  padding,
  widest,
} from './box.ts';
import type { Row } from './rows.ts';
import { element, type Markup } from './svg.ts';
import { lineHeight, widthOf, wrap } from './text.ts';

const rowHeight = 24;
const stageHeight = 22;
const indent = 18;
/** From the left to a row's mark, and on to its name. */
const markX = padding.x + 6;
const nameX = markX + 16;
/** Between a row's name and what stands beside it; between stages. */
const gap = 12;
const arrowLength = 16;
/** Pixels of a row at most; a longer name is cut. */
const widestRow = 430;

/** Its port 0 is the heading; then each row has one, and another where it has stages. */
export interface WorkflowBox extends Box {
  /** Ports of each row, where arrows come in and go out. */
  readonly rowPorts: readonly { readonly in: number; readonly out: number }[];
}

export function workflowBox(plan: WorkflowPlan, rows: readonly Row[]): WorkflowBox {
  const heading: Line[] = [
    { face: 'kind', text: 'WORKFLOW', isQuiet: true },
    ...wrap(plan.name, 'title', widest).map((text): Line => ({ face: 'title', text })),
    ...wrap(`${plan.region} · ${plan.project}`, 'note', widest).map(
      (text): Line => ({ face: 'note', text, isQuiet: true }),
    ),
  ];
  const headingHeight = padding.y + linesHeight(heading) + 10;
  const drawn = rows.map(drawRow);
  const heights = drawn.map(({ height }) => height);
  const height = headingHeight + heights.reduce((sum, one) => sum + one, 0) + padding.y;
  const widths = [linesWidth(heading) + padding.x, ...drawn.map((row) => row.width)];
  const width = Math.ceil(Math.max(240, ...widths) + padding.x);
  const tops = heights.map(
    (_, index) => headingHeight + heights.slice(0, index).reduce((sum, one) => sum + one, 0),
  );
  const last = tops.at(-1) ?? headingHeight;
  const line = { x1: markX, y1: headingHeight + rowHeight / 2, x2: markX, y2: last + rowHeight / 2 };
  const draw = () =>
    element(
      'g',
      { class: 'workflow' },
      ...drawFrame(width, height),
      ...drawLines(heading, padding.x, padding.y),
      element('line', { class: 'flow', ...line }),
      ...drawn.map(({ parts }, index) => at(0, tops[index] ?? 0, parts)),
    );
  const ports = [headingHeight];
  const rowPorts = heights.map((rowHeightWhole) => {
    const [first, stages] = [ports.length, rowHeightWhole - rowHeight];
    ports.push(rowHeight, ...(stages > 0 ? [stages] : []));
    return { in: first, out: ports.length - 1 };
  });
  return { width, height, ports: [...ports, padding.y], rowPorts, draw };
}

interface DrawnRow {
  /** Up to its right end. */
  readonly width: number;
  readonly height: number;
  readonly parts: readonly Markup[];
}

function drawRow({ depth, kind, name, note, ends = [], stages = [] }: Row): DrawnRow {
  const left = nameX + depth * indent;
  const [shown = ''] = wrap(name, 'name', widestRow - left, 1);
  const top = (rowHeight - lineHeight) / 2;
  const parts = [
    drawMark(kind, markX + depth * indent, rowHeight / 2),
    drawText({ face: 'name', text: shown }, left, top),
  ];
  let x = left + widthOf(shown, 'name') + gap;
  if (note !== undefined) {
    parts.push(drawText({ face: 'note', text: note, isQuiet: true }, x, top));
    x += widthOf(note, 'note') + gap;
  }
  for (const end of ends) {
    parts.push(
      drawArrow(x, rowHeight / 2),
      drawText({ face: 'name', text: end, isQuiet: true }, x + 22, top),
    );
    x += 22 + widthOf(end, 'name') + gap;
  }
  if (stages.length === 0) return { width: x - gap, height: rowHeight, parts };
  const chain = drawStages(stages, left, rowHeight);
  return {
    width: Math.max(x - gap, chain.width),
    height: rowHeight + chain.height,
    parts: [...parts, ...chain.parts],
  };
}

/** The stages of a destination, one after the other. */
function drawStages(stages: readonly string[], left: number, top: number): DrawnRow {
  const parts: Markup[] = [];
  let [x, y, width] = [left, top, 0];
  for (const [index, stage] of stages.entries()) {
    const pill = widthOf(stage, 'kind') + 14;
    if (index > 0) {
      if (x + arrowLength + pill > widestRow) [x, y] = [left, y + stageHeight + 4];
      parts.push(drawArrow(x + 3, y + stageHeight / 2, arrowLength - 6));
      x += arrowLength;
    }
    parts.push(
      element('rect', { class: 'stage', x, y: y + 1, width: pill, height: stageHeight - 2, rx: 10 }),
      drawText(
        { face: 'kind', text: stage, anchor: 'middle' },
        x + pill / 2,
        y + (stageHeight - lineHeight) / 2,
      ),
    );
    x += pill;
    width = Math.max(width, x);
  }
  return { width, height: y + stageHeight + 6 - top, parts };
}

function drawArrow(x: number, y: number, length = 16): Markup {
  const tip = x + length;
  return element('path', {
    class: 'step-arrow',
    d: `M${x},${y}H${tip}M${tip - 4},${y - 3}L${tip},${y}L${tip - 4},${y + 3}`,
  });
}

/** A dot, a diamond for a choice, bars for what goes on side by side, a square around what is tried, a ring for an end. */
function drawMark(kind: Row['kind'], x: number, y: number): Markup {
  if (kind === 'choice')
    return element('path', { class: 'mark', d: `M${x},${y - 6}L${x + 6},${y}L${x},${y + 6}L${x - 6},${y}Z` });
  if (kind === 'parallel')
    return element('path', {
      class: 'mark',
      d: `M${x - 5},${y - 5}h3.5v10h-3.5zM${x + 1.5},${y - 5}h3.5v10h-3.5z`,
    });
  if (kind === 'attempt')
    return element('rect', { class: 'mark ring', x: x - 5, y: y - 5, width: 10, height: 10, rx: 2.5 });
  return element('circle', {
    class: kind === 'end' ? 'mark ring' : 'mark',
    cx: x,
    cy: y,
    r: kind === 'end' ? 5 : 4,
  });
}
