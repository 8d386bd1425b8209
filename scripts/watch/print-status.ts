/** A status for people. */

import { visibleLine } from '../../job/log/logger.ts';
import { duration } from '../../job/print/quantity.ts';
import { table } from '../../job/print/table.ts';
import { wrap } from '../../job/print/wrap.ts';
import { chalk } from '../colours.ts';
import type { ReplicatorStatus } from './status.ts';

/** @param width columns of the terminal */
export function printStatus(status: ReplicatorStatus, width: number): string {
  const { name, healthy, why, schedule, followers, runs, link } = status;
  const mark = healthy ? chalk.green('well') : chalk.red('NOT WELL');
  return [
    ...wrap(`${chalk.bold(name)}  ${mark}: ${visibleLine(why)}`, width),
    schedule
      ? `due ${schedule.next ?? 'never'} (${schedule.cron}, ${schedule.timeZone}, ${schedule.state.toLowerCase()})`
      : 'no schedule',
    link,
    '',
    ...followerTable(followers, width),
    '',
    ...(runs.length === 0 ? ['no runs'] : runTable(runs, width)),
    ...runs.slice(0, 1).map((run) => `last: ${run.link}`),
  ].join('\n');
}

function followerTable(followers: ReplicatorStatus['followers'], width: number): string[] {
  // Only a mirror deletes.
  const hasDeleted = followers.some(({ deleted }) => deleted !== null);
  const head = [
    'follower',
    'state',
    'copied',
    'skipped',
    ...(hasDeleted ? ['deleted'] : []),
    'time',
    'behind',
  ];
  const rows = followers.map((one) => [
    one.id,
    one.state,
    count(one.copied),
    count(one.skipped),
    ...(hasDeleted ? [count(one.deleted)] : []),
    one.seconds === null ? '' : duration(one.seconds),
    one.behindSeconds === null ? 'unknown' : duration(one.behindSeconds),
  ]);
  const columns = head.map((_, index) => (index < 2 ? { cut: index === 0 } : { right: true }));
  return table([head, ...rows], columns, { width });
}

/** Narrower, and an id would leave no room for what happened. */
const roomForId = 100;

function runTable(runs: ReplicatorStatus['runs'], width: number): string[] {
  const hasId = width >= roomForId;
  const head = ['run', 'state', 'time', 'what', ...(hasId ? ['execution'] : [])];
  const rows = runs.map((run) => [
    // Whole seconds: the fraction is of no use to anybody here.
    run.startTime?.replace(/\.\d+Z$/, 'Z') ?? '',
    run.state,
    run.seconds === undefined ? '' : duration(run.seconds),
    visibleLine(run.message),
    ...(hasId ? [run.name.slice(run.name.lastIndexOf('/') + 1)] : []),
  ]);
  return table([head, ...rows], [{}, {}, { right: true }, { cut: true }, {}].slice(0, head.length), {
    width,
  });
}

function count(value: number | null): string {
  return value === null ? '' : String(value);
}
