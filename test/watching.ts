/** Log-based metrics and alerts, evaluated over log entries. */
import * as assert from 'uvu/assert';
import type { Entry } from '../emulator/logging/entries.ts';
import { logFilter } from '../emulator/logging/filter.ts';
import type { Replicator } from '../generator/config.ts';
import { generate } from '../generator/generate.ts';
import type { AlertPolicy } from '../generator/monitoring/alerts.ts';
import type { LogMetric } from '../generator/monitoring/log-metrics.ts';
import { plansOf } from './deploy-bench.ts';

/** What watches a replicator. */
export interface Watching {
  readonly metrics: ReadonlyMap<string, LogMetric>;
  readonly alerts: ReadonlyMap<string, AlertPolicy>;
}

/** The files of a config, as a deploy hands them to gcloud. */
export function filesOf(settings: Replicator): Watching {
  const metrics = new Map<string, LogMetric>();
  const alerts = new Map<string, AlertPolicy>();
  for (const { name, text } of generate(plansOf(settings), 'test.config.ts').files) {
    const [, kind, key = ''] = /\.(metric|alert)-(.*)\.json$/.exec(name) ?? [];
    if (kind === 'metric') metrics.set(key, JSON.parse(text) as LogMetric);
    if (kind === 'alert') alerts.set(key, JSON.parse(text) as AlertPolicy);
  }
  return { metrics, alerts };
}

/** `EXTRACT(field)` of an entry; undefined where there is no such field. */
export function extract(extractor: string, entry: Entry): unknown {
  const [, path = ''] = /^EXTRACT\((.*)\)$/.exec(extractor) ?? [];
  const keys = (path.match(/"[^"]*"|[^.]+/g) ?? []).map((key) => key.replaceAll('"', ''));
  return keys.reduce((value: unknown, key) => (value as Record<string, unknown> | undefined)?.[key], entry);
}

/** The points of a metric: the labels' values, and the value where there is one, sorted. */
export function points(
  { filter, labelExtractors, valueExtractor }: LogMetric,
  entries: readonly Entry[],
): string[] {
  return entries
    .filter(logFilter(filter))
    .map((entry) =>
      [
        ...Object.values(labelExtractors).map((extractor) => extract(extractor, entry)),
        ...(valueExtractor === undefined ? [] : [Number(extract(valueExtractor, entry))]),
      ].join(' '),
    )
    .sort();
}

/** Executions that an alert tells of: each once, however many entries of it match. */
export function told({ conditions: [condition] }: AlertPolicy, entries: readonly Entry[]): string[] {
  if (!('conditionMatchedLog' in condition)) throw new Error('it looks at a metric');
  const { filter, labelExtractors } = condition.conditionMatchedLog;
  assert.equal(Object.keys(labelExtractors), ['execution']);
  const found = entries
    .filter(logFilter(filter))
    .map((entry) => extract(labelExtractors.execution ?? '', entry));
  return [...new Set(found.map(String))].sort();
}
