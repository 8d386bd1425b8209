/** What a source has to offer, and which of it is wanted. */
import { entry } from '../difference/collect.ts';
import { globs } from '../difference/glob.ts';
import type { Filters } from './request.ts';
import { compareVersions, isVersion } from './semver.ts';

/** A manifest of a package, as far as a listing tells. */
export interface Candidate {
  /** Undefined where the source lists tags alone; there is one tag then. */
  readonly digest: string | undefined;
  readonly tags: readonly string[];
  /** When it was last updated, milliseconds since the epoch; 0 where the source does not tell. */
  readonly time: number;
}

/** What was picked of a package. */
export interface Picked {
  readonly candidates: readonly Candidate[];
  /**
   * Where only some tags are wanted: what tags say is attached to a manifest, by its digest. It goes with the images
   * that are copied.
   */
  readonly attached: ReadonlyMap<string, readonly Candidate[]>;
}

/** Picks from the candidates of a package. */
export interface Selection {
  /** Some tags alone are wanted: all of a package has to be seen first, and what has no tag is not wanted by itself. */
  readonly byTag: boolean;
  isPackage(id: string): boolean;
  /** What is wanted, each with the tags that are. */
  pick(candidates: readonly Candidate[]): Picked;
}

const digestTag = /^sha256-([0-9a-f]{64})(?:\..+)?$/;

/** The manifest that a tag as `sha256-<hex>`, `sha256-<hex>.sig` says something is attached to. */
export function attachedTo(tag: string): string | undefined {
  const hex = digestTag.exec(tag)?.[1];
  return hex === undefined ? undefined : `sha256:${hex}`;
}

const isImageTag = (tag: string) => attachedTo(tag) === undefined;
const day = 86_400_000;

/** Makes a selection. @param now milliseconds since the epoch */
export function createSelection(filters: Filters, now: number): Selection {
  const { newest, maxVersionAgeDays, attachments } = filters;
  const isPackage = filters.packages.length === 0 ? () => true : globs(filters.packages);
  const isTag = filters.tags.length === 0 ? () => true : globs(filters.tags);
  const byTag = filters.tags.length > 0 || newest !== undefined;
  const notBefore = maxVersionAgeDays > 0 ? now - maxVersionAgeDays * day : Number.NEGATIVE_INFINITY;

  const pickTagged = (young: readonly Candidate[]): Picked => {
    const chosen = newest && newestTags(young, newest, isTag);
    const attached = new Map<string, Candidate[]>();
    const candidates = young.flatMap((candidate) => {
      for (const tag of attachments ? candidate.tags : []) {
        const subject = attachedTo(tag);
        if (subject !== undefined) entry(attached, subject, () => []).push({ ...candidate, tags: [tag] });
      }
      const tags = candidate.tags.filter((tag) => isImageTag(tag) && (chosen ? chosen.has(tag) : isTag(tag)));
      return tags.length > 0 ? [{ ...candidate, tags }] : [];
    });
    return { candidates, attached };
  };

  const pickAll = (young: readonly Candidate[]): Picked => ({
    attached: new Map(),
    candidates: attachments
      ? young
      : young.flatMap((candidate) => {
          const tags = candidate.tags.filter(isImageTag);
          return tags.length > 0 || candidate.tags.length === 0 ? [{ ...candidate, tags }] : [];
        }),
  });

  return {
    byTag,
    isPackage,
    pick(candidates) {
      const young = candidates.filter(({ time }) => time >= notBefore);
      return byTag ? pickTagged(young) : pickAll(young);
    },
  };
}

function newestTags(
  candidates: readonly Candidate[],
  { count, by }: NonNullable<Filters['newest']>,
  isTag: (tag: string) => boolean,
): ReadonlySet<string> {
  const all = candidates.flatMap(({ tags, time }) =>
    tags.filter((tag) => isImageTag(tag) && isTag(tag)).map((tag) => ({ tag, time })),
  );
  const ranked = by === 'semver' ? all.filter(({ tag }) => isVersion(tag)) : all;
  // Of equals the one that is later in the alphabet, so that every run picks the same.
  ranked.sort((one, other) => {
    const difference = by === 'semver' ? compareVersions(other.tag, one.tag) : other.time - one.time;
    return difference || (one.tag < other.tag ? 1 : -1);
  });
  return new Set(ranked.slice(0, count).map(({ tag }) => tag));
}
