/** How the repositories of all configs hang together: nothing may be written from two sides, or in a chain. */
import { type ConfigPath, type RepositoryName, resourceName } from '../plan.ts';
import type { Report } from './report.ts';

/** A repository and where the config names it. */
export interface Named {
  readonly repository: RepositoryName;
  readonly path: ConfigPath;
}

/** What one config copies. */
export interface Route {
  readonly source: Named | undefined;
  readonly destinations: readonly Named[];
}

/** One copy: `from` the source of a config `to` one of its destinations. */
interface Edge {
  readonly from: string;
  readonly to: string;
  readonly path: ConfigPath;
}

/** Reports destinations that are a source, or that are named twice. */
export function checkTopology(routes: readonly Route[], report: Report): void {
  checkSameAsSource(routes, report);
  checkTwice(routes, report);
  checkChains(routes, report);
}

function checkSameAsSource(routes: readonly Route[], report: Report): void {
  for (const { source, destinations } of routes) {
    for (const { repository, path } of destinations) {
      const name = resourceName(repository);
      if (source === undefined || name !== resourceName(source.repository)) continue;
      const message = `destination "${name}" is the source itself`;
      const also = { at: source.path, note: 'the source' };
      report.problem('same-as-source', path, message, 'name another repository, or remove it', also);
    }
  }
}

function checkTwice(routes: readonly Route[], report: Report): void {
  const seen = new Map<string, ConfigPath>();
  for (const { repository, path } of routes.flatMap(({ destinations }) => destinations)) {
    const name = resourceName(repository);
    const first = seen.get(name);
    if (first === undefined) seen.set(name, path);
    else {
      const message = `destination "${name}" is named twice, by ${first} and ${path}`;
      const also = { at: first, note: 'first here' };
      report.problem('duplicate-destination', path, message, 'remove one of them', also);
    }
  }
}

function checkChains(routes: readonly Route[], report: Report): void {
  const sources = new Map<string, ConfigPath>();
  const edges: Edge[] = [];
  const targets = new Map<string, string[]>();
  for (const { source, destinations } of routes) {
    if (source === undefined) continue;
    const from = resourceName(source.repository);
    if (!sources.has(from)) sources.set(from, source.path);
    for (const { repository, path } of destinations) {
      const to = resourceName(repository);
      // A destination that is its own source has been told.
      if (to === from) continue;
      edges.push({ from, to, path });
      targets.set(from, [...(targets.get(from) ?? []), to]);
    }
  }
  const told = new Set<string>();
  for (const { from, to, path } of edges) {
    const at = sources.get(to);
    if (at === undefined || told.has(to)) continue;
    const ring = pathBetween(to, from, targets);
    const also = { at, note: 'a source here' };
    if (ring) {
      for (const name of ring) told.add(name);
      const message = `the copies run in a circle: ${[...ring, to].map((name) => `"${name}"`).join(' → ')}`;
      report.problem('cycle', path, message, 'choose one leader and make the others its destinations', also);
    } else {
      const message = `destination "${to}" is the source of another config`;
      const hint = `name what it feeds as a destination of "${from}": chained runs are not ordered`;
      report.problem('chain', path, message, hint, also);
    }
  }
}

/** The shortest way from one repository to another along the copies, both ends included. */
function pathBetween(
  start: string,
  end: string,
  targets: ReadonlyMap<string, readonly string[]>,
): string[] | undefined {
  const queue = [[start]];
  const seen = new Set([start]);
  for (const way of queue) {
    const last = way.at(-1) ?? start;
    if (last === end) return way;
    for (const to of targets.get(last) ?? []) {
      if (seen.has(to)) continue;
      seen.add(to);
      queue.push([...way, to]);
    }
  }
  return undefined;
}
