/** Repositories side by side: what the first one, the leader, holds and the others do not, and the other way round. */
import type { Package, Version } from '../registry/facts.ts';
import type { Repository } from '../registry/repository.ts';

/** What differs between leader and follower, counted. */
export interface Counts {
  versions: number;
  tags: number;
  /** Versions and tags that the leader has and this one has not. */
  missing: number;
  /** Those that only this one has. */
  extra: number;
  /** Tags that name another version, versions that hold other files. */
  different: number;
}

/** How something of a follower compares with the leader's. */
export type Cell = 'same' | 'different' | 'missing' | 'extra' | 'absent';

/** A package in each repository. */
export interface PackageRow {
  readonly id: string;
  readonly differs: boolean;
  /** In the order of the repositories; null where it is not. */
  readonly cells: readonly (Counts | null)[];
}

/** Something by which one can tell whether any of the repositories has changed. */
export function fingerprint(repositories: readonly Repository[]): string {
  return repositories
    .map(({ name, changes, content }) => `${name} ${changes} ${String(content.resource.createTime)}`)
    .join('\n');
}

/** All packages of all repositories, by name. */
export function comparePackages(repositories: readonly Repository[]): PackageRow[] {
  const columns = repositories.map((repository) => columnOf(repositories[0] ?? repository, repository));
  return union(columns).map((id) => {
    const cells = columns.map((column) => column.get(id) ?? null);
    const differs = cells.some((cell) => cell && cell.missing + cell.extra + cell.different > 0);
    return { id, differs, cells };
  });
}

/** The packages of a repository and of its leader, by id. */
type Column = ReadonlyMap<string, Counts>;

const columns = new WeakMap<Repository, { readonly mark: string; readonly column: Column }>();

/** A page asks every second, and while one follower of many is copied to, the others stay as they are. */
function columnOf(leader: Repository, repository: Repository): Column {
  const mark = fingerprint([leader, repository]);
  const known = columns.get(repository);
  if (known?.mark === mark) return known.column;
  const [there, here] = [leader.content.packages, repository.content.packages];
  const column = new Map(union([there, here]).map((id) => [id, counted(there.get(id), here.get(id))]));
  columns.set(repository, { mark, column });
  return column;
}

function counted(leader: Package | undefined, holder: Package | undefined): Counts {
  const counts: Counts = {
    versions: holder?.versions.size ?? 0,
    tags: holder?.tags.size ?? 0,
    missing: 0,
    extra: 0,
    different: 0,
  };
  if (leader === holder) return counts;
  const count = (cell: Cell) => {
    if (cell !== 'same' && cell !== 'absent') counts[cell]++;
  };
  for (const version of leader?.versions.values() ?? [])
    count(versionCell(version, holder?.versions.get(version.id)));
  for (const { id } of holder?.versions.values() ?? []) if (!leader?.versions.has(id)) counts.extra++;
  for (const [tag, version] of leader?.tags.entries() ?? []) count(tagCell(version, holder?.tags.get(tag)));
  for (const [tag] of holder?.tags.entries() ?? []) if (!leader?.tags.has(tag)) counts.extra++;
  return counts;
}

function tagCell(leader: string | undefined, here: string | undefined): Cell {
  if (leader === undefined) return here === undefined ? 'absent' : 'extra';
  if (here === undefined) return 'missing';
  return leader === here ? 'same' : 'different';
}

/** A Docker version's id is its digest; of other formats the files tell. */
function versionCell(leader: Version | undefined, here: Version | undefined): Cell {
  if (!leader || !here) return tagCell(leader?.id, here?.id);
  return leader.image || filesOf(leader) === filesOf(here) ? 'same' : 'different';
}

function filesOf({ files }: Version): string {
  return files
    .map(({ sha256 }) => sha256)
    .sort()
    .join();
}

/** The tags of a package in all repositories, each with the version that it names there. */
export function compareTags(repositories: readonly Repository[], packageId: string) {
  const holders = repositories.map(({ content }) => content.packages.get(packageId));
  return union(holders.map((holder) => holder?.tags)).map((id) => {
    const versions = holders.map((holder) => holder?.tags.get(id));
    const cells = versions.map((version, index) => ({
      state: index === 0 ? leaderCell(version) : tagCell(versions[0], version),
      version,
    }));
    return { id, differs: differs(cells), cells };
  });
}

/** The versions of a package in all repositories, newest first, each with its tags there. */
export function compareVersions(repositories: readonly Repository[], packageId: string) {
  const holders = repositories.map(({ content }) => content.packages.get(packageId));
  const created = (id: string) =>
    Math.min(...holders.flatMap((one) => one?.versions.get(id)?.createTime ?? []));
  return union(holders.map((holder) => holder?.versions))
    .map((id) => ({ id, at: created(id) }))
    .sort((one, other) => other.at - one.at)
    .map(({ id, at }) => {
      const versions = holders.map((holder) => holder?.versions.get(id));
      const first = versions.find((version) => version !== undefined);
      const cells = versions.map((version, index) => ({
        state: index === 0 ? leaderCell(version) : versionCell(versions[0], version),
        tags: holders[index]?.tagsOf(id) ?? [],
      }));
      return {
        id,
        created: at,
        type: first?.image?.artifactType ?? first?.image?.mediaType,
        bytes: first?.image?.size ?? first?.files.reduce((sum, { size }) => sum + size, 0),
        differs: differs(cells),
        cells,
      };
    });
}

function leaderCell(here: unknown): Cell {
  return here === undefined ? 'absent' : 'same';
}

function differs(cells: readonly { readonly state: Cell }[]): boolean {
  return cells.some(({ state }) => state !== 'same' && state !== 'absent');
}

function union(maps: readonly ({ entries(): Iterable<readonly [string, unknown]> } | undefined)[]): string[] {
  const ids = new Set<string>();
  for (const map of maps) for (const [id] of map?.entries() ?? []) ids.add(id);
  return [...ids].sort();
}
