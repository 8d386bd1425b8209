/** Resource names below a repository: made from ids, and taken apart. Ids are segments of names, kept as they came. */
import type { RepositoryName } from '../../generator/plan.ts';
import { resourceName } from '../../generator/plan.ts';

/** `projects/P/locations/L/repositories/R/packages/K` */
export function packageName(name: RepositoryName, packageId: string): string {
  return `${resourceName(name)}/packages/${packageId}`;
}

/** `…/packages/K/versions/V` */
export function versionName(name: RepositoryName, packageId: string, version: string): string {
  return `${packageName(name, packageId)}/versions/${version}`;
}

/** `…/packages/K/tags/T` */
export function tagName(name: RepositoryName, packageId: string, tag: string): string {
  return `${packageName(name, packageId)}/tags/${tag}`;
}

/** `projects/P/locations/L`: where a repository's operations are. */
export function locationName({ project, location }: RepositoryName): string {
  return `projects/${project}/locations/${location}`;
}

/** The last segment of a name. */
export function lastSegment(name: string): string {
  return name.slice(name.lastIndexOf('/') + 1);
}

/** Package and version of `…/packages/K/versions/V`; undefined for a name of another kind. */
export function readVersionName(name: unknown): { package: string; version: string } | undefined {
  if (typeof name !== 'string') return undefined;
  const [, packageId = '', version = ''] = /\/packages\/([^/]+)\/versions\/([^/]+)$/.exec(name) ?? [];
  return version === '' ? undefined : { package: packageId, version };
}

/**
 * A package's id, decoded: `team/app` of `team%2Fapp`. For people, globs and paths of images; never to ask the API.
 */
export function decodeId(id: string): string {
  try {
    return decodeURIComponent(id);
  } catch {
    return id;
  }
}

/** An id that stands decoded somewhere, as a segment of a name has it. */
export function encodeId(id: string): string {
  return encodeURIComponent(id).replaceAll('%3A', ':').replaceAll('%40', '@');
}
