/**
 * Manifests. What is copied are their bytes, as they are; this only looks at what they refer to. Whatever a server
 * sends is checked before anything is done with it.
 */
import { isDigest } from './digest.ts';
import { isForeignType, isIndexType } from './media-types.ts';

/** A manifest as a registry gave it; its bytes have its digest. */
export interface Manifest {
  readonly digest: string;
  readonly mediaType: string;
  readonly bytes: Buffer;
}

/** The largest manifest that is taken, in bytes: what registries take. */
export const manifestAtMost = 4 << 20;

/** What a manifest says of something that it refers to. */
export interface Descriptor {
  readonly mediaType: string;
  readonly digest: string;
  readonly size: number;
  readonly platform?: Platform;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly artifactType?: string;
}

/** What an image runs on. */
export interface Platform {
  readonly os: string;
  readonly architecture: string;
  readonly variant?: string;
}

/** A blob that a manifest refers to. */
export interface BlobDescriptor extends Descriptor {
  /** Its terms, or the addresses that it lies at, say that it is not for every registry. */
  readonly isForeign: boolean;
}

/** What a manifest refers to. */
export interface Content {
  /** Other manifests, in their order. */
  readonly children: readonly Descriptor[];
  /** Each once. */
  readonly blobs: readonly BlobDescriptor[];
  readonly config: Descriptor | undefined;
  /** What it is attached to. */
  readonly subject: Descriptor | undefined;
}

/** A manifest that can't be made sense of. */
export class BadManifest extends Error {
  override name = 'BadManifest';
}

type Fields = Readonly<Record<string, unknown>>;

const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/**
 * What a manifest refers to. Types that this release does not know are read like those it does.
 *
 * @throws BadManifest
 */
export function readContent({ bytes, mediaType }: Pick<Manifest, 'bytes' | 'mediaType'>): Content {
  let json: unknown;
  try {
    json = JSON.parse(bytes.toString('utf8'));
  } catch {
    throw new BadManifest('the manifest is no JSON');
  }
  if (!isFields(json)) throw new BadManifest('the manifest is no JSON object');
  const isIndex = isIndexType(mediaType) || Array.isArray(json.manifests);
  const config = isFields(json.config) ? descriptor(json.config, 'config') : undefined;
  const blobs = new Map<string, BlobDescriptor>();
  const add = (value: unknown, what: string) => {
    const blob = descriptor(value, what);
    const before = blobs.get(blob.digest);
    if (before && before.size !== blob.size)
      throw new BadManifest(`the manifest gives ${blob.digest} two sizes, ${before.size} and ${blob.size}`);
    const urls = isFields(value) && Array.isArray(value.urls) && value.urls.length > 0;
    if (!before) blobs.set(blob.digest, { ...blob, isForeign: urls || isForeignType(blob.mediaType) });
  };
  if (isFields(json.config)) add(json.config, 'config');
  // `blobs`: the artifact manifest that OCI 1.1 had while it was being made.
  for (const field of ['layers', 'blobs'] as const)
    for (const [index, layer] of list(json[field], field).entries()) add(layer, `${field}[${index}]`);
  return {
    children: isIndex
      ? list(json.manifests, 'manifests').map((child, index) => descriptor(child, `manifests[${index}]`))
      : [],
    blobs: [...blobs.values()],
    config,
    subject: isFields(json.subject) ? descriptor(json.subject, 'subject') : undefined,
  };
}

function list(value: unknown, field: string): readonly unknown[] {
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value)) throw new BadManifest(`'${field}' of the manifest is no list`);
  return value;
}

/** A descriptor. @throws BadManifest where it has no digest or no size */
export function descriptor(value: unknown, what: string): Descriptor {
  if (!isFields(value)) throw new BadManifest(`'${what}' of the manifest is no descriptor`);
  const { digest, size, mediaType, platform, annotations, artifactType } = value;
  if (!isDigest(digest))
    throw new BadManifest(`'${what}' has ${JSON.stringify(digest)?.slice(0, 100)} for a digest`);
  if (typeof size !== 'number' || !Number.isSafeInteger(size) || size < 0)
    throw new BadManifest(`'${what}' has ${JSON.stringify(size)?.slice(0, 100)} for a size`);
  const notes = texts(annotations);
  const runsOn = isFields(platform) ? readPlatform(platform) : undefined;
  return {
    mediaType: typeof mediaType === 'string' ? mediaType : '',
    digest,
    size,
    ...(runsOn && { platform: runsOn }),
    ...(notes && { annotations: notes }),
    ...(typeof artifactType === 'string' && { artifactType }),
  };
}

/** The platform that an index's entry, or an image's config, names. */
export function readPlatform({ os, architecture, variant }: Fields): Platform | undefined {
  if (typeof os !== 'string' || typeof architecture !== 'string') return undefined;
  return { os, architecture, ...(typeof variant === 'string' && variant !== '' && { variant }) };
}

function texts(value: unknown): Readonly<Record<string, string>> | undefined {
  if (!isFields(value)) return undefined;
  return Object.fromEntries(
    Object.entries(value).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
  );
}
