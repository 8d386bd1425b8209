/**
 * Resource names of Artifact Registry, and the paths under which its Docker repositories are reached.
 *
 * In a resource name an id's slash is `%2F`, and so is everything else outside `[a-zA-Z0-9-._~:@]`: two names
 * of one thing would otherwise exist. On the wire Google's own clients encode its percent signs once more
 * (`%252F`); as it is the service takes `%2F` alone. Here either form is taken of every sign.
 */

/** Where a repository is: the parts of `projects/P/locations/L/repositories/R`. */
export interface Place {
  project: string;
  location: string;
  repository: string;
}

/** `projects/P/locations/L/repositories/R` */
export function repositoryName({ project, location, repository }: Place): string {
  return `projects/${project}/locations/${location}/repositories/${repository}`;
}

/** The parts of a repository's full name; undefined when it is not one. */
export function parseRepositoryName(name: string): Place | undefined {
  const match = /^projects\/([^/]+)\/locations\/([^/]+)\/repositories\/([^/]+)$/.exec(name);
  if (!match) return undefined;
  const [, project = '', location = '', repository = ''] = match;
  return { project, location, repository };
}

/** An id as it stands in a resource name. */
export function encodeId(id: string): string {
  return encodeURIComponent(id).replaceAll('%3A', ':').replaceAll('%40', '@');
}

/** The id that stands in a resource name, however much of it was encoded. A percent sign that encodes nothing stays. */
export function decodeId(segment: string): string {
  return segment.replace(/(?:%[0-9a-f]{2})+/gi, (encoded) => {
    try {
      return decodeURIComponent(encoded);
    } catch {
      return encoded;
    }
  });
}

/**
 * A URL's path as the service reads it: everything decoded once except `%2F`, which stays, so that an encoded
 * slash doesn't become a separator. See google/api/http.proto on `%2F` in multi-segment variables.
 */
export function decodePath(pathname: string): string[] {
  return pathname
    .split('/')
    .filter((segment, index) => index > 0 || segment !== '')
    .map((segment) =>
      segment
        .split(/%2F/i)
        .map((part) => decodeId(part))
        .join('%2F'),
    );
}

/** `…/packages/K` */
export function packageName(repository: string, id: string): string {
  return `${repository}/packages/${encodeId(id)}`;
}

/** `…/packages/K/versions/V` */
export function versionName(repository: string, packageId: string, id: string): string {
  return `${packageName(repository, packageId)}/versions/${encodeId(id)}`;
}

/** `…/packages/K/tags/T` */
export function tagName(repository: string, packageId: string, id: string): string {
  return `${packageName(repository, packageId)}/tags/${encodeId(id)}`;
}

/** The package and version ids in a version's full name; undefined when it is not one of that repository. */
export function parseVersionName(
  repository: string,
  name: string,
): { packageId: string; id: string } | undefined {
  if (!name.startsWith(`${repository}/packages/`)) return undefined;
  const match = /^([^/]+)\/versions\/([^/]+)$/.exec(name.slice(repository.length + '/packages/'.length));
  if (!match) return undefined;
  const [, packageId = '', id = ''] = match;
  return { packageId: decodeId(packageId), id: decodeId(id) };
}

/** Artifact Registry's rule for repository ids; `gcr.io` and its like are ids too. */
export const repositoryId = /^[a-z](?:[a-z0-9.-]{0,61}[a-z0-9])?$/;

/** A region or multi-region; a zone is refused. Which ones exist is for the service to say, not for a test bed. */
export const locationId = /^[a-z]+(?:-[a-z]+\d+)?$/;

/** Where an image is, by the path that follows `/v2/` in the emulator. */
export interface ImagePath extends Place {
  /** The image within the repository, slashes included; empty when the path ends at the repository. */
  image: string;
}

/**
 * Reads `{location}/{project}/{repository}/{image…}`. A domain-scoped project `example.com:proj` takes two
 * segments, `example.com/proj`: a project id has no dot, so that its first segment tells.
 */
export function parseImagePath(path: string): ImagePath | undefined {
  const [location, ...rest] = path.split('/');
  const [first = '', second] = rest;
  const scoped = first.includes('.') && second !== undefined;
  const project = scoped ? `${first}:${second}` : first;
  const [repository, ...image] = rest.slice(scoped ? 2 : 1);
  if (!location || !project || !repository) return undefined;
  return { location, project, repository, image: image.join('/') };
}

/** The path of an image below `/v2/` here. */
export function imagePath({ location, project, repository }: Place, image: string): string {
  return [location, project.replace(':', '/'), repository, image].join('/');
}

/** `europe-west1-docker.pkg.dev/project/repository`: what `registryUri` says, with the format's own host. */
export function registryUri({ location, project, repository }: Place, format: string): string {
  return `${location}-${format.toLowerCase()}.pkg.dev/${project.replace(':', '/')}/${repository}`;
}
