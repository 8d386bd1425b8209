/**
 * What the job asks of Artifact Registry, as an interface: the difference, the mirror and the verification know
 * nothing of HTTP. `client.ts` is the one that speaks REST.
 *
 * Package and version ids are the segments of resource names, as the API gave them (`team%2Fapp`): opaque, never
 * encoded or decoded on the way. Times are milliseconds since the epoch, sizes bytes.
 */
import type { RepositoryName } from '../../generator/plan.ts';

/** A repository as `get` shows it. */
export interface RepositoryFacts {
  readonly name: RepositoryName;
  /** `DOCKER`, `MAVEN`, …: names that a later release brings are passed on. */
  readonly format: string;
  /** `STANDARD_REPOSITORY` where the service leaves it out. */
  readonly mode: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly immutableTags: boolean;
  /** Ids of cleanup policies that delete, and are not in dry run. */
  readonly deletingPolicies: readonly string[];
  readonly etag?: string;
}

/** One version as a listing shows it. */
export interface VersionFacts {
  readonly package: string;
  /** `sha256:…` for Docker, `1.2.3` elsewhere. */
  readonly version: string;
  /** In the order that the service gave them; empty for formats without tags. */
  readonly tags: readonly string[];
  readonly createTime: number;
  readonly updateTime: number;
  readonly bytes: number;
  /** Docker only. */
  readonly mediaType?: string;
  /** Digests that an index refers to; absent where the listing does not say. */
  readonly children?: readonly string[];
  /** Digest of the version that this one is attached to; absent where the listing does not say. */
  readonly subject?: string;
}

/** One file, for the comparison by content. */
export interface FileFacts {
  /** Id of the file, the last segment of its name, as the API gave it. */
  readonly file: string;
  /** Package and version that own it; absent for files of a package or of the repository itself. */
  readonly package?: string;
  readonly version?: string;
  /** `SHA256:base64` and the like, sorted. */
  readonly hashes: readonly string[];
  readonly bytes: number;
  readonly updateTime: number;
}

/** What a manifest refers to. */
export interface ManifestFacts {
  readonly mediaType: string;
  readonly children: readonly string[];
  readonly subject: string | undefined;
}

/** An operation that was started, at one look. */
export interface CopyProgress {
  readonly done: boolean;
  readonly copied: number;
  readonly skipped: number;
  readonly total: number;
  /** RFC 3339, as the service gave it. */
  readonly copyStartTime: string | undefined;
  /** At most five. */
  readonly skippedVersions: readonly { readonly version: string; readonly error: string }[];
  readonly error: string | undefined;
}

/** Versions that go in one batch: the service doesn't tell its limit. A batch can take minutes. */
export const versionsInBatch = 50;

/** Why a version is not to be deleted after all; undefined where it is. */
export type Stays = (version: string) => Promise<string | undefined>;

/**
 * Artifact Registry. Every call is retried and limited inside; what it throws in the end is a
 * {@link RegistryError}. A listing is complete or throws: it never ends early without a word.
 */
export interface Registry {
  repository(name: RepositoryName): Promise<RepositoryFacts>;
  /** Which of some permissions the caller has on a repository (`testIamPermissions`). */
  permissions(name: RepositoryName, wanted: readonly string[]): Promise<ReadonlySet<string>>;
  setLabels(name: RepositoryName, labels: Readonly<Record<string, string>>): Promise<void>;

  /** Every version of a repository, a page at a time: one paged call for Docker, one for each package elsewhere. */
  versions(name: RepositoryName, format: string): AsyncIterable<readonly VersionFacts[]>;
  files(name: RepositoryName): AsyncIterable<readonly FileFacts[]>;
  /** Versions that are attachments of others (`attachments.list`), a page at a time. */
  attachments(
    name: RepositoryName,
  ): AsyncIterable<readonly { readonly package: string; readonly version: string }[]>;

  /** A version by its name; undefined only where the service says 404. One request. */
  version(name: RepositoryName, packageId: string, version: string): Promise<VersionFacts | undefined>;
  /** The version that a tag is on; undefined only where the service says 404. One request. */
  tag(name: RepositoryName, packageId: string, tag: string): Promise<string | undefined>;
  /** What a Docker manifest refers to; undefined where it cannot be read. */
  manifest(name: RepositoryName, packageId: string, digest: string): Promise<ManifestFacts | undefined>;

  createTag(name: RepositoryName, packageId: string, tag: string, version: string): Promise<void>;
  moveTag(name: RepositoryName, packageId: string, tag: string, version: string): Promise<void>;
  /** A tag that is gone already counts as removed. */
  deleteTag(name: RepositoryName, packageId: string, tag: string): Promise<void>;
  /**
   * Deletes untagged versions of one package, in batches of the client's choice, and waits. A version that is gone
   * already counts as deleted.
   *
   * @param stays asked for each that a batch left before it is deleted alone, since a batch takes up to minutes;
   * gives the reason to let it be
   * @returns the reason for each that is still there
   */
  deleteVersions(
    name: RepositoryName,
    packageId: string,
    versions: readonly string[],
    stays?: Stays,
  ): Promise<ReadonlyMap<string, string>>;

  /** Starts CopyRepository. @returns the operation's name */
  copy(
    source: RepositoryName,
    destination: RepositoryName,
    behavior: Readonly<Record<string, unknown>>,
  ): Promise<string>;
  copyProgress(operation: string): Promise<CopyProgress>;
  /**
   * After {@link Registry.copy} ended as `unclear`: the copy of this pair that is running, or was started since
   * (milliseconds since the epoch).
   *
   * @returns its operation's name; undefined where none is found, or the service lists no operations
   */
  findCopy(source: RepositoryName, destination: RepositoryName, since: number): Promise<string | undefined>;
}

/** Kinds of failure that a caller may act on. */
export type RegistryErrorKind =
  /** 401, 403: the message names the role that is missing where it can be known. */
  | 'permission'
  /** 404 of something that has to be there. */
  | 'not-found'
  /** 400, 409, 412: the service refuses this very request. */
  | 'refused'
  /** 404 or 501 of CopyRepository: not open to the project. */
  | 'not-available'
  /** 429 or 5xx after all retries, or no connection. */
  | 'unavailable'
  /** An answer that is not what the API promises. */
  | 'malformed'
  /** The answer to a POST was lost, and whether it was done is not known. */
  | 'unclear';

/** What the service said no to, ready to be shown. */
export class RegistryError extends Error {
  override name = 'RegistryError';
  readonly kind: RegistryErrorKind;
  /** HTTP status, 0 where there was no answer. */
  readonly status: number;
  /** What the service said, after its status, for a message of one's own: `403: Permission denied`. */
  readonly detail: string;

  /** @param message what happened, where, and what to do next */
  constructor(kind: RegistryErrorKind, status: number, message: string, detail = message) {
    super(message);
    this.kind = kind;
    this.status = status;
    this.detail = detail;
  }
}
