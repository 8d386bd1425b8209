/**
 * Where everything stands, by Graphviz. It is given sizes and numbers only, no text of a config, and what it answers is
 * the same on every machine, as it runs in WebAssembly and asks for no font.
 */
import type { Viz } from '@viz-js/viz';

/** Pixels, and where arrows may begin and end. */
export interface LayoutNode {
  readonly width: number;
  readonly height: number;
  /** Heights of the parts that it is divided into from top to bottom; each is a port, numbered from 0. */
  readonly ports?: readonly number[];
}

/** An end of an arrow: a node by its place in the list, and its port. */
export interface LayoutEnd {
  readonly node: number;
  readonly port?: number;
}

/** An arrow between two nodes; it is drawn in either direction, and the first stands left of the second. */
export interface LayoutEdge {
  readonly left: LayoutEnd;
  readonly right: LayoutEnd;
}

export interface Point {
  readonly x: number;
  readonly y: number;
}

/** Pixels from the top left corner. */
export interface Layout {
  readonly width: number;
  readonly height: number;
  /** Top left corners. */
  readonly nodes: readonly Point[];
  /** Both ends of each edge, at the borders of its nodes. */
  readonly edges: readonly { readonly left: Point; readonly right: Point }[];
}

/** Loads Graphviz once, and only where something is drawn. */
async function loadGraphviz(): Promise<Viz> {
  graphviz ??= import('@viz-js/viz').then((module) => module.instance());
  return graphviz;
}
let graphviz: Promise<Viz> | undefined;

/** Graphviz takes sizes of nodes and distances in inches, and answers in points, our pixels. */
const inch = 72;

/** Pixels between two columns. */
export const columnGap = 72;

/**
 * Nodes in columns, so that every edge goes from one column to the next and edges come in the order given.
 */
export async function place(nodes: readonly LayoutNode[], edges: readonly LayoutEdge[]): Promise<Layout> {
  const viz = await loadGraphviz();
  const graph = {
    directed: true,
    graphAttributes: { rankdir: 'LR', nodesep: 14 / inch, ranksep: columnGap / inch, ordering: 'out' },
    nodeAttributes: { shape: 'box', fixedsize: true, label: '' },
    nodes: nodes.map((node, index) => ({ name: String(index), attributes: nodeAttributes(node) })),
    edges: edges.map(({ left, right }) => ({
      tail: String(left.node),
      head: String(right.node),
      attributes: { tailport: portOf(left, 'e'), headport: portOf(right, 'w') },
    })),
  };
  const answer = JSON.parse(viz.renderString(graph, { format: 'json0', yInvert: true })) as {
    objects: readonly { name: string; pos: string }[];
  };
  const centers = new Map(answer.objects.map(({ name, pos }) => [name, pos.split(',').map(Number)]));
  const corners = nodes.map(({ width, height }, index) => {
    const [x = 0, y = 0] = centers.get(String(index)) ?? [];
    return { x: Math.round(x - width / 2), y: Math.round(y - height / 2) };
  });
  const [left, top] = [Math.min(...corners.map(({ x }) => x)), Math.min(...corners.map(({ y }) => y))];
  const moved = corners.map(({ x, y }) => ({ x: x - left, y: y - top }));
  const end = ({ node, port }: LayoutEnd, side: 'left' | 'right') => {
    const { x = 0, y = 0 } = moved[node] ?? {};
    const { width = 0, height = 0, ports = [] } = nodes[node] ?? {};
    const down = port === undefined ? height / 2 : sum(ports.slice(0, port)) + (ports[port] ?? 0) / 2;
    return { x: side === 'right' ? x + width : x, y: y + down };
  };
  return {
    width: Math.max(...moved.map(({ x }, index) => x + (nodes[index]?.width ?? 0))),
    height: Math.max(...moved.map(({ y }, index) => y + (nodes[index]?.height ?? 0))),
    nodes: moved,
    edges: edges.map((edge) => ({ left: end(edge.left, 'right'), right: end(edge.right, 'left') })),
  };
}

function nodeAttributes({ width, height, ports }: LayoutNode) {
  if (!ports) return { width: width / inch, height: height / inch };
  const cells = ports.map(
    (part, index) => `<tr><td port="p${index}" fixedsize="true" width="${width}" height="${part}"></td></tr>`,
  );
  const table = `<table border="0" cellborder="0" cellspacing="0" cellpadding="0">${cells.join('')}</table>`;
  return { shape: 'plain', fixedsize: false, label: { html: table } };
}

function portOf({ port }: LayoutEnd, side: 'e' | 'w'): string {
  return port === undefined ? side : `p${port}:${side}`;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
