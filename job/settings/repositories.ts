/** The repositories that were named, held against each other and against the locations that there are. */
import { resourceName } from '../../generator/plan.ts';
import { quote } from '../../generator/resolve/describe.ts';
import { checkLocation } from '../../generator/resolve/location.ts';
import { createReport } from '../../generator/resolve/report.ts';
import type { NamedRepository } from './kinds.ts';
import type { Fault } from './usage-error.ts';

/** A repository, and the flag, variable or field that named it. */
export interface Mention {
  readonly repository: NamedRepository;
  readonly at: string;
}

/** Says what is wrong with each by itself: a location that there is not. */
export function checkLocations(
  mentions: readonly Mention[],
  extra: readonly string[],
  faults: Fault[],
): void {
  for (const { repository, at } of mentions) {
    if (repository.registry) continue;
    const report = createReport();
    const { location, repository: id } = repository.name;
    checkLocation(location, id, extra, at, report);
    for (const { message, hint } of report.problems)
      faults.push({
        at,
        message,
        hint: hint.replace('add a newer one to "extraLocations"', 'give a newer one with --extra-location'),
      });
  }
}

/** Says where a destination is the source, or another destination. */
export function checkDistinct(
  source: NamedRepository | undefined,
  destinations: readonly Mention[],
  faults: Fault[],
): void {
  const seen = new Set<string>();
  for (const { repository, at } of destinations) {
    const name = nameOf(repository);
    if (source && name === nameOf(source)) {
      const hint = 'name another repository';
      faults.push({ at, message: `destination "${name}" is the source itself`, hint });
    } else if (seen.has(name)) {
      faults.push({ at, message: `destination "${name}" is named twice`, hint: 'remove one of them' });
    }
    seen.add(name);
  }
}

const nameOf = ({ registry, text, name }: NamedRepository) => (registry ? text : resourceName(name));

/** What names were read as, where they were not written as resource names. */
export function noticesOf(mentions: readonly Mention[]): string[] {
  return mentions.flatMap(({ repository: { text, form, name } }) =>
    form === undefined ? [] : [`read ${quote(text)}, ${form}, as "${resourceName(name)}"`],
  );
}
