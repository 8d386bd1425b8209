/** Copies of some platforms alone. */

import { digestOf } from '../oci/digest.ts';
import type { Content, Descriptor, Manifest, Platform } from '../oci/manifest.ts';

/** `linux/arm/v7`. */
export function platformName({ os, architecture, variant }: Platform): string {
  return [os, architecture, ...(variant === undefined ? [] : [variant])].join('/');
}

/** A test for platforms. @param patterns `linux/amd64` is any variant of it, `linux/*` any of Linux */
export function platformTest(patterns: readonly string[]): (platform: Platform) => boolean {
  return ({ os, architecture, variant = '' }) =>
    patterns.some((pattern) => {
      const [wantedOs, wantedArchitecture = '*', wantedVariant = '*'] = pattern.split('/');
      const fits = (wanted: string | undefined, is: string) => wanted === '*' || wanted === is;
      return fits(wantedOs, os) && fits(wantedArchitecture, architecture) && fits(wantedVariant, variant);
    });
}

/** The image that an entry of an index attests to, as buildx marks it. */
function attestedBy({ annotations }: Descriptor): string | undefined {
  return annotations?.['vnd.docker.reference.digest'];
}

/**
 * The entries of an index that are wanted: those of the platforms, those that name none, and attestations with the
 * image that they are of.
 *
 * @returns undefined where no image is among them
 */
export function wantedEntries(
  { children }: Pick<Content, 'children'>,
  isWanted: (platform: Platform) => boolean,
): readonly Descriptor[] | undefined {
  const isImage = ({ platform }: Descriptor) => platform !== undefined && platform.os !== 'unknown';
  const images = new Set(
    children
      .filter((child) => isImage(child) && child.platform && isWanted(child.platform))
      .map(({ digest }) => digest),
  );
  if (images.size === 0 && children.some(isImage)) return undefined;
  return children.filter((child) => {
    if (isImage(child)) return images.has(child.digest);
    const attested = attestedBy(child);
    return attested === undefined || images.has(attested);
  });
}

/** The index with some of its entries alone; the very same where those are all. Equal entries give equal bytes. */
export function rewriteIndex(index: Manifest, entries: readonly Descriptor[]): Manifest {
  const json = JSON.parse(index.bytes.toString('utf8')) as { manifests: { digest: string }[] };
  const kept = new Set(entries.map(({ digest }) => digest));
  const manifests = json.manifests.filter(({ digest }) => kept.has(digest));
  if (manifests.length === json.manifests.length) return index;
  const bytes = Buffer.from(JSON.stringify({ ...json, manifests }));
  return { bytes, mediaType: index.mediaType, digest: digestOf(bytes) };
}
