/**
 * What a user writes in `replicator.config.ts`. Types and one identity function, nothing else: the file is
 * imported by the user's config, so it must cost nothing and pull in nothing.
 *
 * The configuration reference (`docs/configuration.md`) is generated from the comments below.
 */

/**
 * An Artifact Registry repository, by its full resource name or by its three parts.
 *
 * Understood in place of the resource name: the same as a URL of the API
 * (`https://artifactregistry.googleapis.com/v1/projects/…`, `//artifactregistry.googleapis.com/projects/…`), the URL
 * of its page in the console, its host (`europe-west1-docker.pkg.dev/acme/prod`), and `gcr.io/acme` for the repository
 * that has taken that host over. A slash at the end does no harm. The name of an image is refused: whole repositories
 * are copied.
 *
 * @example 'projects/acme/locations/europe-west1/repositories/prod'
 * @example { project: 'acme', location: 'europe-west1', repository: 'prod' }
 */
export type Repository = string | RepositoryParts;

/** The three parts of an Artifact Registry repository's name. */
export interface RepositoryParts {
  /**
   * Project id, not its number; a domain-scoped one keeps its colon.
   *
   * @example 'acme'
   * @example 'example.com:acme'
   */
  project: string;
  /**
   * Region or multi-region of the repository, one of the [locations](#locations).
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
  /**
   * Over the common `copy`, field by field, those in `behavior` too.
   *
   * @default the common one
   * @example { maxVersionAgeDays: 30 }
   */
  copy?: Copy | undefined;
  /**
   * Over the common `mirror`, field by field; `true` turns it on, `false` off for this destination.
   *
   * @default the common one
   * @example false
   */
  mirror?: Mirror | boolean | undefined;
  /**
   * Over the common `verify`.
   *
   * @default the common one
   * @example true
   */
  verify?: boolean | undefined;
}

/** A follower: a repository, alone or with settings of its own. */
export type Destination =
  | string
  | (RepositoryParts & DestinationSettings)
  | ({
      /**
       * Full resource name of the follower; the alternative to its three parts.
       *
       * @example 'projects/acme/locations/us-central1/repositories/prod'
       */
      name: string;
    } & DestinationSettings);

