/**
 * The order in which versions of one package can be deleted. A manifest that another refers to is refused while
 * that one is there, so referrers go before their subjects and indexes before their children, outermost first.
 */

/** A version to be deleted, and what it refers to: children and subject. */
export interface Doomed {
  readonly version: string;
  readonly refersTo: readonly string[];
}

/**
 * Versions in groups: those of one group refer to none of the same or an earlier group's… that is, nothing that is
 * still there refers to a version by the time its group is deleted.
 *
 * Manifests name each other by the hash of their bytes, so no circle can exist; were one reported all the same,
 * its versions come last, together, for the service to refuse.
 */
export function deleteOrder(doomed: readonly Doomed[]): string[][] {
  const referring = new Map<string, number>();
  const byVersion = new Map(doomed.map((one) => [one.version, one]));
  for (const { version, refersTo } of byVersion.values())
    for (const target of new Set(refersTo))
      if (target !== version && byVersion.has(target))
        referring.set(target, (referring.get(target) ?? 0) + 1);

  const groups: string[][] = [];
  let group = [...byVersion.keys()].filter((version) => !referring.has(version));
  const done = new Set<string>();
  while (group.length > 0) {
    groups.push(group);
    const next: string[] = [];
    for (const version of group) {
      done.add(version);
      for (const target of new Set(byVersion.get(version)?.refersTo)) {
        if (target === version) continue;
        const left = referring.get(target);
        if (left === undefined) continue;
        referring.set(target, left - 1);
        if (left === 1) next.push(target);
      }
    }
    group = next;
  }
  const rest = [...byVersion.keys()].filter((version) => !done.has(version));
  return rest.length > 0 ? [...groups, rest] : groups;
}
