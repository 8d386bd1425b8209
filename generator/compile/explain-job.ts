/** `explain_job` and `judge_tasks`: why an execution of the job did not succeed. */
import { ex } from '../expression/parse.ts';
import type { WorkflowPlan } from '../plan.ts';
import {
  assign,
  attempt,
  call,
  check,
  choose,
  countTo,
  forEach,
  give,
  routine,
  when,
  whenGo,
} from '../workflow/build.ts';
import type { Routine } from '../workflow/steps.ts';
import { cut, retryRead } from './errors.ts';
import { executionIn, jobName, jobs } from './run-job.ts';

/** What the job's exit codes mean to the workflow; any other is a failure. The job lists them itself. */
const exitCodes = { failed: 1, partlyFailed: 3, usage: 64 } as const;

/** What a failure may mean besides, of a command that follows a copy. */
const besides = { mirror: 'a guard refused to delete', verify: 'the two differ' } as const;

/** Tasks in a page: each is some 3 KB, and all of them might not fit in memory. */
const tasksInPage = 10;

/** Characters kept of the conditions. */
const reasonLength = 400;

export function explainJob(plan: WorkflowPlan): Routine {
  const name = jobName(plan);
  const failed = (message: ReturnType<typeof ex>) => ({ state: 'failed', execution: null, message });
  return routine(
    'explain_job',
    ['error', 'command'],
    "Why an execution of the job did not succeed: what its conditions say, and what its tasks' exit codes mean. An execution has no other output; the whole story is in its log.",
    [
      call('describe', 'describe_error', { error: ex`error` }, 'why'),
      check('text_only', ex`get_type(error) != "map"`, give('as_text', failed(ex`why`))),
      assign('look', {
        nothing: [],
        code: ex`default(map.get(error, "code"), 0)`,
        operation: ex`if(get_type(map.get(error, "operation")) == "map", map.get(error, "operation"), error)`,
        execution: ex`default(${executionIn(ex`operation`)}, "")`,
        reason: '',
      }),
      choose(
        'not_started',
        when(
          ex`code == 404`,
          give('no_job', failed(ex`${`there is no Cloud Run job ${name}: run "npm run deploy". `} + why`)),
        ),
        when(
          ex`code == 403`,
          give(
            'no_permission',
            failed(
              ex`${`may not run the Cloud Run job ${name}: grant roles/run.developer on it to the workflow's service account. `} + why`,
            ),
          ),
        ),
        when(
          ex`not(text.match_regex(execution, "/executions/"))`,
          give(
            'unclear',
            failed(ex`"it did not start, or its end was not seen; the next run does what is left. " + why`),
          ),
        ),
      ),
      check(
        'timed_out',
        ex`"TimeoutError" in default(map.get(error, "tags"), nothing)`,
        give('still_running', {
          state: 'failed',
          execution: ex`execution`,
          message: ex`"it still ran when the workflow gave up waiting. Its log: " + execution`,
        }),
      ),
      // Of another version of the API the conditions stand in `status`.
      assign('take_conditions', {
        conditions: ex`default(map.get(operation, ["metadata", "conditions"]), default(map.get(operation, "conditions"), map.get(error, ["status", "conditions"])))`,
      }),
      forEach('each_condition', 'one', ex`default(conditions, nothing)`, 10, [
        check(
          'condition_failed',
          ex`map.get(one, "state") == "CONDITION_FAILED" or map.get(one, "status") == "False"`,
          assign('add_reason', {
            reason: ex`reason + " " + default(map.get(one, "message"), map.get(one, "type"))`,
          }),
        ),
      ]),
      check(
        'no_condition',
        ex`reason == ""`,
        assign('take_error', { reason: ex`" " + default(map.get(operation, ["error", "message"]), why)` }),
      ),
      assign('shorten', { reason: cut(ex`reason`, reasonLength), operation: null, conditions: null }),
      call('judge', 'judge_tasks', { execution: ex`execution`, command: ex`command` }, 'verdict'),
      give('explained', {
        state: ex`verdict.state`,
        execution: ex`execution`,
        message: ex`verdict.words + "." + reason + " Its log: " + execution`,
      }),
    ],
  );
}

/**
 * @param tasks most tasks of an execution
 * @param following commands that follow copies
 */
export function judgeTasks(tasks: number, following: readonly (keyof typeof besides)[]): Routine {
  const besidesOf = (command: keyof typeof besides) => [
    `${command} ${exitCodes.failed}`,
    `it failed, or ${besides[command]} (exit code ${exitCodes.failed}); its log says which`,
  ];
  return routine(
    'judge_tasks',
    ['execution', 'command'],
    "What the exit codes of an execution's tasks mean: its state, and that in words. A task that was stopped has none.",
    [
      assign('begin', {
        nothing: [],
        empty: {},
        token: '',
        number: 0,
        good: 0,
        partly: 0,
        code: 0,
        words: {
          [exitCodes.partlyFailed]: `not all was done (exit code ${exitCodes.partlyFailed})`,
          [exitCodes.usage]: `the job does not take its arguments (exit code ${exitCodes.usage}): workflow and job are of different versions, deploy them again`,
          ...Object.fromEntries(following.map(besidesOf)),
        },
      }),
      attempt(
        'list',
        [
          // One more: the last page may be full and still name a next one.
          countTo('each_page', 'page', Math.ceil(tasks / tasksInPage) + 1, [
            attempt(
              'list_page',
              [
                call(
                  'list_tasks',
                  `${jobs}.executions.tasks.list`,
                  { parent: ex`execution`, pageSize: tasksInPage, pageToken: ex`token` },
                  'listed',
                ),
              ],
              { retry: retryRead },
            ),
            forEach('each_task', 'task', ex`default(map.get(listed, "tasks"), nothing)`, tasksInPage, [
              assign('read_task', {
                result: ex`default(map.get(task, "lastAttemptResult"), empty)`,
                // Zeros are left out.
                exit: ex`default(map.get(result, "exitCode"), 0)`,
                is_good: ex`map.get(task, "lastAttemptResult") != null and exit == 0 and default(map.get(result, ["status", "code"]), 0) == 0`,
                number: ex`number + 1`,
                good: ex`good + if(is_good, 1, 0)`,
                partly: ex`partly + if(exit == ${exitCodes.partlyFailed}, 1, 0)`,
                // The code that says most: of a partial failure last.
                code: ex`if(exit == ${exitCodes.usage} or exit != 0 and (code == 0 or code == ${exitCodes.partlyFailed}), exit, code)`,
              }),
            ]),
            assign('next_page', { token: ex`default(map.get(listed, "nextPageToken"), "")`, listed: null }),
            choose('was_last', whenGo(ex`token == ""`, 'break')),
          ]),
        ],
        {
          except: [
            call('describe', 'describe_error', { error: ex`error` }, 'why'),
            give('cannot_list', {
              state: 'failed',
              words: ex`"it failed, and its exit code cannot be read: " + why`,
            }),
          ],
        },
      ),
      assign('word_it', {
        said: ex`default(default(map.get(words, command + " " + string(code)), map.get(words, string(code))), if(code == 0, "it was stopped, or never ran", "it failed (exit code " + string(code) + ")"))`,
      }),
      choose(
        'judge',
        when(
          ex`code != ${exitCodes.usage} and good < number and good + partly > 0`,
          give('partly', { state: 'partlyFailed', words: ex`said` }),
        ),
      ),
      give('all_failed', { state: 'failed', words: ex`said` }),
    ],
  );
}
