/** `replicate`: one destination, from preflight to result. Never raises: its failure is its own. */
import { ex } from '../expression/parse.ts';
import type { Expression } from '../expression/tree.ts';
import { assign, attempt, call, check, choose, give, otherwise, routine, when } from '../workflow/build.ts';
import type { Routine, Step, Value } from '../workflow/steps.ts';
import { urlOf } from './endpoints.ts';
import { cut } from './errors.ts';
import { errorLength, follow, planOnly } from './follow.ts';
import { entry, log, logEntry } from './log.ts';

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
        // What its last log entry says only where it is known.
        known: {},
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
            ...ended(workflow, 'would_copy', { ...took, detail: ex`"would be copied to"` }),
          ),
          call('start_copy', 'post_copy', { source: ex`source`, destination: ex`destination` }, 'operation'),
          assign('note_operation', { 'row.operation': ex`operation`, 'known.operation': ex`operation` }),
          log('log_start', workflow, 'INFO', 'copy', ex`destination.id + ": copy started as " + operation`, {
            destination: ex`destination.repository`,
            operation: ex`operation`,
          }),
          call(
            'wait_for_copy',
            'await_copy',
            {
              operation: ex`operation`,
              id: ex`destination.id`,
              destination: ex`destination.repository`,
            },
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
            otherwise(
              assign('all_copied', {
                'row.state': 'succeeded',
                'known.lagSeconds': lag(ex`counts.copyStartTime`, ex`started`),
              }),
            ),
          ),
          ...(after ? [choose('goes_on', follow())] : []),
        ],
        {
          except: [
            call('describe', 'describe_error', { error: ex`error` }, 'why'),
            assign('note_error', { 'row.error': cut(ex`why`, errorLength) }),
          ],
        },
      ),
      ...ended(workflow, 'result', took),
    ],
  );
}

/** Whole seconds since the destination was begun, and the versions that CopyRepository counted. */
const took: Figures = {
  seconds: ex`int(sys.now() - started)`,
  counts: { copied: ex`row.copied`, skipped: ex`row.skipped` },
  detail: ex`"versions copied: " + string(row.copied)`,
};

/** What the last entry of a destination tells of a row. */
export interface Figures {
  readonly seconds: Value;
  readonly counts: { readonly copied?: Value; readonly skipped?: Value };
  /** In words, where nothing went wrong. */
  readonly detail: Expression;
}

/**
 * How old the leader's state is that was copied.
 *
 * @param start when the copy started, RFC 3339 or null
 * @param asked seconds since the epoch, before it was asked for: where the service doesn't say when it started
 */
export function lag(start: Expression, asked: Expression): Expression {
  return ex`int(sys.now() - time.parse(default(${start}, time.format(${asked}))))`;
}

/**
 * The end of a destination: its one entry of phase `result`, and its row as the routine's result. The variables `row`
 * and `known` hold what came of it.
 *
 * @param name of the last step
 */
export function ended(workflow: string, name: string, { seconds, counts, detail }: Figures): Step[] {
  return [
    assign(`word_${name}`, {
      'row.seconds': seconds,
      wrong: { error: ex`default(map.get(row, "error"), "")` },
      known: ex`if(map.get(row, "error") == null, known, map.merge(known, wrong))`,
      entry: entry(workflow, 'result', {
        destination: ex`destination.repository`,
        state: ex`row.state`,
        dryRun: ex`request.dryRun`,
        counts,
        seconds: ex`row.seconds`,
      }),
    }),
    logEntry(
      `log_${name}`,
      // Versions that may be skipped are worth a look all the same.
      ex`if(row.state == "failed", "ERROR", if(row.state == "partlyFailed" or default(row.skipped, 0) > 0, "WARNING", "INFO"))`,
      ex`destination.id + ": " + row.state + ", " + default(map.get(row, "error"), ${detail})`,
      ex`map.merge(entry, known)`,
    ),
    give(name, ex`row`),
  ];
}
