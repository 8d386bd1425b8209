/** `replicate`: one destination, from preflight to result. Never raises: its failure is its own. */
import { ex } from '../expression/parse.ts';
import { assign, attempt, call, check, choose, give, otherwise, routine, when } from '../workflow/build.ts';
import type { Call, Routine } from '../workflow/steps.ts';
import { urlOf } from './endpoints.ts';
import { cut } from './errors.ts';
import { errorLength, follow, planOnly } from './follow.ts';
import { log } from './log.ts';

/** What the job adds to a destination, where the plan has one. */
export interface ByJob {
  /** A dry run has the job compute the true difference. */
  readonly plan: boolean;
  /** A copy is followed by a mirror or a verification, at least for one destination. */
  readonly after: boolean;
}

/** @param workflow the workflow's id, for the log */
export function replicate(workflow: string, { plan, after }: ByJob): Routine {
  return routine(
    'replicate',
    ['request', 'source', 'destination'],
    `Makes one destination hold what the source holds${after ? ', has it mirrored or verified where that is wanted,' : ','} and returns its row of the results: state succeeded, partlyFailed, failed or dryRun. Null when the execution was not asked to do this destination. An error here stops no other destination.`,
    [
      check('is_chosen', ex`not(destination.id in request.destinations)`, give('not_chosen', null)),
      assign('begin', {
        started: ex`sys.now()`,
        row: {
          destination: ex`destination.id`,
          repository: ex`destination.repository`,
          state: 'failed',
          copied: 0,
          skipped: 0,
          seconds: 0,
          operation: null,
        },
      }),
      attempt(
        'copy',
        [
          call('check_repositories', 'preflight', {
            source: ex`source`,
            destination: ex`destination.repository`,
          }),
          check(
            'dry_run',
            ex`request.dryRun`,
            assign('show_request', {
              'row.state': 'dryRun',
              'row.request': {
                url: urlOf('copyRepository', ex`destination.repository`),
                body: ex`destination.request`,
              },
            }),
            ...(plan ? [planOnly()] : []),
            give('would_copy', ex`row`),
          ),
          call('start_copy', 'post_copy', { source: ex`source`, destination: ex`destination` }, 'operation'),
          assign('note_operation', { 'row.operation': ex`operation` }),
          log('log_start', workflow, 'INFO', 'copy', ex`destination.id + ": copy started as " + operation`, {
            destination: ex`destination.id`,
            operation: ex`operation`,
          }),
          call(
            'wait_for_copy',
            'await_copy',
            { operation: ex`operation`, destination: ex`destination.id` },
            'counts',
          ),
          assign('note_counts', {
            'row.copied': ex`counts.copied`,
            'row.skipped': ex`counts.skipped`,
            'row.copyStartTime': ex`counts.copyStartTime`,
            'row.skippedVersions': ex`counts.skippedVersions`,
          }),
          choose(
            'judge',
            when(ex`counts.error != null`, assign('copy_failed', { 'row.error': ex`counts.error` })),
            when(
              ex`counts.skipped > 0 and not(destination.allowSkippedVersions)`,
              assign('some_skipped', {
                'row.state': 'partlyFailed',
                'row.error': ex`string(counts.skipped) + " versions were skipped (copy.allowSkippedVersions is off)"`,
              }),
            ),
            otherwise(assign('all_copied', { 'row.state': 'succeeded' })),
          ),
          ...(after ? follow() : []),
        ],
        {
          except: [
            call('describe', 'describe_error', { error: ex`error` }, 'why'),
            assign('note_error', { 'row.error': cut(ex`why`, errorLength) }),
          ],
        },
      ),
      assign('stop_the_clock', {
        'row.seconds': ex`int(sys.now() - started)`,
        detail: ex`default(map.get(row, "error"), "versions copied: " + string(row.copied))`,
      }),
      logResult(workflow),
      give('result', ex`row`),
    ],
  );
}

/** The last entry of a destination: its row, in the variable `row`, and `detail` in words. */
export function logResult(workflow: string): Call {
  return log(
    'log_result',
    workflow,
    ex`if(row.state == "succeeded", "INFO", if(row.state == "partlyFailed", "WARNING", "ERROR"))`,
    'result',
    ex`destination.id + ": " + row.state + ", " + detail`,
    {
      destination: ex`destination.id`,
      operation: ex`row.operation`,
      state: ex`row.state`,
      copied: ex`row.copied`,
      skipped: ex`row.skipped`,
      seconds: ex`row.seconds`,
    },
  );
}
