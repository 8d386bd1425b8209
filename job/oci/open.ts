/** A client for a host, with the credentials that are for it. */

import { applicationDefault, type Credentials } from '../registry/credentials.ts';
import { accessToken } from './auth/authenticator.ts';
import { dockerLogins } from './auth/docker-config.ts';
import { registryLogin } from './auth/registry-login.ts';
import { isGoogleHost, originOf } from './host.ts';
import type { Remedies } from './oci-error.ts';
import { createOciRegistry, type OciRegistry, type Shared } from './registry.ts';

/** What helps at Artifact Registry. */
export const googleRemedies: Remedies = {
  signIn:
    "sign in again with 'gcloud auth application-default login', or see that the job's service account is enabled",
  grant:
    "grant roles/artifactregistry.reader on the source and roles/artifactregistry.writer on the destination to the job's service account, or see whether it exists",
};

/** What helps at any other registry. */
export const dockerRemedies: Remedies = {
  signIn: 'sign in with docker login, or give the job a docker config with credentials of this host',
  grant: 'see what whoever signed in may do there',
};

/** Google's access token, which Container Registry's old names take as well as Artifact Registry does. */
const artifactRegistry = new URL('https://us-docker.pkg.dev');

/**
 * A client for a registry by its host.
 *
 * @param host `HOST[:PORT]`: Google's get Application Default Credentials, others what the docker config has for them
 */
export function openOciRegistry(
  host: string,
  shared: Shared,
  env: Readonly<Record<string, string | undefined>> = process.env,
): OciRegistry {
  const origin = originOf(host);
  if (isGoogleHost(host))
    return createOciRegistry(
      origin,
      accessToken(applicationDefault(), origin, artifactRegistry),
      googleRemedies,
      shared,
    );
  const { wire, clock } = shared;
  const auth = registryLogin({ host, origin, logins: dockerLogins(env), wire, clock });
  return createOciRegistry(origin, auth, dockerRemedies, shared);
}

/** A client for the Docker side of Artifact Registry. @param origin of its host in a location, or of the emulator */
export function openArtifactRegistry(origin: string, credentials: Credentials, shared: Shared): OciRegistry {
  return createOciRegistry(origin, accessToken(credentials, origin), googleRemedies, shared);
}
