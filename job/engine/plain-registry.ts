/** Any other registry: its catalogue names repositories, each lists its tags, and what a tag is on has to be asked for. */
import pMap from 'p-map';
import { OciError } from '../oci/oci-error.ts';
import type { OciRegistry } from '../oci/registry.ts';
import type { OciRepository } from '../oci/repository.ts';
import type { Destination, DestinationPackage, Source, SourcePackage } from './side.ts';

/** Repositories whose tags are listed at once. */
const atOnce = 16;

/** `base/team/app`; the base alone where the id is empty. */
const joined = (path: string, id: string) => [path, id].filter((part) => part !== '').join('/');

/**
 * A source: every repository at or below a path.
 *
 * @param path empty: the whole registry
 * @param tellFailure told of a repository whose tags can't be listed; the others are copied
 */
export function plainSource(
  registry: OciRegistry,
  path: string,
  tellFailure: (id: string, error: unknown) => void,
): Source {
  return {
    async *packages(isWanted) {
      const ids = (await repositoryIds(registry, path)).filter(isWanted);
      for (let start = 0; start < ids.length; start += atOnce) {
        const packages = await pMap(ids.slice(start, start + atOnce), async (id) => {
          const repository = registry.repository(joined(path, id));
          try {
            const tags = await repository.tags();
            // The one that was named has to be there; one that the catalogue lists may hold nothing any more.
            if (tags === undefined && id === '')
              throw new OciError(
                'not-found',
                404,
                `there is no repository ${repository.name}, and the registry lists none below it`,
              );
            return packageOf(id, repository, tags ?? []);
          } catch (error) {
            tellFailure(id, error);
            return undefined;
          }
        });
        for (const each of packages) if (each) yield each;
      }
    },
  };
}

function packageOf(id: string, repository: OciRepository, tags: readonly string[]): SourcePackage {
  const candidates = tags.map((tag) => ({ digest: undefined, tags: [tag], time: 0 }));
  return { id, repository, candidates, isWhole: false };
}

async function repositoryIds(registry: OciRegistry, path: string): Promise<string[]> {
  const all = (await registry.catalog()) ?? [];
  if (path === '') {
    if (all.length === 0)
      throw new OciError(
        'not-found',
        404,
        `${new URL(registry.origin).host} lists no repositories: name one`,
      );
    return [...new Set(all)];
  }
  const below = all.filter((each) => each === path || each.startsWith(`${path}/`));
  // Registries that list none to us may have the one that was named.
  return below.length === 0 ? [''] : [...new Set(below)].map((each) => each.slice(path.length + 1));
}

/** A destination. */
export function plainDestination(registry: OciRegistry, path: string): Destination {
  return {
    immutableTags: false,
    isOne: false,
    known: () => undefined,
    async open(id) {
      const repository = registry.repository(joined(path, id));
      const tags = await repository.tags();
      return destinationOf(repository, tags && new Set(tags));
    },
  };
}

function destinationOf(repository: OciRepository, tags: ReadonlySet<string> | undefined): DestinationPackage {
  return {
    repository,
    tag: (tag) => (tags?.has(tag) ? null : undefined),
    // Where there is no tag there is nothing that was finished: what came of an earlier run is found blob by blob.
    has: () => (tags === undefined || tags.size === 0 ? false : undefined),
  };
}
