/**
 * Reads manifests: what they refer to and what they say of themselves. The bytes are kept as they came; this
 * only looks.
 */
import * as v from 'valibot';
import type { Child, ImageFacts } from './facts.ts';

/** Manifest media types by what they hold. */
const indexTypes: ReadonlySet<string> = new Set([
  'application/vnd.oci.image.index.v1+json',
  'application/vnd.docker.distribution.manifest.list.v2+json',
]);
const imageTypes: ReadonlySet<string> = new Set([
  'application/vnd.oci.image.manifest.v1+json',
  'application/vnd.docker.distribution.manifest.v2+json',
]);
/** Kept because leaders still hold them; nobody makes them any more. */
const schema1Types: ReadonlySet<string> = new Set([
  'application/vnd.docker.distribution.manifest.v1+json',
  'application/vnd.docker.distribution.manifest.v1+prettyjws',
]);
const configTypes: ReadonlySet<string> = new Set([
  'application/vnd.oci.image.config.v1+json',
  'application/vnd.docker.container.image.v1+json',
]);

/** Largest manifest that is taken, in bytes: what the OCI specification has every registry take at least. */
export const manifestSizeAtMost = 4 << 20;

const digest = v.pipe(v.string(), v.regex(/^sha256:[0-9a-f]{64}$/, 'not a sha256 digest'));
const Descriptor = v.looseObject({
  mediaType: v.optional(v.string()),
  digest,
  size: v.optional(v.pipe(v.number(), v.integer(), v.minValue(0)), 0),
  urls: v.optional(v.array(v.string())),
  platform: v.optional(v.record(v.string(), v.unknown())),
});
const Manifest = v.looseObject({
  mediaType: v.optional(v.string()),
  artifactType: v.optional(v.string()),
  config: v.optional(Descriptor),
  layers: v.optional(v.array(Descriptor), []),
  manifests: v.optional(v.array(Descriptor)),
  subject: v.optional(Descriptor),
  annotations: v.optional(v.record(v.string(), v.string())),
});
const Schema1 = v.looseObject({ fsLayers: v.array(v.looseObject({ blobSum: digest })) });

/** A manifest as read. */
export interface ReadManifest {
  readonly facts: ImageFacts;
  /** Digests that must be there as blobs, each once. */
  readonly blobs: readonly string[];
  /** Digest of an image's config, whose `created` is the build time. */
  readonly config?: string;
}

/** A manifest that can't be taken; the message says why. */
export class ManifestInvalid extends Error {
  override name = 'ManifestInvalid';
}

/**
 * Reads a manifest.
 *
 * @param contentType as sent with it; what the manifest says itself must not contradict it
 * @throws ManifestInvalid
 */
export function readManifest(bytes: Uint8Array, contentType: string | undefined): ReadManifest {
  let json: unknown;
  try {
    json = JSON.parse(Buffer.from(bytes).toString('utf8'));
  } catch {
    throw new ManifestInvalid('manifest is not JSON');
  }
  const sent = contentType?.split(';')[0]?.trim();
  if (sent && schema1Types.has(sent)) {
    const { fsLayers } = parse(Schema1, json);
    return { facts: { mediaType: sent, size: 0 }, blobs: unique(fsLayers.map(({ blobSum }) => blobSum)) };
  }
  const manifest = parse(Manifest, json);
  const mediaType = sent ?? manifest.mediaType;
  if (!mediaType) throw new ManifestInvalid('manifest has no media type');
  if (manifest.mediaType && manifest.mediaType !== mediaType)
    throw new ManifestInvalid(`manifest is ${manifest.mediaType}, sent as ${mediaType}`);
  if (!indexTypes.has(mediaType) && !imageTypes.has(mediaType))
    throw new ManifestInvalid(`manifest type is not supported: ${mediaType}`);
  const { config, layers, annotations } = manifest;
  if (indexTypes.has(mediaType) && !manifest.manifests) throw new ManifestInvalid('index has no manifests');
  if (imageTypes.has(mediaType) && !config) throw new ManifestInvalid('manifest has no config');

  const children = manifest.manifests?.map((child): Child => {
    const { mediaType: type, platform } = child;
    return { digest: child.digest, ...(type && { mediaType: type }), ...(platform && { platform }) };
  });
  const artifactType =
    manifest.artifactType ??
    (config?.mediaType && !configTypes.has(config.mediaType) ? config.mediaType : undefined);
  const isImage = config?.mediaType !== undefined && configTypes.has(config.mediaType);
  return {
    facts: {
      mediaType,
      size: layers.reduce((sum, layer) => sum + layer.size, 0),
      ...(artifactType && { artifactType }),
      ...(manifest.subject && { subject: manifest.subject.digest }),
      ...(children && { children }),
      ...(annotations && { annotations }),
    },
    // A foreign layer lies elsewhere, at its `urls`; whoever has it may push it nevertheless.
    blobs: unique(
      [...(config ? [config] : []), ...layers.filter(({ urls }) => !urls?.length)].map((each) => each.digest),
    ),
    ...(isImage && { config: config.digest }),
  };
}

/** The build time in an image's config, RFC 3339; undefined when it has none that makes sense. */
export function buildTime(config: Uint8Array): string | undefined {
  try {
    const { created } = JSON.parse(Buffer.from(config).toString('utf8')) as { created?: unknown };
    const time = typeof created === 'string' ? Date.parse(created) : Number.NaN;
    return Number.isNaN(time) ? undefined : new Date(time).toISOString();
  } catch {
    return undefined;
  }
}

function parse<S extends v.GenericSchema>(schema: S, json: unknown): v.InferOutput<S> {
  const result = v.safeParse(schema, json);
  if (result.success) return result.output;
  const [issue] = result.issues;
  throw new ManifestInvalid(`${v.getDotPath(issue) ?? 'manifest'}: ${issue.message}`);
}

const unique = (values: readonly string[]) => [...new Set(values)];
