/** What the page shows of repositories: which there are, and a choice of them compared. */
import type { Context, Hono } from 'hono';
import type { Registry } from '../registry/registry.ts';
import type { Repository } from '../registry/repository.ts';
import { comparePackages, compareTags, compareVersions, fingerprint, type PackageRow } from './compare.ts';
import { required, windowed, windowOf } from './query.ts';

/** Mounts `/repositories`, `/compare` and `/package`. */
export function mountRepositories(app: Hono, registry: Registry): void {
  app.get('/repositories', (c) =>
    c.json({
      repositories: registry
        .all()
        .map((repository) => ({ ...row(repository), source: repository.content.source })),
    }),
  );

  app.get('/compare', (c) => {
    const { found, missing } = chosen(c, registry);
    const mark = fingerprint(found);
    if (c.req.query('since') === mark) return c.json({ unchanged: true });
    const rows = comparePackages(found);
    const sum = (of: (row: PackageRow) => number) => rows.reduce((total, one) => total + of(one), 0);
    return c.json({
      mark,
      missing,
      repositories: found.map((repository, index) => ({
        ...row(repository),
        different: sum(({ cells }) => cells[index]?.different ?? 0),
        missing: sum(({ cells }) => cells[index]?.missing ?? 0),
        extra: sum(({ cells }) => cells[index]?.extra ?? 0),
      })),
      packages: windowed(wanted(c, rows), windowOf(c), (one) => one),
    });
  });

  app.get('/package', (c) => {
    const { found } = chosen(c, registry);
    const id = required(c, 'package');
    const mark = fingerprint(found);
    if (c.req.query('since') === mark) return c.json({ unchanged: true });
    type Row = { readonly id: string; readonly differs: boolean };
    const rows: readonly Row[] =
      c.req.query('by') === 'tags' ? compareTags(found, id) : compareVersions(found, id);
    return c.json({
      mark,
      repositories: found.map(row),
      rows: windowed(wanted(c, rows), windowOf(c), (one) => one),
    });
  });
}

/** The repositories that `repositories=NAME,NAME,…` names, and the names that name none. */
function chosen(c: Context, registry: Registry): { found: Repository[]; missing: string[] } {
  const names = required(c, 'repositories').split(',');
  const found = names.map((name) => registry.find(name));
  return {
    found: found.filter((one) => one !== undefined),
    missing: names.filter((_, index) => !found[index]),
  };
}

/** Rows that the query's `differing` and `search` ask for. */
function wanted<T extends { readonly id: string; readonly differs: boolean }>(
  c: Context,
  rows: readonly T[],
): readonly T[] {
  const search = c.req.query('search')?.toLowerCase();
  const differing = c.req.query('differing') === 'true';
  if (!differing && !search) return rows;
  return rows.filter(
    ({ id, differs }) => (differs || !differing) && (!search || id.toLowerCase().includes(search)),
  );
}

function row({ name, format, content }: Repository) {
  let versions = 0;
  let tags = 0;
  for (const one of content.packages.values()) {
    versions += one.versions.size;
    tags += one.tags.size;
  }
  const { description, createTime } = content.resource;
  return {
    name,
    format,
    description,
    created: createTime,
    packages: content.packages.size,
    versions,
    tags,
    bytes: content.bytes,
  };
}
