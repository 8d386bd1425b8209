/** `summarise`: every row in one table, and what the run comes to. */
import { ex } from '../expression/parse.ts';
import type { Expression } from '../expression/tree.ts';
import { assign, check, choose, forEach, give, otherwise, routine, when } from '../workflow/build.ts';
import type { Routine } from '../workflow/steps.ts';
import { cut } from './errors.ts';
import { log } from './log.ts';

/** Characters kept of the message in the log, where each destination's error has an entry of its own. */
const loggedLength = 4000;

/**
 * @param workflow the workflow's id, for the log
 * @param destinations how many the workflow has
 * @param byJob how many of them the job copies to, which counts versions in its own log alone
 */
export function summarise(workflow: string, destinations: number, byJob: number): Routine {
  return routine(
    'summarise',
    ['request', 'source', 'rows', 'started'],
    'The result of the execution: its state (succeeded, partlyFailed, failed, dryRun), a message that names what failed and why, totals, and one row for each destination. Logs the one entry of the run.',
    [
      assign('begin', {
        results: [],
        empty: {},
        failed: 0,
        partly: 0,
        copied: 0,
        skipped: 0,
        problems: '',
      }),
      forEach('each_destination', 'id', ex`request.destinations`, destinations, [
        assign('take_row', {
          row: ex`default(map.get(rows, id), empty)`,
          state: ex`default(map.get(row, "state"), "failed")`,
          results: ex`list.concat(results, row)`,
          copied: ex`copied + default(map.get(row, "copied"), 0)`,
          skipped: ex`skipped + default(map.get(row, "skipped"), 0)`,
          failed: ex`failed + if(state == "failed", 1, 0)`,
          partly: ex`partly + if(state == "partlyFailed", 1, 0)`,
          // Rows are moved, not copied: with many destinations two tables would not fit in memory.
          'rows[id]': null,
        }),
        check(
          'has_error',
          ex`map.get(row, "error") != null`,
          assign('add_problem', {
            // What a service says may end with a full stop.
            problems: ex`text.replace_all_regex(problems, "[.]+$", "") + "; " + id + ": " + row.error`,
          }),
        ),
      ]),
      assign('judge', {
        number: ex`len(results)`,
        state: ex`if(failed == number, "failed", if(failed + partly > 0, "partlyFailed", if(request.dryRun, "dryRun", "succeeded")))`,
        good: ex`string(number - failed - partly) + " of " + string(number) + " destinations"`,
      }),
      choose(
        'word_it',
        when(
          ex`state == "dryRun"`,
          assign('word_dry_run', { message: ex`"dry run: " + good + " would be copied to"` }),
        ),
        when(
          ex`state == "succeeded"`,
          assign('word_success', {
            message: success(destinations, byJob),
          }),
        ),
        otherwise(assign('word_failure', { message: ex`good + " succeeded" + problems` })),
      ),
      log(
        'log_run',
        workflow,
        ex`if(state == "failed", "ERROR", if(state == "partlyFailed", "WARNING", "INFO"))`,
        'run',
        cut(ex`message`, loggedLength),
        {
          state: ex`state`,
          dryRun: ex`request.dryRun`,
          counts: {
            destinations: ex`number`,
            failed: ex`failed`,
            partlyFailed: ex`partly`,
            // What the job copies it counts itself.
            ...(byJob < destinations && { copied: ex`copied`, skipped: ex`skipped` }),
          },
          seconds: ex`int(sys.now() - started)`,
        },
      ),
      give('summary', {
        state: ex`state`,
        message: ex`message`,
        source: ex`source`,
        dryRun: ex`request.dryRun`,
        copied: ex`copied`,
        skipped: ex`skipped`,
        results: ex`results`,
      }),
    ],
  );
}

function success(destinations: number, byJob: number): Expression {
  if (byJob === 0) return ex`good + " copied to; versions copied: " + string(copied)`;
  if (byJob === destinations) return ex`good + " copied to by the job"`;
  return ex`good + " copied to; versions copied by CopyRepository: " + string(copied)`;
}