/** When the Scheduler starts an execution. */
export interface Schedule {
  /**
   * Five fields of unix cron: minute, hour, day of month, month, day of week. Lists, ranges, steps and the English
   * names of months and days are understood; nicknames as `@daily` and seconds are not.
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
  timeZone?: string | undefined;
}

/** How a destination is copied to. Every API field that is left out is not sent: the API's default applies. */
export interface Copy {
  /**
   * `api`: Artifact Registry's CopyRepository, all inside Google. `job`: the container's own copier, in one execution
   * of the Cloud Run job for all destinations that ask for it, which must then have the same `copy`. Needs `job`.
   *
   * @default 'api'
   * @example 'job'
   */
  engine?: 'api' | 'job' | undefined;
  /**
   * Go on past a version that cannot be copied (a missing file, say) instead of failing the operation.
   * Such versions are reported as skipped.
   *
   * @default not sent
   * @example true
   */
  continueOnSkippedVersion?: boolean | undefined;
  /**
   * Copy only versions created or updated in the last N × 24 hours before the operation starts; 0 means all.
   * A whole number from 0 to 36500.
   *
   * @default not sent
   * @example 7
   */
  maxVersionAgeDays?: number | undefined;
  /**
   * Copy attachments (signatures, SBOMs, attestations that refer to a version) too.
   *
   * @default not sent
   * @example true
   */
  allAttachmentsIncluded?: boolean | undefined;
  /**
   * Copy no tags. A mirror then leaves the follower's own tags alone, and keeps what is under them.
   *
   * @default not sent
   * @example true
   */
  allTagsExcluded?: boolean | undefined;
  /**
   * Whether a run that skipped versions still counts as a success. With `false` it is a partial failure.
   *
   * @default false
   * @example true
   */
  allowSkippedVersions?: boolean | undefined;
  /**
   * Behaviour fields that the API gained after this release, sent as they are beside the ones above.
   * Values are strings, numbers, booleans, or lists and objects of them.
   *
   * @default none
   * @example { destinationExistsBehavior: 'OVERWRITE' }
   */
  behavior?: Record<string, unknown> | undefined;
  /**
   * Only packages that match one of these globs (`*` stops at a slash, `**` does not). With engine `job` only.
   *
   * @default all
   * @example ['team/*']
   */
  packages?: string[] | undefined;
  /**
   * Only tags that match one of these globs, and what they are on. With engine `job` only.
   *
   * @default all
   * @example ['release-*']
   */
  tags?: string[] | undefined;
  /**
   * Only the newest N tags of each package; a whole number from 1. With engine `job` only.
   *
   * @default all
   * @example 10
   */
  newestTags?: number | undefined;
  /**
   * Which tags are the newest: the highest semantic versions, or those on what was updated last.
   *
   * @default 'semver'
   * @example 'time'
   */
  newestBy?: 'semver' | 'time' | undefined;
  /**
   * Only these platforms. With engine `job` only.
   *
   * @default all
   * @example { include: ['linux/amd64', 'linux/arm64'] }
   */
  platforms?: Platforms | undefined;
  /**
   * What becomes of a tag that the destination has on another version. With engine `job` only. A mirror that follows
   * moves it all the same, unless `mirror.protect.tags` names it.
   *
   * @default 'update'
   * @example 'keep'
   */
  moved?: 'update' | 'keep' | 'fail' | undefined;
  /**
   * Copy images whose layers lie elsewhere (foreign layers); without it they fail by name. With engine `job` only.
   *
   * @default false
   * @example true
   */
  foreignLayers?: boolean | undefined;
}

/** Platforms that the job's own copy takes. */
export interface Platforms {
  /**
   * Platforms as `os/architecture`, `os/architecture/variant`. An index is copied whole if it has one of them, and not
   * at all otherwise.
   *
   * @example ['linux/amd64']
   */
  include: string[];
  /**
   * Leave the other platforms out of an index, which then has another digest than at the leader.
   *
   * @default false
   * @example true
   */
  rewriteIndex?: boolean | undefined;
}

/** How the workflow waits for a copy. All in seconds. */
export interface Poll {
  /**
   * Pause before the first look at the operation; 1 to 3600.
   *
   * @default 5
   * @example 10
   */
  initialDelay?: number | undefined;
  /**
   * What each pause is multiplied by to give the next; 1 to 10.
   *
   * @default 1.5
   * @example 2
   */
  multiplier?: number | undefined;
  /**
   * Longest pause; 1 to 3600. Raised with a notice where the number of polls would go beyond what one
   * execution may do.
   *
   * @default 30
   * @example 60
   */
  maxDelay?: number | undefined;
  /**
   * When to give up waiting; 60 to 2592000 (thirty days). The operation itself goes on.
   *
   * @default 43200
   * @example 86400
   */
  deadline?: number | undefined;
}

/** What a mirror never deletes, whatever the leader holds. */
export interface Protection {
  /**
   * Tags, as globs (`*` any characters but a slash, `**` any at all, `?` one); a version under such a tag is kept,
   * and the tag is never moved or removed.
   *
   * @default none
   * @example ['stable', 'release-*']
   */
  tags?: string[] | undefined;
  /**
   * Packages, as globs.
   *
   * @default none
   * @example ['base/*']
   */
  packages?: string[] | undefined;
  /**
   * Versions younger than this many days are kept; 0 to 36500.
   *
   * @default 0
   * @example 7
   */
  newerThanDays?: number | undefined;
}

/** Keeps a follower an exact copy: what the leader does not have is removed, within limits. */
export interface Mirror {
  /**
   * Most deletions in a run (versions deleted, tags removed or moved away). Above it nothing is deleted.
   * A whole number from 0 to 10000000.
   *
   * @default 100
   * @example 500
   */
  maxDeletions?: number | undefined;
  /**
   * Most deletions in a run as a share of the destination, 0 to 1, rounded up. Above it nothing is deleted.
   *
   * @default 0.1
   * @example 0.25
   */
  maxDeletionShare?: number | undefined;
  /**
   * Whether an empty leader may empty its followers.
   *
   * @default false
   * @example true
   */
  allowEmptySource?: boolean | undefined;
  /**
   * What is never deleted.
   *
   * @default nothing
   * @example { tags: ['stable'] }
   */
  protect?: Protection | undefined;
}

/** The optional Cloud Run job that does what CopyRepository cannot: mirror, verify, its own copy. */
export interface Job {
  /**
   * Image to deploy, by its digest: a tag may be moved, and the job would be another one without a deploy.
   *
   * @default built by `deploy` from the Dockerfile
   * @example 'europe-west1-docker.pkg.dev/acme/tools/replicator@sha256:…'
   */
  image?: string | undefined;
  /**
   * Parallel tasks of a copy by the job; 1 to 100. A mirror or a verification is one task.
   *
   * @default 1
   * @example 4
   */
  tasks?: number | undefined;
  /**
   * Longest time of one task, in seconds; 60 to 604800. The workflow waits for it a quarter of an hour longer.
   *
   * @default 43200
   * @example 86400
   */
  timeout?: number | undefined;
  /**
   * Memory of a task, from 512Mi to 4Gi with one CPU, up to 32Gi with eight.
   *
   * @default '512Mi'
   * @example '1Gi'
   */
  memory?: string | undefined;
  /**
   * CPUs of a task: 1, 2, 4, 6 or 8.
   *
   * @default 1
   * @example 2
   */
  cpu?: number | undefined;
  /**
   * Deploy the same image as a private Cloud Run service too, for `POST /copy`.
   *
   * @default false
   * @example true
   */
  service?: boolean | undefined;
  /**
   * Environment variables of the job and the service, for OpenTelemetry and for Node. Anybody who may see the job may
   * read them, and so they stand in the commands of a deploy: no secret belongs here. Those that the job has settings
   * in, or that Cloud Run and Google's libraries use, are refused.
   *
   * @default none
   * @example { OTEL_EXPORTER_OTLP_ENDPOINT: 'https://collector.example.com' }
   */
  env?: Record<string, string> | undefined;
}

/** How followers that are missing are made, where not as their leader is. */
export interface CreateDestinations {
  /**
   * Cloud KMS keys, by full name; a follower takes the one of its own location.
   *
   * @default the leader's, where they share a location
   * @example ['projects/acme/locations/us-central1/keyRings/images/cryptoKeys/prod']
   */
  kmsKeys?: string[] | undefined;
  /**
   * Labels of the followers.
   *
   * @default the leader's
   * @example { team: 'platform' }
   */
  labels?: Record<string, string> | undefined;
  /**
   * Whether tags of Docker followers are immutable. A mirror cannot move or remove such tags.
   *
   * @default the leader's
   * @example false
   */
  immutableTags?: boolean | undefined;
}

/** A dashboard and alerts in Cloud Monitoring. */
export interface Monitoring {
  /**
   * Whether there is a dashboard: runs, lag, what was copied, deleted and skipped, errors.
   *
   * @default true
   * @example false
   */
  dashboard?: boolean | undefined;
  /**
   * Alert policies; `false`: none. Without `channels` their incidents are in the console alone.
   *
   * @default true
   * @example { channels: ['projects/acme/notificationChannels/1234567890'] }
   */
  alerts?: Alerts | boolean | undefined;
}

/** Alert policies of one replicator, and who is told. */
export interface Alerts {
  /**
   * Notification channels, by full name. Each has to be there before a deploy:
   * `gcloud beta monitoring channels list --format='value(name)'` names them.
   *
   * @default none
   * @example ['projects/acme/notificationChannels/1234567890']
   */
  channels?: string[] | undefined;
  /**
   * A run failed, in whole or in part, or was ended by Cloud Workflows itself.
   *
   * @default true
   * @example false
   */
  runFailed?: boolean | undefined;
  /**
   * No run has succeeded for so many periods of the schedule. Runs that gave way to an older one and dry runs are no
   * successes. Needs `schedule`.
   *
   * @default true with a schedule
   * @example { periods: 3 }
   */
  noSuccess?: NoSuccess | boolean | undefined;
  /**
   * A limit of `mirror` refused a deletion. There where a destination is mirrored.
   *
   * @default true with a mirror
   * @example false
   */
  deleteLimit?: boolean | undefined;
  /**
   * A copy skipped versions.
   *
   * @default true
   * @example false
   */
  skippedVersions?: boolean | undefined;
}

/** How long no run may have succeeded. */
export interface NoSuccess {
  /**
   * Periods of the schedule; 1 to 100. Where the schedule is irregular, the longest time that so many of its periods
   * take. More than two where a run takes longer than a period.
   *
   * @default 2
   * @example 3
   */
  periods?: number | undefined;
}

/** Where an execution tells how it ended. */
export interface Notify {
  /**
   * A Pub/Sub topic: its full name, or its id where it is in `project`. It has to be there; `npm run doctor` prints the
   * command that makes it.
   *
   * @example 'projects/acme/topics/replication'
   */
  topic: string;
  /**
   * When to publish a message: `failure`, when a run failed in whole or in part; `always`, when a run ended, also one
   * that gave way to an older execution. A dry run tells nothing.
   *
   * @default 'failure'
   * @example 'always'
   */
  on?: 'failure' | 'always' | undefined;
}

/** One workflow: a leader, its followers, and when they are made equal. */
export interface Replicator {
  /**
   * Prefix of everything that is deployed, and the workflow's id. 1 to 64 letters, digits, `_` and `-`;
   * starts with a letter, ends in a letter or digit. With a `job`, whose name it is too, at most 63 lowercase
   * letters, digits and `-`.
   *
   * @default 'replicator'
   * @example 'nightly'
   */
  name?: string | undefined;
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
  /**
   * When to run. Left out: only by hand.
   *
   * @default no schedule
   * @example { cron: '0 3 * * *', timeZone: 'Europe/Berlin' }
   */
  schedule?: Schedule | undefined;
  /**
   * How to copy, for every destination.
   *
   * @default the API's own behaviour
   * @example { continueOnSkippedVersion: true }
   */
  copy?: Copy | undefined;
  /**
   * How to wait for a copy.
   *
   * @default the defaults of its fields
   * @example { deadline: 86400 }
   */
  poll?: Poll | undefined;
  /**
   * Keep the followers exact copies: after the copy, move and remove tags and delete versions as the leader has them,
   * and compare. `true`: with the default limits. Needs `job`.
   *
   * @default false
   * @example { maxDeletions: 500 }
   */
  mirror?: Mirror | boolean | undefined;
  /**
   * Compare every follower with the leader after the copy. A mirror does so anyway. Needs `job`.
   *
   * @default false
   * @example true
   */
  verify?: boolean | undefined;
  /**
   * The Cloud Run job, which `mirror`, `verify` and `copy.engine: 'job'` need. `true`: with its defaults. With it a
   * dry run tells the true difference.
   *
   * @default false
   * @example { tasks: 4 }
   */
  job?: Job | boolean | undefined;
  /**
   * What an execution does that finds an older one of the same workflow still active: `skip` ends it as
   * skipped, `allow` lets both run.
   *
   * @default 'skip'
   * @example 'allow'
   */
  overlap?: 'skip' | 'allow' | undefined;
  /**
   * Locations beyond the list that this release knows, for a region that Google opened after it.
   *
   * @default none
   * @example ['europe-west99']
   */
  extraLocations?: string[] | undefined;
  /**
   * Whether `deploy` makes followers that are missing: of the leader's format, with its labels, its immutable tags, and
   * its key where they share a location. `true`, or settings that differ from the leader's. What is there already is
   * never changed.
   *
   * @default false
   * @example true
   */
  createDestinations?: boolean | CreateDestinations | undefined;
  /**
   * Log-based metrics, a dashboard and alert policies in Cloud Monitoring, as files beside the workflow and deployed
   * with it. `false`: none of them.
   *
   * @default true
   * @example { alerts: { channels: ['projects/acme/notificationChannels/1234567890'] } }
   */
  monitoring?: Monitoring | boolean | undefined;
  /**
   * Publish the result of a run to a Pub/Sub topic: to a chat, a ticket, whatever comes next.
   *
   * @default nothing is published
   * @example { topic: 'replication' }
   */
  notify?: Notify | undefined;
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
