/** A deploy for people: the list of changes, the commands, what was done and what was not. */

import { visible, visibleLines } from '../../job/log/logger.ts';
import { counted, duration } from '../../job/print/quantity.ts';
import { commandLine } from '../cloud/gcloud.ts';
import { chalk } from '../colours.ts';
import type { Progress } from '../progress.ts';
import { firstLine, type Outcome, type Telling } from './apply.ts';
import { commandsOf } from './commands.ts';
import type { Change, FieldChange } from './difference.ts';
import type { Resource } from './resource.ts';

const kinds: Readonly<Record<Resource['kind'], string>> = {
  apis: 'APIs',
  serviceAccount: 'service account',
  binding: 'role',
  repository: 'repository',
  claim: 'claim',
  image: 'image',
  runJob: 'Cloud Run job',
  runService: 'Cloud Run service',
  workflow: 'workflow',
  schedulerJob: 'Scheduler job',
  logMetric: 'log-based metric',
  dashboard: 'dashboard',
  alertPolicy: 'alert policy',
};

const colours: Readonly<Record<Change['action'], (text: string) => string>> = {
  create: chalk.green,
  update: chalk.yellow,
  remove: chalk.red,
  taken: chalk.red,
  unchanged: chalk.dim,
};

/** A change in a few words. */
export function titleOf({ action, resource }: Pick<Change, 'action' | 'resource'>): string {
  return `${action} ${kinds[resource.kind]} ${resource.name}`;
}

/** The list of changes, one a line, with the fields of updates below. */
export function printChanges(changes: readonly Change[]): string {
  const lines = changes.flatMap((change) => {
    const { action, resource } = change;
    const line = `${colours[action](action.padEnd(9))}  ${kinds[resource.kind].padEnd(17)}  ${resource.name}`;
    return [line, ...change.fields.map((field) => `${' '.repeat(30)}${fieldLine(change, field)}`)];
  });
  return [...lines, '', summary(changes)].join('\n');
}

/** A workflow's source, what a dashboard shows, what an alert says. */
const longFields: ReadonlySet<string> = new Set(['source', 'mosaicLayout', 'documentation']);

function fieldLine({ action, resource }: Change, { field, from, to }: FieldChange): string {
  if (resource.kind === 'apis') return `${field}: ${action === 'update' ? 'to be enabled' : to}`;
  // A file's worth of text: what differs in it is for a diff.
  if (longFields.has(field)) return `${field}: differs`;
  return `${field}: ${short(from)} → ${short(to)}`;
}

function short(value: unknown): string {
  const text = value === undefined ? 'none' : JSON.stringify(value);
  return text.length > 100 ? `${text.slice(0, 99)}…` : text;
}

function summary(changes: readonly Change[]): string {
  const words = (['create', 'update', 'remove', 'taken'] as const).flatMap((action) => {
    const { length } = changes.filter((change) => change.action === action);
    return length === 0 ? [] : [`${length} to ${action === 'taken' ? 'leave, which are not ours' : action}`];
  });
  const unchanged = changes.filter(({ action }) => action === 'unchanged').length;
  return [...words, `${unchanged} unchanged`].join(', ');
}

/** The commands of all changes, in order. */
export function printCommands(changes: readonly Change[]): string {
  return changes.flatMap((change) => commandsOf(change).map(({ args }) => commandLine(args))).join('\n');
}

/** Tells of changes while they are made: each command as it is run, each end with its time. */
export function teller(say: (line: string) => void, progress?: Progress): Telling {
  return {
    started: (change, { args }) => {
      say(chalk.bold(`$ ${commandLine(args)}`));
      progress?.begin(titleOf(change));
    },
    again: (change, why, seconds) =>
      say(chalk.yellow(`  ${titleOf(change)}: ${visible(why)}; again in ${duration(seconds)}`)),
    ended: ({ change, state, seconds, why }) => {
      const title = titleOf(change);
      progress?.end(title);
      if (state === 'done') say(`${chalk.green('  done')}  ${title}  ${chalk.dim(duration(seconds))}`);
      else if (state === 'failed') say(`${chalk.red('  FAILED')}  ${title}: ${visibleLines(why ?? '')}`);
      else say(`${chalk.yellow('  not done')}  ${title}: it waits for ${why}`);
    },
  };
}

/** What was done, what not, and how to go on. */
export function printOutcome(outcomes: readonly Outcome[], command: string): string {
  const of = (state: Outcome['state']) => outcomes.filter((outcome) => outcome.state === state);
  const [done, failed, notDone] = [of('done'), of('failed'), of('notDone')];
  if (failed.length + notDone.length === 0) return `${counted(done.length, 'change')} made.`;
  const section = (title: string, list: readonly Outcome[], line: (outcome: Outcome) => string) =>
    list.length === 0 ? [] : [title, ...list.map((outcome) => `  ${line(outcome)}`)];
  return [
    ...section('Done:', done, ({ change }) => titleOf(change)),
    ...section('Failed:', failed, ({ change, why = '' }) => `${titleOf(change)}: ${visible(firstLine(why))}`),
    ...section('Not done, since something before it failed:', notDone, ({ change }) => titleOf(change)),
    '',
    `To go on, when the cause is removed: ${command}`,
  ].join('\n');
}

/** A command of npm's with one flag more. */
export function withFlag(command: string, flag: string): string {
  return command.includes(' -- ') ? `${command} ${flag}` : `${command} -- ${flag}`;
}
