/** `copy_by_job` and `finish`: the destinations that the job copies to, all in one execution. */
import { ex } from '../expression/parse.ts';
import type { WorkflowPlan } from '../plan.ts';
import {
  assign,
  attempt,
  call,
  check,
  choose,
  forEach,
  give,
  routine,
  when,
  whenGo,
} from '../workflow/build.ts';
import type { Routine } from '../workflow/steps.ts';
import { cut } from './errors.ts';
import { errorLength, follow, planOnly } from './follow.ts';
import { copyFlags } from './job-flags.ts';
import { log } from './log.ts';
import { ended, lag } from './replicate.ts';

/** The destinations of a plan that the job copies to. */
export function byJob({ destinations }: WorkflowPlan): WorkflowPlan['destinations'] {
  return destinations.filter(({ copy }) => copy.engine === 'job');
}

export function copyByJob(plan: WorkflowPlan): Routine {
  const destinations = byJob(plan);
  const { length } = destinations;
  const { name, job } = plan;
  return routine(
    'copy_by_job',
    ['request', 'source', 'destinations'],
    'Copies to several destinations in one execution of the job, which deals them to its tasks. Returns their rows by id: failed already where the preflight refused one, otherwise all with the state of the execution, which has no other output.',
    [
      assign('begin', { rows: {}, names: [], started: ex`sys.now()` }),
      forEach('each_destination', 'destination', ex`destinations`, length, [
        choose('is_chosen', whenGo(ex`not(destination.id in request.destinations)`, 'continue')),
        assign('begin_row', {
          row: {
            destination: ex`destination.id`,
            repository: ex`destination.repository`,
            state: 'failed',
            // The job counts them in its own log.
            copied: null,
            skipped: null,
            seconds: 0,
            operation: null,
          },
        }),
        attempt(
          'preflight',
          [
            call('check_repositories', 'preflight', {
              source: ex`source`,
              destination: ex`destination.repository`,
            }),
            assign('fits', {
              'row.state': 'pending',
              names: ex`list.concat(names, destination.repository)`,
            }),
          ],
          {
            except: [
              call('describe', 'describe_error', { error: ex`error` }, 'why'),
              assign('note_error', { 'row.error': cut(ex`why`, errorLength) }),
            ],
          },
        ),
        assign('keep_row', { 'rows[destination.id]': ex`row` }),
      ]),
      check('nothing_to_copy', ex`request.dryRun or len(names) == 0`, give('no_copy', ex`rows`)),
      // What is pushed from now on may come too late for the copy.
      assign('note_start', { start: ex`time.format(sys.now())` }),
      log(
        'log_start',
        name,
        'INFO',
        'copy',
        ex`"copy by the job started, destinations: " + string(len(names))`,
        { counts: { destinations: ex`len(names)` } },
      ),
      call(
        'copy',
        'run_job',
        {
          command: 'copy',
          source: ex`source`,
          destinations: ex`names`,
          flags: copyFlags(plan, destinations),
          tasks: job?.tasks ?? 1,
        },
        'ended',
      ),
      forEach('each_row', 'id', ex`keys(rows)`, length, [
        choose('failed_before', whenGo(ex`rows[id].state != "pending"`, 'continue')),
        assign('take_state', {
          'rows[id].state': ex`ended.state`,
          'rows[id].copy': ex`ended`,
          'rows[id].copyStartTime': ex`start`,
          'rows[id].seconds': ex`int(sys.now() - started)`,
        }),
        check(
          'not_all',
          ex`ended.state != "succeeded"`,
          assign('say_so', {
            wrong: ex`"copy: " + ended.message`,
            'rows[id].error': cut(ex`wrong`, errorLength),
          }),
        ),
      ]),
      give('copied', ex`rows`),
    ],
  );
}

/** @param after whether any of its destinations is mirrored or verified */
export function finish(workflow: string, after: boolean): Routine {
  return routine(
    'finish',
    ['request', 'source', 'destination', 'row'],
    `Of a destination that the job has copied to: ${after ? 'mirrors or verifies it where that is wanted, ' : ''}logs its result and returns its row. Null when the execution was not asked to do this destination.`,
    [
      check('not_chosen', ex`row == null`, give('no_row', null)),
      assign('begin', {
        started: ex`sys.now()`,
        nothing: {},
        copied: { lagSeconds: lag(ex`map.get(row, "copyStartTime")`, ex`started`) },
        known: ex`if(row.state == "succeeded", copied, nothing)`,
      }),
      choose(
        'goes_on',
        // In a dry run.
        when(ex`row.state == "pending"`, assign('only_planned', { 'row.state': 'dryRun' }), planOnly()),
        ...(after ? [follow()] : []),
      ),
      ...ended(workflow, 'result', {
        seconds: after ? ex`row.seconds + int(sys.now() - started)` : ex`row.seconds`,
        // The job counts versions in its own log alone.
        counts: {},
        detail: ex`if(row.state == "dryRun", "would be copied by the job", "copied by the job")`,
      }),
    ],
  );
}
