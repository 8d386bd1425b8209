/**
 * What a user writes in `replicator.config.ts`. Types and one identity function, nothing else: the file is
 * imported by the user's config, so it must cost nothing and pull in nothing.
 *
 * The configuration reference (`docs/configuration.md`) is generated from the comments below.
 */

/**
 * An Artifact Registry repository, by its full resource name or by its three parts.
 *
 * @example 'projects/acme/locations/europe-west1/repositories/prod'
 * @example { project: 'acme', location: 'europe-west1', repository: 'prod' }
 */
export type Repository = string | RepositoryParts;

/** The three parts of an Artifact Registry repository's name. */
export interface RepositoryParts {
  /**
   * Project id; a domain-scoped one keeps its colon.
   *
   * @example 'acme'
   * @example 'example.com:acme'
   */
  project: string;
  /**
   * Region or multi-region of the repository.
   *
   * @example 'europe-west1'
   * @example 'us'
   */
  location: string;
  /**
   * Repository id.
   *
   * @example 'prod'
   */
  repository: string;
}

/** One follower: its name and, where wanted, settings of its own over the common ones. */
export interface DestinationSettings {
  /** Over the common `copy`, field by field. */
  copy?: Copy;
  /** Over the common `mirror`, field by field; `false` turns it off for this destination. */
  mirror?: Mirror | boolean;
  /** Over the common `verify`. */
  verify?: boolean;
}

/** A follower: a repository, alone or with settings of its own. */
export type Destination =
  | string
  | (RepositoryParts & DestinationSettings)
  | ({
      /** Full resource name of the follower; the alternative to its three parts. */
      name: string;
    } & DestinationSettings);

/** When the Scheduler starts an execution. */
export interface Schedule {
  /**
   * Five fields of unix cron: minute, hour, day of month, month, day of week.
   *
   * @example '0 3 * * *'
   */
  cron: string;
  /**
   * IANA name of the time zone that `cron` is read in.
   *
   * @default 'Etc/UTC'
   * @example 'Europe/Berlin'
   */
  timeZone?: string;
}

/** How a destination is copied to. Every API field that is left out is not sent: the API's default applies. */
export interface Copy {
  /**
   * `api`: Artifact Registry's CopyRepository, all inside Google. `job`: the container's own copier.
   *
   * @default 'api'
   */
  engine?: 'api' | 'job';
  /**
   * Go on past a version that cannot be copied (a missing file, say) instead of failing the operation.
   * Such versions are reported as skipped.
   *
   * @default not sent
   */
  continueOnSkippedVersion?: boolean;
  /**
   * Copy only versions created or updated in the last N × 24 hours before the operation starts; 0 means all.
   * A whole number from 0 to 36500.
   *
   * @default not sent
   * @example 7
   */
  maxVersionAgeDays?: number;
  /**
   * Copy attachments (signatures, SBOMs, attestations that refer to a version) too.
   *
   * @default not sent
   */
  allAttachmentsIncluded?: boolean;
  /**
   * Copy no tags.
   *
   * @default not sent
   */
  allTagsExcluded?: boolean;
  /**
   * Whether a run that skipped versions still counts as a success. With `false` it is a partial failure.
   *
   * @default false
   */
  allowSkippedVersions?: boolean;
  /**
   * Behaviour fields that the API gained after this release, sent as they are beside the ones above.
   * Values are strings, numbers, booleans, or lists and objects of them.
   *
   * @example { destinationExistsBehavior: 'OVERWRITE' }
   */
  behavior?: Record<string, unknown>;
}

/** How the workflow waits for a copy. All in seconds. */
export interface Poll {
  /**
   * Pause before the first look at the operation; 1 to 3600.
   *
   * @default 5
   */
  initialDelay?: number;
  /**
   * What each pause is multiplied by to give the next; 1 to 10.
   *
   * @default 1.5
   */
  multiplier?: number;
  /**
   * Longest pause; 1 to 3600. Raised with a notice where the number of polls would go beyond what one
   * execution may do.
   *
   * @default 30
   */
  maxDelay?: number;
  /**
   * When to give up waiting; 60 to 2592000 (thirty days). The operation itself goes on.
   *
   * @default 43200
   */
  deadline?: number;
}

