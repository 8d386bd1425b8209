/** `reconcile` and `plan_copy`: what the job does for a destination after its copy, or in a dry run. */
import { ex } from '../expression/parse.ts';
import type { Expression } from '../expression/tree.ts';
import { assign, call, check, choose, give, otherwise, routine, when } from '../workflow/build.ts';
import type { Assign, Call, Case, Routine, Value } from '../workflow/steps.ts';
import { cut } from './errors.ts';
import { log } from './log.ts';

/** Characters kept of an error in a row. */
export const errorLength = 800;

/** @param workflow the workflow's id, for the log */
export function reconcile(workflow: string): Routine {
  return routine(
    'reconcile',
    ['source', 'destination', 'row'],
    'After a copy that succeeded: mirrors or verifies the destination in an execution of the job, as one task, and returns the row with what came of it. The job is told when the copy started, since what came later is neither missing nor too much.',
    [
      assign('begin', { command: ex`destination.after`, flags: ex`destination.flags` }),
      check(
        'start_is_known',
        ex`map.get(row, "copyStartTime") != null`,
        assign('tell_start', { flags: ex`list.concat(flags, "--copy-start-time=" + row.copyStartTime)` }),
      ),
      check(
        'some_skipped',
        ex`default(map.get(row, "skipped"), 0) > 0`,
        assign('tell_skipped', {
          flags: ex`list.concat(flags, "--skipped-versions=" + string(row.skipped))`,
        }),
      ),
      log('log_start', workflow, 'INFO', ex`command`, ex`destination.id + ": " + command + " started"`, {
        destination: ex`destination.repository`,
      }),
      call('run', 'run_job', runArguments(ex`command`), 'ended'),
      assign('note', { 'row[command]': ex`ended` }),
      check(
        'not_done',
        ex`ended.state != "succeeded"`,
        noteFailure(ex`command + ": " + ended.message`, 'partlyFailed'),
      ),
      give('reconciled', ex`row`),
    ],
  );
}

/** @param command as the job's command line has it */
function runArguments(command: Value): { readonly [name: string]: Value } {
  return {
    command,
    source: ex`source`,
    destinations: [ex`destination.repository`],
    flags: ex`flags`,
    tasks: 1,
  };
}

/** @param state of the row: where its copy is complete, what follows can only make it partly failed */
function noteFailure(wrong: Expression, state: 'partlyFailed' | 'failed'): Assign {
  return assign('note_failure', {
    wrong,
    'row.state': state,
    'row.error': cut(ex`wrong`, errorLength),
  });
}

/** Runs `reconcile` for a row that succeeded, where the destination wants it. */
export function follow(): Case {
  const args = { source: ex`source`, destination: ex`destination`, row: ex`row` };
  return when(
    ex`row.state == "succeeded" and map.get(destination, "after") != null`,
    call('reconcile', 'reconcile', args, 'row'),
  );
}

export function planCopy(): Routine {
  return routine(
    'plan_copy',
    ['source', 'destination', 'row'],
    'In a dry run: has the job compute what a run would copy, move and delete, into its log, and returns the row with where to find it.',
    [
      assign('begin', { flags: ex`destination.flags` }),
      call('run', 'run_job', runArguments('plan'), 'ended'),
      assign('note', { 'row.plan': ex`ended` }),
      choose(
        'judge',
        when(
          ex`ended.state == "succeeded"`,
          assign('say_where', {
            'row.plan.message': ex`"the plan is in the log of " + default(ended.execution, "the job") + "; npm run plan shows it"`,
          }),
        ),
        otherwise(noteFailure(ex`"plan: " + ended.message`, 'failed')),
      ),
      give('planned', ex`row`),
    ],
  );
}

/** The step of a dry run that has the job compute the true difference. */
export function planOnly(): Call {
  return call('plan', 'plan_copy', { source: ex`source`, destination: ex`destination`, row: ex`row` }, 'row');
}
