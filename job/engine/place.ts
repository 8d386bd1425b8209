/** Where images are copied from and to. */
import { type RepositoryName, resourceName } from '../../generator/plan.ts';

/** A place that holds packages: a repository of Artifact Registry, or what a registry has below a path. */
export type Place =
  | { readonly is: 'artifact-registry'; readonly name: RepositoryName }
  /** `path` is a repository's or what several have in common; empty: all that the registry lists. */
  | { readonly is: 'registry'; readonly host: string; readonly path: string };

/** A place as messages and results name it. */
export function placeName(place: Place): string {
  if (place.is === 'artifact-registry') return resourceName(place.name);
  return `docker://${place.host}${place.path === '' ? '' : `/${place.path}`}`;
}