/** What a mirror never deletes, whatever the leader holds. */
export interface Protection {
  /**
   * Tags, as globs; a version under such a tag is kept, and the tag is never moved or removed.
   *
   * @example ['stable', 'release-*']
   */
  tags?: string[];
  /**
   * Packages, as globs.
   *
   * @example ['base/*']
   */
  packages?: string[];
  /**
   * Versions younger than this many days are kept.
   *
   * @default 0
   */
  newerThanDays?: number;
}

/** Keeps a follower an exact copy: what the leader does not have is removed, within limits. */
export interface Mirror {
  /**
   * Most deletions in a run (versions deleted, tags removed or moved away). Above it nothing is deleted.
   *
   * @default 100
   */
  maxDeletions?: number;
  /**
   * Most deletions in a run as a share of the destination, 0 to 1, rounded up. Above it nothing is deleted.
   *
   * @default 0.1
   */
  maxDeletionShare?: number;
  /**
   * Whether an empty leader may empty its followers.
   *
   * @default false
   */
  allowEmptySource?: boolean;
  /** What is never deleted. */
  protect?: Protection;
}

/** The optional Cloud Run job that does what CopyRepository cannot: mirror, verify, its own copy. */
export interface Job {
  /**
   * Image to deploy, by digest. Without it, `deploy` builds one from the Dockerfile.
   *
   * @example 'europe-west1-docker.pkg.dev/acme/tools/replicator@sha256:…'
   */
  image?: string;
  /**
   * Parallel tasks of a copy by the job; 1 to 100.
   *
   * @default 1
   */
  tasks?: number;
  /**
   * Longest time of one task, in seconds; 60 to 604800.
   *
   * @default 43200
   */
  timeout?: number;
  /**
   * Memory of a task.
   *
   * @default '512Mi'
   */
  memory?: string;
  /**
   * CPUs of a task.
   *
   * @default 1
   */
  cpu?: number;
  /**
   * Deploy the same image as a private Cloud Run service too, for `POST /copy`.
   *
   * @default false
   */
  service?: boolean;
}

/** One workflow: a leader, its followers, and when they are made equal. */
export interface Replicator {
  /**
   * Prefix of everything that is deployed, and the workflow's id. 1 to 64 letters, digits, `_` and `-`;
   * starts with a letter, ends in a letter or digit.
   *
   * @default 'replicator'
   */
  name?: string;
  /**
   * Project in which the workflow, the Scheduler job and the Cloud Run job live.
   *
   * @example 'acme'
   */
  project: string;
  /**
   * Region of the workflow, the Scheduler job and the Cloud Run job.
   *
   * @example 'europe-west1'
   */
  region: string;
  /**
   * The leader: the repository that is copied from.
   *
   * @example 'projects/acme/locations/europe-west1/repositories/prod'
   */
  source: Repository;
  /**
   * The followers: one or more repositories that are copied to, in any project and location.
   *
   * @example ['projects/acme/locations/us-central1/repositories/prod']
   */
  destinations: Destination[];
  /** When to run. Left out: only by hand. */
  schedule?: Schedule;
  /** How to copy, for every destination. */
  copy?: Copy;
  /** How to wait for a copy. */
  poll?: Poll;
  /**
   * Keep the followers exact copies: remove what the leader does not have. `true`: with the default limits.
   *
   * @default false
   */
  mirror?: Mirror | boolean;
  /**
   * Compare every follower with the leader after the copy.
   *
   * @default false
   */
  verify?: boolean;
  /** The Cloud Run job. `true`: with its defaults. */
  job?: Job | boolean;
  /**
   * What an execution does that finds an older one of the same workflow still active: `skip` ends it as
   * skipped, `allow` lets both run.
   *
   * @default 'skip'
   */
  overlap?: 'skip' | 'allow';
  /**
   * Locations beyond the list that this release knows, for a region that Google opened after it.
   *
   * @example ['europe-west99']
   */
  extraLocations?: string[];
}

/** The default export of `replicator.config.ts`: one replicator, or several, one workflow each. */
export type Config = Replicator | Replicator[];

/**
 * Types a config where it is written; returns it unchanged.
 *
 * @param config one replicator or a list of them
 */
export function defineConfig(config: Config): Config {
  return config;
}
