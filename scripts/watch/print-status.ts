/** A status for people. */
import { chalk } from 'zx';
import { duration } from '../../job/print/quantity.ts';
import { table } from '../../job/print/table.ts';
import { wrap } from '../../job/print/wrap.ts';
import type { ReplicatorStatus } from './status.ts';

/** @param width columns of the terminal */
export function printStatus(status: ReplicatorStatus, width: number): string {
  const { name, healthy, why, schedule, followers, runs, link } = status;
  const mark = healthy ? chalk.green('well') : chalk.red('NOT WELL');
  return [
    ...wrap(`${chalk.bold(name)}  ${mark}: ${why}`, width),
    schedule
      ? `due ${schedule.next ?? 'never'} (${schedule.cron}, ${schedule.timeZone}, ${schedule.state.toLowerCase()})`
      : 'no schedule',
    link,
    '',
    ...table(
      [
        ['follower', 'state', 'copied', 'skipped', 'deleted', 'time', 'behind'],
        ...followers.map((one) => [
          one.id,
          one.state,
          count(one.copied),
          count(one.skipped),
          count(one.deleted),
          one.seconds === null ? '' : duration(one.seconds),
          one.behindSeconds === null ? 'unknown' : duration(one.behindSeconds),
        ]),
      ],
      [
        { cut: true },
        {},
        { right: true },
        { right: true },
        { right: true },
        { right: true },
        { right: true },
      ],
      { width },
    ),
    '',
    ...(runs.length === 0
      ? ['no runs']
      : table(
          [
            ['run', 'state', 'time', 'what'],
            ...runs.map((run) => [
              run.startTime ?? '',
              run.state,
              run.seconds === undefined ? '' : duration(run.seconds),
              run.message,
            ]),
          ],
          [{}, {}, { right: true }, { cut: true }],
          { width },
        )),
    ...runs.slice(0, 1).map((run) => `last: ${run.link}`),
  ].join('\n');
}

function count(value: number | null): string {
  return value === null ? '' : String(value);
}
