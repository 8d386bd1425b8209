/**
 * The plan: a config with every name parsed and every default filled in. `resolve` makes it, `compile` reads
 * it. Plain data; the same config gives the same plan.
 */

/** A repository whose three parts are known to be well formed. */
export interface RepositoryName {
  /** Project id, `acme` or `example.com:acme`. */
  readonly project: string;
  /** Region or multi-region, in lower case. */
  readonly location: string;
  /** Repository id. */
  readonly repository: string;
}

/** JSON, as a behaviour field may hold it. */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };

/** Where in the config a value came from, for messages: `[1].destinations[0].copy.maxVersionAgeDays`. */
export type ConfigPath = string;

/** What only the job's own copy takes; a field is absent where it was not set. */
export interface EngineCopyPlan {
  /** Globs. */
  readonly packages?: readonly string[];
  /** Globs. */
  readonly tags?: readonly string[];
  readonly newestTags?: number;
  readonly newestBy?: 'semver' | 'time';
  readonly platforms?: readonly string[];
  readonly rewriteIndex?: boolean;
  readonly moved?: 'update' | 'keep' | 'fail';
  readonly foreignLayers?: boolean;
}

/** How one destination is copied to. */
export interface CopyPlan {
  readonly engine: 'api' | 'job';
  /** `behavior` of the request, only what was set; empty when nothing was. */
  readonly behavior: { readonly [field: string]: Json };
  /** Whether skipped versions leave the run a success. */
  readonly allowSkippedVersions: boolean;
  readonly own: EngineCopyPlan;
}

/** What a mirror may delete, and what it never does. */
export interface MirrorPlan {
  /** Most deletions in a run: versions deleted, tags removed or moved away. */
  readonly maxDeletions: number;
  /** Most deletions as a share of the destination's versions and tags, 0 to 1, rounded up. */
  readonly maxDeletionShare: number;
  readonly allowEmptySource: boolean;
  readonly protect: {
    /** Globs. */
    readonly tags: readonly string[];
    /** Globs over package ids, decoded (`team/app`). */
    readonly packages: readonly string[];
    readonly newerThanDays: number;
  };
}

/** The Cloud Run job; it has the workflow's name, project and region. */
export interface JobPlan {
  /** By digest; undefined where `deploy` builds it. */
  readonly image: string | undefined;
  /** Tasks of a copy. Everything else is one task. */
  readonly tasks: number;
  /** Seconds. */
  readonly timeout: number;
  readonly memory: string;
  readonly cpu: number;
  readonly service: boolean;
  /** Variables, beside those that the workflow and Cloud Run set. */
  readonly env: Readonly<Record<string, string>>;
}

/** One follower. */
export interface DestinationPlan {
  /** Short name, unique in its workflow and stable when a neighbour is added, as `europe-west1-prod`. */
  readonly id: string;
  readonly repository: RepositoryName;
  readonly copy: CopyPlan;
  /** Undefined: it is not kept an exact copy. */
  readonly mirror: MirrorPlan | undefined;
  /** Whether it is compared with the leader after the copy. A mirror does so anyway. */
  readonly verify: boolean;
  readonly path: ConfigPath;
}

/** Waiting, in seconds. */
export interface PollPlan {
  readonly initialDelay: number;
  readonly multiplier: number;
  readonly maxDelay: number;
  readonly deadline: number;
}

/** How a missing follower is made; what is absent is as at the leader. */
export interface CreatePlan {
  /** Full names, each for followers in its location. */
  readonly kmsKeys: readonly string[];
  readonly labels: Readonly<Record<string, string>> | undefined;
  readonly immutableTags: boolean | undefined;
}

/** Which alert policies there are, and whom they tell. */
export interface AlertsPlan {
  /** Full names of notification channels. */
  readonly channels: readonly string[];
  readonly runFailed: boolean;
  /** Undefined: there is none, as where there is no schedule. */
  readonly noSuccess: NoSuccessPlan | undefined;
  /** Only where a destination is mirrored. */
  readonly deleteLimit: boolean;
  readonly skippedVersions: boolean;
}

/** How long no run may have succeeded. */
export interface NoSuccessPlan {
  readonly periods: number;
  /** The longest time that so many periods of the schedule take. */
  readonly seconds: number;
}

/** What is deployed to Cloud Monitoring. Log-based metrics always are. */
export interface MonitoringPlan {
  readonly dashboard: boolean;
  readonly alerts: AlertsPlan | undefined;
}

/** Where an execution tells how it ended. */
export interface NotifyPlan {
  /** Full name of a Pub/Sub topic. */
  readonly topic: string;
  /** `failure`: when it failed, in whole or in part. */
  readonly on: 'failure' | 'always';
}

/** One workflow. */
export interface WorkflowPlan {
  /** Workflow id and prefix of everything deployed. */
  readonly name: string;
  readonly project: string;
  readonly region: string;
  readonly source: RepositoryName;
  /** At least one. */
  readonly destinations: readonly DestinationPlan[];
  readonly schedule: { readonly cron: string; readonly timeZone: string } | undefined;
  readonly poll: PollPlan;
  /** There wherever a destination needs it. */
  readonly job: JobPlan | undefined;
  readonly overlap: 'skip' | 'allow';
  /** How followers that are missing are made by a deploy; undefined: they are not. */
  readonly create: CreatePlan | undefined;
  /** Undefined: neither metrics nor a dashboard nor alerts. */
  readonly monitoring: MonitoringPlan | undefined;
  /** Undefined: nothing is told. */
  readonly notify: NotifyPlan | undefined;
  /** Prefix of this workflow's values in the config: empty, or `[2]` in an array. */
  readonly path: ConfigPath;
}

/** The full resource name of a repository. */
export function resourceName({ project, location, repository }: RepositoryName): string {
  return `projects/${project}/locations/${location}/repositories/${repository}`;
}

/** Every repository of a plan: the leader, then its followers. */
export function repositoriesOf({
  source,
  destinations,
}: Pick<WorkflowPlan, 'source' | 'destinations'>): RepositoryName[] {
  return [source, ...destinations.map(({ repository }) => repository)];
}
