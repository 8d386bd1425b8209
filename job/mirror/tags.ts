/** Creates, moves and removes tags: each asked for at both sides just before, each logged before it is made. */
import pMap from 'p-map';
import { type RepositoryName, resourceName } from '../../generator/plan.ts';
import type { TagChange } from '../difference/difference.ts';
import type { Log } from '../log/log.ts';
import { type Registry, RegistryError } from '../registry/registry.ts';
import { nameOf } from './names.ts';
import type { NotDone } from './outcome.ts';
import { unclaimed } from './still-claimed.ts';

/** Changes under way at once; the registry's limiter holds the rate. */
const concurrency = 8;

/** The two sides and who is told. */
export interface Sides {
  readonly registry: Registry;
  readonly source: RepositoryName;
  readonly destination: RepositoryName;
  readonly log: Log;
}

/** What became of some changes. */
export interface TagsDone {
  readonly done: number;
  readonly notDone: readonly NotDone[];
}

/** Makes changes of one kind. What takes a tag from a version needs the claim, at this moment. */
export async function changeTags(sides: Sides, changes: readonly TagChange[]): Promise<TagsDone> {
  const takesAway = changes.some(({ kind }) => kind !== 'create');
  const why = takesAway ? await unclaimed(sides) : undefined;
  if (why !== undefined) {
    const notDone = changes.map((change) => ({
      package: change.package,
      what: whatOf(change),
      why,
      failed: false,
    }));
    return { done: 0, notDone };
  }
  const results = await pMap(changes, (change) => changeTag(sides, change), { concurrency });
  const notDone = results.filter((result) => result !== undefined);
  return { done: results.length - notDone.length, notDone };
}

async function changeTag(sides: Sides, change: TagChange): Promise<NotDone | undefined> {
  const what = whatOf(change);
  try {
    const why = await changed(sides, change);
    if (why !== undefined) return { package: change.package, what, why, failed: false };
    const { registry, destination } = sides;
    tell(sides, change);
    if (change.kind === 'create')
      await registry.createTag(destination, change.package, change.tag, change.to);
    else if (change.kind === 'move')
      await registry.moveTag(destination, change.package, change.tag, change.to);
    else await registry.deleteTag(destination, change.package, change.tag);
    return undefined;
  } catch (error) {
    if (!(error instanceof RegistryError)) throw error;
    return { package: change.package, what, why: error.message, failed: true };
  }
}

function whatOf({ kind, package: packageId, tag }: TagChange): string {
  return `${kind} tag ${nameOf(packageId, tag, ':')}`;
}

/** What is no longer as it was planned on; undefined where all still is. */
async function changed(
  { registry, source, destination }: Sides,
  change: TagChange,
): Promise<string | undefined> {
  const wanted = change.kind === 'remove' ? undefined : change.to;
  const there = change.kind === 'create' ? undefined : change.from;
  const [atSource, atDestination] = await Promise.all([
    registry.tag(source, change.package, change.tag),
    registry.tag(destination, change.package, change.tag),
  ]);
  if (atSource !== wanted) return `at the source it is ${atSource ?? 'gone'} by now`;
  if (atDestination !== there) return `at the destination it is ${atDestination ?? 'gone'} by now`;
  return undefined;
}

function tell({ log, destination }: Sides, change: TagChange): void {
  const because =
    change.kind === 'remove' ? 'the source has no such tag' : `the source has it on ${change.to}`;
  log('NOTICE', `${whatOf(change)}: ${because}`, {
    phase: 'mirror',
    action: `${change.kind}-tag`,
    destination: resourceName(destination),
    package: change.package,
    tag: change.tag,
    ...(change.kind !== 'create' && { from: change.from }),
    ...(change.kind !== 'remove' && { to: change.to }),
    because,
  });
}
