/** The documented connectors, by name. */
import { readFileSync } from 'node:fs';
import { nearest } from '../nearest.ts';

/** Methods by module: `run.v2.projects.locations.jobs`. */
let modules: ReadonlyMap<string, ReadonlySet<string>> | undefined;

function known(): ReadonlyMap<string, ReadonlySet<string>> {
  modules ??= new Map(
    readFileSync(new URL('connectors.txt', import.meta.url), 'utf8')
      .split('\n')
      .filter((line) => line !== '' && !line.startsWith('#'))
      .map((line) => {
        const [module = '', ...methods] = line.split(' ');
        return [module, new Set(methods)] as const;
      }),
  );
  return modules;
}

/** What is known of a connector: there is one, its service has none of this name, or there is no such service. */
export type ConnectorState = 'known' | 'unknown' | 'undocumented';

/** Looks up `googleapis.SERVICE.VERSION.….METHOD`, with the nearest name where there is none. */
export function lookUpConnector(name: string): { state: ConnectorState; near: string | undefined } {
  const parts = name.split('.').slice(1);
  const method = parts.at(-1) ?? '';
  if (known().get(parts.slice(0, -1).join('.'))?.has(method)) return { state: 'known', near: undefined };
  const service = parts.slice(0, 2).join('.');
  const candidates: string[] = [];
  const services = new Set<string>();
  for (const [module, methods] of known()) {
    const of = module.split('.').slice(0, 2).join('.');
    services.add(of);
    if (of === service) for (const one of methods) candidates.push(`googleapis.${module}.${one}`);
  }
  if (candidates.length > 0) return { state: 'unknown', near: nearest(name, candidates) };
  const near = nearest(service, services);
  return {
    state: near === undefined ? 'undocumented' : 'unknown',
    near: near === undefined ? undefined : `googleapis.${near}`,
  };
}
