/** From settings to a request: what only several of them together can get wrong is checked here. */
import type { CopyBehavior, JobRequest } from '../request.ts';
import type { CommandName, Field } from './field.ts';
import { API_FIELDS, type FieldName, fields, type Settings } from './fields.ts';
import { checkDistinct, checkLocations, type Mention, noticesOf } from './repositories.ts';
import type { Fault } from './usage-error.ts';

/** A request, and what a person should know of how it was understood. */
export interface Understood {
  readonly request: JobRequest;
  readonly notices: readonly string[];
}

/**
 * Makes a command's request.
 *
 * @param at what a setting is called where it was given, for messages
 * @param faults what is wrong is added; the request means nothing then
 */
export function toRequest(
  command: CommandName,
  settings: Settings,
  at: (name: FieldName) => string,
  faults: Fault[],
): Understood {
  const before = faults.length;
  const source = settings.source && { repository: settings.source, at: at('source') };
  const destinations = settings.destinations.map((repository) => ({ repository, at: at('destinations') }));
  // A name that was refused, or whose flag was misspelt, is not missing.
  const wasRefused = (name: FieldName) =>
    faults
      .slice(0, before)
      .some((fault) => fault.at === at(name) || fault.hint.includes(`--${fields[name].flag}?`));
  // A server whose callers may name them needs none.
  const isLeft = (name: 'source' | 'destinations') =>
    command === 'serve' && settings.allowOverrides.includes(name);
  if (!source && !wasRefused('source') && !isLeft('source')) faults.push(missing('source', at));
  if (destinations.length === 0 && !wasRefused('destinations') && !isLeft('destinations'))
    faults.push(missing('destinations', at));
  const mentions: readonly Mention[] = source ? [source, ...destinations] : destinations;
  checkLocations(mentions, settings.extraLocations, faults);
  checkDistinct(source?.repository, destinations, faults);
  checkEngine(command, settings, mentions, at, faults);
  checkWaiting(settings, at, faults);
  checkTask(command, settings, at, faults);
  return { request: build(settings), notices: noticesOf(mentions) };
}

function missing(name: FieldName, at: (name: FieldName) => string): Fault {
  const field = fields[name];
  const variables = [field.env, 'envOne' in field ? field.envOne : undefined].filter(Boolean).join(' or ');
  return { at: at(name), message: 'missing', hint: `give it, or set ${variables}` };
}

/** Settings of the job's own copier: CopyRepository has nothing like them. */
const ENGINE_FIELDS: readonly FieldName[] = [
  'packages',
  'tags',
  'newestTags',
  'platforms',
  'rewriteIndex',
  'moved',
  'foreignLayers',
];

/** What only one of the two ways to copy can do. */
function checkEngine(
  command: CommandName,
  settings: Settings,
  mentions: readonly Mention[],
  at: (name: FieldName) => string,
  faults: Fault[],
): void {
  if (settings.engine === 'job') {
    if (command === 'serve')
      faults.push({ at: at('engine'), message: 'serve copies with CopyRepository', hint: 'leave it out' });
    const isTimed = settings.source?.registry === undefined;
    for (const [name, isOn] of [
      ['maxVersionAgeDays', (settings.maxVersionAgeDays ?? 0) > 0],
      ['newestBy', settings.newestBy === 'time' && settings.newestTags !== undefined],
    ] as const)
      if (!isTimed && isOn)
        faults.push({
          at: at(name),
          message: 'only Artifact Registry tells when an image was pushed',
          hint: name === 'newestBy' ? 'write semver' : 'leave it out',
        });
    return;
  }
  for (const { repository, at: where } of mentions)
    if (repository.registry)
      faults.push({
        at: where,
        message: `${repository.text} is not Artifact Registry`,
        hint:
          command === 'copy'
            ? 'add --engine job, which copies from and to any registry'
            : `${command} knows no other`,
      });
  for (const name of ENGINE_FIELDS) {
    const { default: unset, many } = fields[name] as Field & { default?: unknown };
    const given = settings[name];
    if (many ? (given as readonly unknown[]).length > 0 : given !== unset)
      faults.push({ at: at(name), message: 'CopyRepository can not do that', hint: 'add --engine job' });
  }
}

/** Both pauses fit into the whole. */
function checkWaiting(settings: Settings, at: (name: FieldName) => string, faults: Fault[]): void {
  for (const limit of ['maxDelay', 'deadline'] as const) {
    if (!(settings.initialDelay > settings[limit])) continue;
    const message = `${settings.initialDelay} s is above ${at(limit)}, ${settings[limit]} s`;
    faults.push({ at: at('initialDelay'), message, hint: 'lower the one or raise the other' });
  }
}

function checkTask(
  command: CommandName,
  { taskIndex, taskCount }: Settings,
  at: (name: FieldName) => string,
  faults: Fault[],
): void {
  if (taskIndex >= taskCount) {
    const message = `${taskIndex} is no index of ${taskCount} tasks`;
    faults.push({ at: at('taskIndex'), message, hint: 'indexes begin with 0' });
  }
  // Two mirrors at once would each plan without the other.
  if (taskCount > 1 && command !== 'copy' && command !== 'serve') {
    const message = `${command} runs as one task, and this is one of ${taskCount}`;
    faults.push({ at: at('taskCount'), message, hint: 'start the execution with one task' });
  }
}

function build(settings: Settings): JobRequest {
  const { initialDelay, multiplier, maxDelay, deadline } = settings;
  return {
    // Where it is missing there is a fault, and nobody looks.
    source: settings.source?.name ?? { project: '', location: '', repository: '' },
    destinations: settings.destinations.map(({ name }) => name),
    behavior: behaviorOf(settings),
    allowSkippedVersions: settings.allowSkippedVersions,
    poll: { initialDelay, multiplier, maxDelay, deadline },
    wait: settings.wait,
    mirror: {
      maxDeletions: settings.maxDeletions,
      maxDeletionShare: settings.maxDeletionShare,
      allowEmptySource: settings.allowEmptySource,
      protect: {
        tags: settings.protectTags,
        packages: settings.protectPackages,
        newerThanDays: settings.newerThanDays,
      },
    },
    copyStartTime: settings.copyStartTime,
    dryRun: settings.dryRun,
    skippedVersions: settings.skippedVersions,
    limits: {
      requests: settings.requestsPerMinute,
      writes: settings.writesPerMinute,
      deletes: settings.deletesPerMinute,
    },
    task: { index: settings.taskIndex, count: settings.taskCount },
  };
}

/** Only what was given: the API's own default applies to the rest. */
function behaviorOf(settings: Settings): CopyBehavior {
  const given = API_FIELDS.filter((field) => settings[field] !== undefined);
  return { ...Object.fromEntries(given.map((field) => [field, settings[field]])), ...settings.behavior };
}
