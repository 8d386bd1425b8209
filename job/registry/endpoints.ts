/** Where things are: the URLs of Artifact Registry's API and of its Docker repositories. */
import type { RepositoryName } from '../../generator/plan.ts';
import { resourceName } from '../../generator/plan.ts';

/** The hosts that a client talks to. */
export interface Endpoints {
  /** Scheme and host of the REST API. */
  readonly api: string;
  /** URL of a Docker repository, up to where the image's name follows. */
  readonly docker: (name: RepositoryName) => string;
}

/** Google's own. */
export const googleEndpoints: Endpoints = {
  api: 'https://artifactregistry.googleapis.com',
  docker: (name) => `https://${name.location}-docker.pkg.dev/v2/${projectPath(name)}/${name.repository}`,
};

/** The emulator's. @param host as REPLICATOR_EMULATOR_HOST has it: `127.0.0.1:8787` */
export function emulatorEndpoints(host: string): Endpoints {
  const api = `http://${host}`;
  return {
    api,
    docker: (name) => `${api}/v2/${name.location}/${projectPath(name)}/${name.repository}`,
  };
}

/** A domain-scoped project, `example.com:acme`, takes a slash in paths of images. */
const projectPath = ({ project }: RepositoryName) => project.replace(':', '/');

/** The path of a resource below the API's host, and its query. */
export function resourceUrl(
  { api }: Endpoints,
  name: string,
  query: Readonly<Record<string, string | number | undefined>> = {},
): string {
  const search = Object.entries(query)
    .filter(([, value]) => value !== undefined && value !== '')
    .map(([key, value]) => `${key}=${encodeURIComponent(String(value))}`)
    .join('&');
  return `${api}/v1/${urlPath(name)}${search && `?${search}`}`;
}

/**
 * A resource name as the path of a URL. The service decodes a path once, all but `%2F` (google/api/http.proto), so
 * that an id which is written `1.0%2B5` in its name has to arrive as `1.0%252B5`: as it is, `1.0+5` would be asked
 * for, which is another name. Google's own clients do the same. `%2F` arrives either way.
 */
function urlPath(name: string): string {
  return name.replace(/%(?!2F)|[^A-Za-z0-9\-._~%!$&'()*+,;=:@/]/giu, encodeURIComponent);
}

/**
 * Where CopyRepository is. No published client has it: that it is here, and takes `sourceRepository` and `behavior`
 * and no `destinationRepository`, is read from gcloud's source.
 */
export function copyUrl(endpoints: Endpoints, destination: RepositoryName): string {
  return resourceUrl(endpoints, `${resourceName(destination)}:copyRepository`);
}

/** The body that CopyRepository is asked with. A behaviour that is not set is not sent. */
export function copyBody(source: RepositoryName, behavior: Readonly<Record<string, unknown>>) {
  return {
    sourceRepository: resourceName(source),
    ...(Object.keys(behavior).length > 0 && { behavior }),
  };
}
