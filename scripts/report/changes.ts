/** What a mirror changed, from the log entries that the job writes just before each change. Pure. */
import type { Fields } from '../../generator/observability/entry.ts';
import type { LogEntry } from '../watch/logs.ts';

/** A change that was made, or at least begun. */
export interface Change {
  readonly action: NonNullable<Fields['action']>;
  readonly package: string;
  /** Of a delete. */
  readonly version: string | undefined;
  readonly tag: string | undefined;
  readonly from: string | undefined;
  readonly to: string | undefined;
}

/** Changes by the follower's full name, in the order in which they were made. */
export function changesIn(entries: readonly LogEntry[]): ReadonlyMap<string, readonly Change[]> {
  const changes = new Map<string, Change[]>();
  for (const { jsonPayload } of entries) {
    const fields = (jsonPayload?.replicator ?? {}) as Fields;
    const { action, destination, package: id, version, tag, from, to } = fields;
    if (action === undefined || destination === undefined) continue;
    const there = changes.get(destination) ?? [];
    changes.set(destination, there);
    there.push({ action, package: id ?? '', version, tag, from, to });
  }
  return changes;
}
