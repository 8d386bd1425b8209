/** What tests of the engine share: images put straight into a registry in memory, and copies from one to another. */
import { type FakeRegistry, type FakeRepository, sha256 } from '../oci/testing.ts';
import { type EngineOptions, runEngine } from './open.ts';
import type { EngineOutcome } from './outcome.ts';
import { type EngineRequest, type Filters, noFilters } from './request.ts';

const oci = 'application/vnd.oci.image';

/** Media types. */
export const types = {
  manifest: `${oci}.manifest.v1+json`,
  index: `${oci}.index.v1+json`,
  config: `${oci}.config.v1+json`,
  layer: `${oci}.layer.v1.tar+gzip`,
} as const;

/** A descriptor of a blob. */
export function blobIn(
  repository: FakeRepository,
  content: string | Buffer,
  mediaType: string = types.layer,
) {
  const bytes = Buffer.from(content);
  return { mediaType, digest: repository.blob(bytes), size: bytes.length };
}

/** A descriptor of a manifest that is there. */
export function descriptorOf(repository: FakeRepository, digest: string, more: Record<string, unknown> = {}) {
  const { mediaType = '', bytes } = repository.manifests.get(digest) ?? {};
  return { mediaType, digest, size: bytes?.length ?? 0, ...more };
}

/** Puts an image. @returns its digest */
export function imageIn(
  repository: FakeRepository,
  layers: readonly (string | Buffer)[],
  {
    tag,
    platform = { os: 'linux', architecture: 'amd64' },
    ...more
  }: { tag?: string; platform?: object; [field: string]: unknown } = {},
): string {
  const config = blobIn(
    repository,
    JSON.stringify({ ...platform, created: '2025-01-01T00:00:00Z', layers: layers.length }),
    types.config,
  );
  const content = {
    schemaVersion: 2,
    mediaType: types.manifest,
    config,
    layers: layers.map((layer) => blobIn(repository, layer)),
    ...more,
  };
  return repository.manifest(types.manifest, content, tag);
}

/** Puts an index. @returns its digest */
export function indexIn(
  repository: FakeRepository,
  children: readonly (string | readonly [digest: string, more: Record<string, unknown>])[],
  tag?: string,
): string {
  const manifests = children.map((child) =>
    typeof child === 'string'
      ? descriptorOf(repository, child)
      : descriptorOf(repository, child[0], child[1]),
  );
  return repository.manifest(types.index, { schemaVersion: 2, mediaType: types.index, manifests }, tag);
}

/** Quick to try again. */
export const impatient: EngineOptions['retry'] & object = {
  attempts: 5,
  firstDelay: 2,
  maxDelay: 10,
  maxRetryAfter: 1000,
};

/** A request from one host to another, of what is below `from` there. */
export function requestOf(
  source: Pick<FakeRegistry, 'host'>,
  destination: Pick<FakeRegistry, 'host'>,
  { filters, ...more }: Partial<Omit<EngineRequest, 'filters'>> & { filters?: Partial<Filters> } = {},
): EngineRequest {
  return {
    source: { is: 'registry', host: source.host, path: 'from' },
    destination: { is: 'registry', host: destination.host, path: 'to' },
    filters: { ...noFilters, ...filters },
    moved: 'update',
    foreignLayers: false,
    dryRun: false,
    task: { index: 0, count: 1 },
    ...more,
  };
}

/** Copies all of `from` to `to`. */
export function copyAll(
  source: Pick<FakeRegistry, 'host'>,
  destination: Pick<FakeRegistry, 'host'>,
  more: Parameters<typeof requestOf>[2] = {},
  options: EngineOptions = {},
): Promise<EngineOutcome> {
  return runEngine(requestOf(source, destination, more), { env: {}, retry: impatient, ...options });
}

/** Tags of a repository with the digests they are on. */
export function tagsOf(repository: FakeRepository): Record<string, string> {
  return Object.fromEntries([...repository.tags].sort());
}

/** What is missing below a manifest; nothing where it is whole. */
export function missingIn(repository: FakeRepository, digest: string): string[] {
  const manifest = repository.manifests.get(digest);
  if (!manifest) return [digest];
  if (sha256(manifest.bytes) !== digest) return [`${digest} is ${sha256(manifest.bytes)}`];
  const { manifests = [], layers = [], config } = repository.read(digest);
  const blobs = [...layers, ...(config ? [config] : [])].filter(
    ({ urls }: { urls?: unknown }) => urls === undefined,
  );
  return [
    ...manifests.flatMap((child: { digest: string }) => missingIn(repository, child.digest)),
    ...blobs.flatMap((blob: { digest: string }) => (repository.blobs.has(blob.digest) ? [] : [blob.digest])),
  ];
}
