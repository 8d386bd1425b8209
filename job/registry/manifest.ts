/** Manifests of Docker repositories: what they refer to. */
import { createHash } from 'node:crypto';
import type { RepositoryName } from '../../generator/plan.ts';
import { type Ask, type Call, jsonObject, type Reply } from './call.ts';
import type { Endpoints } from './endpoints.ts';
import { decodeId, versionName } from './names.ts';
import { malformed } from './refusal.ts';
import { type ManifestFacts, RegistryError } from './registry.ts';

/** Every type of manifest: a registry answers 404 for one that has a type which was not asked for. */
const types = [
  'application/vnd.oci.image.manifest.v1+json',
  'application/vnd.oci.image.index.v1+json',
  'application/vnd.oci.artifact.manifest.v1+json',
  'application/vnd.docker.distribution.manifest.v2+json',
  'application/vnd.docker.distribution.manifest.list.v2+json',
  'application/vnd.docker.distribution.manifest.v1+prettyjws',
  'application/vnd.docker.distribution.manifest.v1+json',
].join(', ');

/** The largest manifest that registries take. */
const maxBytes = 4 * 2 ** 20;
const redirectsAtMost = 3;

/**
 * Reads a manifest by its digest.
 *
 * @returns undefined where there is none, or what is there is not what the digest says
 * @throws RegistryError where the service can't be asked
 */
export async function readManifest(
  call: Call,
  endpoints: Endpoints,
  name: RepositoryName,
  packageId: string,
  digest: string,
): Promise<ManifestFacts | undefined> {
  const ask: Ask = {
    method: 'GET',
    url: `${endpoints.docker(name)}/${decodeId(packageId)}/manifests/${digest}`,
    kind: 'read',
    headers: { accept: types },
    maxBytes,
    mayRedirect: true,
    verb: 'read the manifest of',
    on: versionName(name, packageId, digest),
    role: 'roles/artifactregistry.reader',
    grantOn: versionName(name, packageId, digest).replace(/\/packages\/.*/, ''),
  };
  try {
    const reply = await follow(call, ask);
    const sha256 = createHash('sha256').update(reply.body).digest('hex');
    if (digest.startsWith('sha256:') && digest !== `sha256:${sha256}`)
      throw malformed(ask, `its bytes have the digest sha256:${sha256}`);
    return manifestFacts(ask, jsonObject(ask, reply), reply.headers['content-type']);
  } catch (error) {
    if (error instanceof RegistryError && ['not-found', 'malformed', 'refused'].includes(error.kind))
      return undefined;
    throw error;
  }
}

/** Follows redirects, a few. Credentials go to hosts that they are for, wherever this leads. */
async function follow(call: Call, ask: Ask): Promise<Reply> {
  let { url } = ask;
  for (let redirects = 0; redirects <= redirectsAtMost; redirects++) {
    const reply = await call({ ...ask, url });
    if (reply.status < 300) return reply;
    const { location = '' } = reply.headers;
    const next = URL.canParse(location, url) ? new URL(location, url) : undefined;
    // From an encrypted connection only to another.
    if (!next || (next.protocol !== 'https:' && next.protocol !== new URL(url).protocol))
      throw malformed(ask, 'a redirect leads nowhere', reply.status);
    url = next.href;
  }
  throw malformed(ask, `more than ${redirectsAtMost} redirects`, 302);
}

function manifestFacts(
  ask: Ask,
  { mediaType, manifests = [], subject }: Record<string, unknown>,
  contentType = '',
): ManifestFacts {
  if (!Array.isArray(manifests)) throw malformed(ask, "'manifests' is no list");
  return {
    mediaType:
      typeof mediaType === 'string' && mediaType !== ''
        ? mediaType
        : (contentType.split(';')[0] ?? '').trim(),
    children: manifests.map((descriptor) => digestOf(ask, descriptor)),
    subject: subject === undefined || subject === null ? undefined : digestOf(ask, subject),
  };
}

function digestOf(ask: Ask, descriptor: unknown): string {
  const digest = (descriptor as { digest?: unknown } | null | undefined)?.digest;
  if (typeof digest !== 'string') throw malformed(ask, 'it refers to something without a digest');
  return digest;
}
