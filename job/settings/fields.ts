/**
 * Every setting of the job, once. Command line, environment, help, `docs/job.md`, the body of `POST /copy` and all
 * messages about settings are made from this table.
 */
import { type CommandName, commandNames, many, optional, preset, type ValueOf } from './field.ts';
import { behavior, choice, moment, number, onOff, repository, text, whole } from './kinds.ts';

const everywhere = commandNames;
const ownCopies: readonly CommandName[] = ['copy'];
const copies: readonly CommandName[] = ['copy', 'serve'];
const compares: readonly CommandName[] = ['plan', 'mirror', 'verify', 'serve'];
const deletes: readonly CommandName[] = ['plan', 'mirror', 'serve'];
const follows: readonly CommandName[] = ['plan', 'mirror', 'verify'];
const once: readonly CommandName[] = ['copy', 'plan', 'mirror', 'verify'];

/** Behaviour fields of CopyRepository that are settings of their own. */
export const API_FIELDS = [
  'continueOnSkippedVersion',
  'maxVersionAgeDays',
  'allAttachmentsIncluded',
  'allTagsExcluded',
] as const;

/** The table. */
export const fields = {
  source: optional(repository, {
    flag: 'source',
    env: 'SOURCE_REPOSITORY',
    group: 'Repositories',
    commands: everywhere,
    config: 'source',
    override: 'subset',
    isRequired: true,
    about:
      'The leader: the repository that is copied from, as projects/PROJECT/locations/LOCATION/repositories/REPOSITORY or its address at docker or in the console',
  }),
  destinations: many(repository, {
    flag: 'destination',
    env: 'DESTINATION_REPOSITORIES',
    envOne: 'DESTINATION_REPOSITORY',
    group: 'Repositories',
    commands: everywhere,
    config: 'destinations',
    override: 'subset',
    isRequired: true,
    about: 'A follower: a repository that is copied to',
  }),
  extraLocations: many(text('LOCATION', 'a location, such as europe-west99', /^[a-z]+(-[a-z]+\d+)?$/), {
    flag: 'extra-location',
    env: 'EXTRA_LOCATIONS',
    group: 'Repositories',
    commands: everywhere,
    config: 'extraLocations',
    about: 'A location beyond those that this release knows',
  }),

  engine: preset(choice('api', 'job'), 'api', {
    flag: 'engine',
    env: 'COPY_ENGINE',
    group: 'What is copied',
    commands: copies,
    config: 'copy.engine',
    about:
      'api: CopyRepository, all inside Google. job: the own copier, through which every byte goes, for what CopyRepository cannot do and for other registries (docker://HOST/PATH)',
  }),
  continueOnSkippedVersion: optional(onOff, {
    flag: 'continue-on-skipped-version',
    env: 'CONTINUE_ON_SKIPPED_VERSION',
    group: 'What is copied',
    commands: everywhere,
    config: 'copy.continueOnSkippedVersion',
    override: 'any',
    about: 'Go on past a version that cannot be copied, instead of failing the operation',
  }),
  maxVersionAgeDays: optional(whole(0, 36_500), {
    flag: 'max-version-age-days',
    env: 'MAX_VERSION_AGE_DAYS',
    unit: 'days',
    group: 'What is copied',
    commands: everywhere,
    config: 'copy.maxVersionAgeDays',
    override: 'younger',
    about: 'Copy only versions created or updated in the last N days; 0 means all',
  }),
  allAttachmentsIncluded: optional(onOff, {
    flag: 'all-attachments-included',
    env: 'ALL_ATTACHMENTS_INCLUDED',
    group: 'What is copied',
    commands: everywhere,
    config: 'copy.allAttachmentsIncluded',
    override: 'off',
    about: 'Copy attachments (signatures, SBOMs, attestations) too',
  }),
  allTagsExcluded: optional(onOff, {
    flag: 'all-tags-excluded',
    env: 'ALL_TAGS_EXCLUDED',
    group: 'What is copied',
    commands: everywhere,
    config: 'copy.allTagsExcluded',
    override: 'on',
    about: 'Copy no tags',
  }),
  behavior: optional(behavior(API_FIELDS), {
    flag: 'behavior',
    env: 'COPY_BEHAVIOR',
    group: 'What is copied',
    commands: everywhere,
    config: 'copy.behavior',
    about: 'Behaviour fields that the API gained after this release, sent as they are',
  }),
  allowSkippedVersions: preset(onOff, false, {
    flag: 'allow-skipped-versions',
    env: 'ALLOW_SKIPPED_VERSIONS',
    group: 'What is copied',
    commands: everywhere,
    config: 'copy.allowSkippedVersions',
    override: 'off',
    about: 'A run that skipped versions still counts as a success',
  }),

  packages: many(text('GLOB', 'a glob, such as team/*'), {
    flag: 'package',
    env: 'COPY_PACKAGES',
    group: 'What is copied',
    commands: ownCopies,
    about: 'Only packages that a glob fits. With --engine job',
  }),
  tags: many(text('GLOB', 'a glob, such as v1.*'), {
    flag: 'tag',
    env: 'COPY_TAGS',
    group: 'What is copied',
    commands: ownCopies,
    about:
      'Only tags that a glob fits, with what is attached to their images; nothing that has no tag. With --engine job',
  }),
  newestTags: optional(whole(1, 1_000_000), {
    flag: 'newest-tags',
    env: 'COPY_NEWEST_TAGS',
    group: 'What is copied',
    commands: ownCopies,
    about: 'Only the newest N tags of each package. With --engine job',
  }),
  newestBy: preset(choice('semver', 'time'), 'semver', {
    flag: 'newest-by',
    env: 'COPY_NEWEST_BY',
    group: 'What is copied',
    commands: ownCopies,
    about: 'Which tags are newest. semver: the highest versions. time: what was updated last',
  }),
  platforms: many(
    text('PLATFORM', 'a platform, such as linux/arm64', /^[a-z0-9*]+\/[a-z0-9_*]+(\/[a-z0-9*]+)?$/),
    {
      flag: 'platform',
      env: 'COPY_PLATFORMS',
      group: 'What is copied',
      commands: ownCopies,
      about:
        'Only images of a platform. An index is copied whole if it has one of them, and not at all otherwise; see --rewrite-index. With --engine job',
    },
  ),
  rewriteIndex: preset(onOff, false, {
    flag: 'rewrite-index',
    env: 'COPY_REWRITE_INDEX',
    group: 'What is copied',
    commands: ownCopies,
    about: 'Leave other platforms out of an index, which then has another digest than at the source',
  }),
  moved: preset(choice('update', 'keep', 'fail'), 'update', {
    flag: 'moved',
    env: 'COPY_MOVED',
    group: 'What is copied',
    commands: ownCopies,
    about: 'What becomes of a tag that is on another image at the destination. With --engine job',
  }),
  foreignLayers: preset(onOff, false, {
    flag: 'foreign-layers',
    env: 'COPY_FOREIGN_LAYERS',
    group: 'What is copied',
    commands: ownCopies,
    about:
      'Copy layers whose publisher wants them to be fetched from elsewhere; otherwise their images are reported and left out. With --engine job',
  }),

  wait: preset(onOff, true, {
    flag: 'wait',
    env: 'POLL_OPERATION',
    group: 'Waiting for the copy',
    commands: copies,
    config: 'wait',
    override: 'any',
    about: 'Return as soon as the copies are started',
  }),
  initialDelay: preset(number(1, 3600), 5, {
    flag: 'initial-delay',
    env: 'POLL_INITIAL_DELAY',
    unit: 's',
    group: 'Waiting for the copy',
    commands: copies,
    config: 'poll.initialDelay',
    override: 'any',
    about: 'Pause before the first look at the operation',
  }),
  multiplier: preset(number(1, 10), 1.5, {
    flag: 'multiplier',
    env: 'POLL_MULTIPLIER',
    group: 'Waiting for the copy',
    commands: copies,
    config: 'poll.multiplier',
    override: 'any',
    about: 'What each pause is multiplied by to give the next',
  }),
  maxDelay: preset(number(1, 3600), 30, {
    flag: 'max-delay',
    env: 'POLL_MAX_DELAY',
    unit: 's',
    group: 'Waiting for the copy',
    commands: copies,
    config: 'poll.maxDelay',
    override: 'any',
    about: 'Longest pause',
  }),
  deadline: preset(number(60, 2_592_000), 43_200, {
    flag: 'deadline',
    env: 'POLL_DEADLINE',
    unit: 's',
    group: 'Waiting for the copy',
    commands: copies,
    config: 'poll.deadline',
    override: 'lower',
    about: 'When to give up waiting; the operation itself goes on',
  }),

  maxDeletions: preset(whole(0, 10_000_000), 100, {
    flag: 'max-deletions',
    env: 'MAX_DELETIONS',
    group: 'What a mirror may delete',
    commands: deletes,
    config: 'mirror.maxDeletions',
    override: 'lower',
    about:
      'Most deletions in a run: versions deleted, tags removed or moved away. Above it nothing is deleted',
  }),
  maxDeletionShare: preset(number(0, 1), 0.1, {
    flag: 'max-deletion-share',
    env: 'MAX_DELETION_SHARE',
    group: 'What a mirror may delete',
    commands: deletes,
    config: 'mirror.maxDeletionShare',
    override: 'lower',
    about: 'Most deletions as a share of the destination, rounded up. Above it nothing is deleted',
  }),
  allowEmptySource: preset(onOff, false, {
    flag: 'allow-empty-source',
    env: 'ALLOW_EMPTY_SOURCE',
    group: 'What a mirror may delete',
    commands: deletes,
    config: 'mirror.allowEmptySource',
    override: 'off',
    about: 'An empty leader may empty its followers',
  }),
  protectTags: many(text('GLOB', 'a glob, such as release-*'), {
    flag: 'protect-tag',
    env: 'PROTECT_TAGS',
    group: 'What a mirror may delete',
    commands: compares,
    config: 'mirror.protect.tags',
    override: 'added',
    about: 'Tags that are never moved or removed, nor the versions under them deleted',
  }),
  protectPackages: many(text('GLOB', 'a glob, such as base/*'), {
    flag: 'protect-package',
    env: 'PROTECT_PACKAGES',
    group: 'What a mirror may delete',
    commands: compares,
    config: 'mirror.protect.packages',
    override: 'added',
    about: 'Packages in which nothing is deleted',
  }),
  newerThanDays: preset(number(0, 36_500), 0, {
    flag: 'newer-than-days',
    env: 'NEWER_THAN_DAYS',
    unit: 'days',
    group: 'What a mirror may delete',
    commands: compares,
    config: 'mirror.protect.newerThanDays',
    override: 'higher',
    about: 'Versions younger than this are kept',
  }),
  claim: preset(onOff, false, {
    flag: 'claim',
    env: undefined,
    group: 'What a mirror may delete',
    commands: ['mirror'],
    about:
      'Show the plan and set the label by which a destination is known as a mirror of this source; delete nothing yet. A flag only: in a variable it would claim again, run after run',
  }),

  copyStartTime: optional(moment, {
    flag: 'copy-start-time',
    env: 'COPY_START_TIME',
    group: 'The copy before',
    commands: follows,
    about:
      'When the copy was started. What came later is neither missing nor deleted. Left out: the moment of this command',
  }),
  skippedVersions: preset(whole(0, 2_147_483_647), 0, {
    flag: 'skipped-versions',
    env: 'SKIPPED_VERSIONS',
    group: 'The copy before',
    commands: follows,
    about: 'How many versions the copy reported as skipped: so many are not counted as missing',
  }),

  mirror: preset(onOff, false, {
    flag: 'mirror',
    env: 'MIRROR',
    group: 'The run',
    commands: ['serve'],
    config: 'mirror',
    override: 'off',
    about: 'After each copy, make the destinations exact copies',
  }),
  verify: preset(onOff, false, {
    flag: 'verify',
    env: 'VERIFY',
    group: 'The run',
    commands: ['serve'],
    config: 'verify',
    override: 'any',
    about: 'After each copy, compare the destinations with the source',
  }),
  dryRun: preset(onOff, false, {
    flag: 'dry-run',
    env: 'DRY_RUN',
    group: 'The run',
    commands: ['copy', 'mirror', 'serve'],
    config: 'dryRun',
    override: 'on',
    about: 'Change nothing; say what would be done',
  }),
  requestsPerMinute: preset(whole(1, 60_000), 6000, {
    flag: 'requests-per-minute',
    env: 'REQUESTS_PER_MINUTE',
    group: 'The run',
    commands: everywhere,
    about: 'Most requests to Artifact Registry; the default is a tenth of the quota',
  }),
  writesPerMinute: preset(whole(1, 18_000), 1800, {
    flag: 'writes-per-minute',
    env: 'WRITES_PER_MINUTE',
    group: 'The run',
    commands: everywhere,
    about: 'Most writes among them; the default is a tenth of the quota',
  }),
  deletesPerMinute: preset(whole(1, 18_000), 1800, {
    flag: 'deletes-per-minute',
    env: 'DELETES_PER_MINUTE',
    group: 'The run',
    commands: everywhere,
    about: 'Most deletes among them; the default is a tenth of the quota',
  }),
  taskIndex: preset(whole(0, 9999), 0, {
    flag: 'task-index',
    env: 'CLOUD_RUN_TASK_INDEX',
    group: 'The run',
    commands: once,
    about: 'Which of the tasks this is; Cloud Run sets the variable',
  }),
  taskCount: preset(whole(1, 10_000), 1, {
    flag: 'task-count',
    env: 'CLOUD_RUN_TASK_COUNT',
    group: 'The run',
    commands: once,
    about: 'Over how many tasks a copy is dealt; Cloud Run sets the variable. All but copy run as one',
  }),
  emulatorHost: optional(text('HOST:PORT', 'HOST:PORT, such as 127.0.0.1:8787', /^[^\s/@]+:\d{1,5}$/), {
    flag: 'emulator-host',
    env: 'REPLICATOR_EMULATOR_HOST',
    group: 'The run',
    commands: everywhere,
    about: 'Work on the emulator there, instead of Google Cloud',
  }),

  json: preset(onOff, false, {
    flag: 'json',
    env: 'OUTPUT_JSON',
    group: 'Output',
    commands: once,
    about: 'Print one document of JSON',
  }),
  all: preset(onOff, false, {
    flag: 'all',
    env: 'OUTPUT_ALL',
    group: 'Output',
    commands: follows,
    about: 'Print lists whole, however long',
  }),
  detailedExitcode: preset(onOff, false, {
    flag: 'detailed-exitcode',
    env: 'DETAILED_EXITCODE',
    group: 'Output',
    commands: ['plan'],
    about: 'Exit 2 when there is something to do',
  }),
  log: preset(choice('auto', 'text', 'json'), 'auto', {
    flag: 'log',
    env: 'LOG_FORMAT',
    group: 'Output',
    commands: everywhere,
    about: 'Log lines for people or for machines; auto: for people on a terminal',
  }),
  name: optional(text('NAME', 'a name'), {
    flag: 'name',
    env: 'REPLICATOR_NAME',
    group: 'Output',
    commands: everywhere,
    about: 'Name of the replicator, for log entries',
  }),
  execution: optional(text('ID', 'an id'), {
    flag: 'execution',
    env: 'REPLICATOR_EXECUTION',
    group: 'Output',
    commands: everywhere,
    about: 'Id of the workflow execution that started this, for log entries',
  }),

  port: preset(whole(0, 65_535), 8080, {
    flag: 'port',
    env: 'PORT',
    group: 'Server',
    commands: ['serve'],
    about: 'Where to listen; 0 takes a free port',
  }),
  host: preset(text('ADDRESS', 'an address'), '0.0.0.0', {
    flag: 'host',
    env: 'LISTEN_HOST',
    group: 'Server',
    commands: ['serve'],
    about: 'Address to listen on',
  }),
  auth: preset(choice('google', 'cloud-run', 'none'), 'google', {
    flag: 'auth',
    env: 'AUTH',
    group: 'Server',
    commands: ['serve'],
    about:
      "How callers are checked. google: by a Google-signed identity token, see --audience and --allowed-email. cloud-run: not here, Cloud Run's IAM does. none: not at all, only with the emulator or on a loopback address",
  }),
  audience: optional(text('URL', 'the URL of this service, https://…', /^https?:\/\/[^\s/]+/), {
    flag: 'audience',
    env: 'AUDIENCE',
    group: 'Server',
    commands: ['serve'],
    about: "This service's URL: a token must be for it",
  }),
  allowedEmails: many(text('EMAIL', 'an e-mail address, or * for any', /^(\*|[^\s@*]+@[^\s@*]+)$/), {
    flag: 'allowed-email',
    env: 'ALLOWED_EMAILS',
    group: 'Server',
    commands: ['serve'],
    about:
      'Account that may call. * lets any Google account in the world call, since each can have a token for any audience',
  }),
  allowOverrides: many(text('FIELD', 'a field of a body, such as mirror.maxDeletions'), {
    flag: 'allow-override',
    env: 'ALLOW_OVERRIDES',
    group: 'Server',
    commands: ['serve'],
    about: 'A field that callers may set to any value, beyond what they may without it',
  }),
  grace: preset(number(0, 3600), 8, {
    flag: 'grace',
    env: 'SHUTDOWN_GRACE',
    unit: 's',
    group: 'Server',
    commands: ['serve'],
    about: 'How long a running copy may go on after SIGTERM. Cloud Run stops a service 10 s after it',
  }),
};

/** Names of all settings. */
export type FieldName = keyof typeof fields;

/** In the order of the table. */
export const fieldNames = Object.keys(fields) as FieldName[];

/** All settings of a command, each given or defaulted. Those that a command does not take have their defaults. */
export type Settings = { readonly [K in FieldName]: ValueOf<(typeof fields)[K]> };
