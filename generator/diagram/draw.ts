/** A plan as a picture: what starts it, what it does, and whom it reaches. */
import type { WorkflowPlan } from '../plan.ts';
import { at, type Box } from './box.ts';
import { jobCard, leaderCard, scheduleCard, topicCard } from './cards.ts';
import { describePlan } from './describe-plan.ts';
import { type FollowerBox, followerBoxes } from './follower-boxes.ts';
import { columnGap, type Layout, type Point, place } from './layout.ts';
import { mainRows, type Row } from './rows.ts';
import type { DestinationState } from './state.ts';
import { rootClass, styleElement } from './style.ts';
import { decimal, element, type Markup } from './svg.ts';
import { type WorkflowBox, workflowBox } from './workflow-box.ts';

/** What the picture shows besides the plan. */
export interface DiagramOptions {
  /** By a destination's id. A destination that is not in it is drawn without a state. */
  readonly states?: ReadonlyMap<string, DestinationState>;
}

/** Pixels around everything. */
const margin = 20;

/** Pixels of the whole at most, which a box of many followers fills where it would be too tall otherwise. */
const widestDiagram = 1600;

/** A box beside the workflow, and where in the workflow its arrow begins or ends. */
interface Neighbour {
  readonly box: Box;
  /** A port of the workflow's box. */
  readonly port: number;
  /** `images` is the way of the images, `control` who starts whom. */
  readonly kind: 'images' | 'control';
  /** The end with the arrow's head. */
  readonly to: 'left' | 'right';
}

/**
 * Draws a plan. The same plan and states give the same bytes on every machine.
 *
 * @returns one `<svg>` element, which stands in a file or in an HTML page: no script, no external file, light and dark
 *   by the reader's preference. Its ids begin with the workflow's name, its styles apply only below its own class
 *   `replicator-diagram`, and each follower is a `<g data-destination="ID">`.
 */
export async function drawDiagram(
  plan: WorkflowPlan,
  { states = new Map() }: DiagramOptions = {},
): Promise<string> {
  const rows = mainRows(plan);
  const workflow = workflowBox(plan, rows);
  const before = starters(plan, rows, workflow);
  const taken = Math.max(...before.map(({ box }) => box.width)) + workflow.width;
  const room = widestDiagram - 2 * margin - 2 * columnGap - taken;
  const after = [
    ...followers(rows, workflow, followerBoxes(plan, states, room)),
    ...topic(plan, rows, workflow),
  ];
  const columns = [before.map(({ box }) => box), [workflow], after.map(({ box }) => box)].map((boxes) => {
    const width = Math.max(...boxes.map((box) => box.width));
    return boxes.map((box) => ({ ...box, width, drawing: box.draw(width) }));
  });
  const boxes = columns.flat();
  const middle = before.length;
  const edges = [
    ...before.map(({ port }, index) => ({ left: { node: index }, right: { node: middle, port } })),
    ...after.map(({ box, port }, index) => ({
      left: { node: middle, port },
      right: { node: middle + 1 + index, ...(box.ports && { port: 0 }) },
    })),
  ];
  const layout = await place(boxes, edges);
  const arrows = [...before, ...after].flatMap(({ kind, to }, index) => {
    const edge = layout.edges[index];
    return edge ? drawArrow(kind, to === 'right' ? [edge.left, edge.right] : [edge.right, edge.left]) : [];
  });
  const drawings = boxes.map(({ drawing }, index) => {
    const { x, y } = layout.nodes[index] ?? { x: 0, y: 0 };
    return at(x, y, [drawing]);
  });
  return frame(plan, layout, [...arrows, ...drawings], states.size > 0);
}

/** What stands left of the workflow, from top to bottom. */
function starters(plan: WorkflowPlan, rows: readonly Row[], { rowPorts }: WorkflowBox): Neighbour[] {
  const first = rows.findIndex(({ begins }) => begins !== undefined);
  const byJob = rows.findIndex(({ begins }) => begins === 'job');
  const leaderPort = rowPorts[first]?.in ?? 0;
  const jobPort = rowPorts[byJob < 0 ? first : byJob]?.out ?? 0;
  return [
    { box: scheduleCard(plan), port: 0, kind: 'control', to: 'right' },
    { box: leaderCard(plan), port: leaderPort, kind: 'images', to: 'right' },
    ...(plan.job
      ? [{ box: jobCard(plan, plan.job), port: jobPort, kind: 'control', to: 'left' } as const]
      : []),
  ];
}

function followers(
  rows: readonly Row[],
  { rowPorts }: WorkflowBox,
  boxes: readonly FollowerBox[],
): Neighbour[] {
  return boxes.map((box) => {
    const row = rows.findIndex(({ finishes }) => finishes === box.engine);
    return { box, port: rowPorts[row]?.out ?? 0, kind: 'images', to: 'right' };
  });
}

/** Who is told of the end. */
function topic({ notify }: WorkflowPlan, rows: readonly Row[], { rowPorts }: WorkflowBox): Neighbour[] {
  const row = rows.findIndex(({ notifies }) => notifies);
  return notify
    ? [{ box: topicCard(notify), port: rowPorts[row]?.out ?? 0, kind: 'control', to: 'right' }]
    : [];
}

/** Leaves and arrives level; between two columns there is nothing to go around. */
function drawArrow(kind: Neighbour['kind'], [from, to]: readonly [Point, Point]): Markup[] {
  const ahead = Math.sign(to.x - from.x);
  const base = to.x - ahead * 8;
  const bend = (base - from.x) * 0.6;
  // A pixel or two that a straight line would be off level are not seen at a box, but along a line.
  const y = Math.abs(to.y - from.y) <= 2 ? to.y : from.y;
  const line = [from.x, y, from.x + bend, y, base - bend, to.y, base, to.y].map(decimal);
  const [startX, startY, ...curve] = line;
  return [
    element('path', { class: `edge ${kind}`, d: `M${startX},${startY}C${curve.join(',')}` }),
    element('path', {
      class: `head ${kind}`,
      d: `M${decimal(to.x)},${decimal(to.y)}L${decimal(base)},${decimal(to.y - 3.5)}V${decimal(to.y + 3.5)}Z`,
    }),
  ];
}

function frame(plan: WorkflowPlan, inner: Layout, parts: readonly Markup[], hasStates: boolean): string {
  const size = { width: inner.width + 2 * margin, height: inner.height + 2 * margin };
  const [title, description] = [`${plan.name}-diagram-title`, `${plan.name}-diagram-description`];
  return element(
    'svg',
    {
      xmlns: 'http://www.w3.org/2000/svg',
      class: rootClass,
      ...size,
      viewBox: `0 0 ${size.width} ${size.height}`,
      role: 'img',
      'aria-labelledby': `${title} ${description}`,
    },
    element('title', { id: title }, `What the replicator ${plan.name} does`),
    element('desc', { id: description }, describePlan(plan)),
    styleElement(hasStates),
    element('rect', { class: 'page', ...size, rx: 12 }),
    at(margin, margin, parts),
  ).markup;
}
