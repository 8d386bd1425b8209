/** `await_copy`: polls an operation until it is done or the deadline has passed. */
import { ex } from '../expression/parse.ts';
import type { PollPlan } from '../plan.ts';
import {
  assign,
  attempt,
  call,
  check,
  choose,
  countTo,
  forEach,
  give,
  raise,
  routine,
  whenGo,
} from '../workflow/build.ts';
import type { Routine } from '../workflow/steps.ts';
import { answerOf, callApi } from './endpoints.ts';
import { cut, isTransientError, transientCases } from './errors.ts';
import { log } from './log.ts';

/**
 * Skipped versions kept for each destination, at most five: the operation has the others. Fewer where there are
 * many destinations, whose results share the memory of one execution.
 */
export function samplesKept(destinations: number): number {
  return Math.max(1, Math.min(5, Math.floor(120 / destinations)));
}

/** Characters kept of a skipped version's name and of what was wrong with it. */
export const sampleLength = 200;

/** Polls that fit before the deadline: the first after `initialDelay`, one more for the look at the end. */
export function pollsUntilDeadline({ initialDelay, multiplier, maxDelay, deadline }: PollPlan): number {
  let polls = 0;
  let waited = 0;
  let delay = Math.min(initialDelay, maxDelay);
  while (waited < deadline && delay < maxDelay && multiplier > 1) {
    waited += delay;
    polls++;
    delay = Math.min(delay * multiplier, maxDelay);
  }
  return polls + Math.max(0, Math.ceil((deadline - waited) / delay)) + 1;
}

const answer = answerOf('getOperation', ex`answer`);

/**
 * @param workflow the workflow's id, for the log
 * @param kept skipped versions that are kept
 * @param polls most looks at the operation
 */
export function awaitCopy(workflow: string, poll: PollPlan, kept: number, polls: number): Routine {
  return routine(
    'await_copy',
    ['operation', 'id', 'destination'],
    `Waits for the operation: first ${poll.initialDelay} s, then each time ${poll.multiplier} times as long up to ${poll.maxDelay} s, at most ${poll.deadline} s in all. A poll that fails is no news; the operation goes on without us. Returns the counts, and an error where there is one.`,
    [
      assign('begin', {
        until: ex`sys.now() + ${poll.deadline}`,
        delay: poll.initialDelay,
        answer: null,
        done: false,
        copied: 0,
        skipped: 0,
        total: 0,
        samples: [],
        nothing: [],
        empty: {},
        ...transientCases,
      }),
      countTo('wait', 'poll', polls, [
        call('pause', 'sys.sleep', { seconds: ex`delay` }),
        attempt('look', [callApi('get_operation', 'getOperation', ex`operation`, 'answer')], {
          except: [
            check('poll_refused', ex`not(${isTransientError})`, raise('give_up', ex`error`)),
            // A poll that fails is no news: the operation goes on without us.
            assign('no_news', { answer: { body: {} } }),
          ],
        }),
        // A count that is absent is one that has not changed: 0 at first.
        assign('read_progress', {
          before: ex`copied + skipped`,
          done: ex`default(map.get(${answer}, "done"), false)`,
          copied: ex`int(default(map.get(${answer}, ["metadata", "versionsCopiedCount"]), copied))`,
          skipped: ex`int(default(map.get(${answer}, ["metadata", "skippedVersionErrorCount"]), skipped))`,
          total: ex`int(default(map.get(${answer}, ["metadata", "totalVersionsCount"]), total))`,
          delay: ex`math.min(delay * ${poll.multiplier}, ${poll.maxDelay})`,
          // It can hold a hundred samples: not kept while we sleep.
          answer: ex`if(done, answer, null)`,
        }),
        check(
          'progressed',
          ex`copied + skipped != before`,
          log(
            'log_progress',
            workflow,
            'INFO',
            'await',
            ex`id + ": " + string(copied + skipped) + " of " + string(total) + " versions"`,
            {
              destination: ex`destination`,
              operation: ex`operation`,
              counts: { copied: ex`copied`, skipped: ex`skipped`, total: ex`total` },
            },
          ),
        ),
        choose('finished', whenGo(ex`done`, 'break'), whenGo(ex`sys.now() >= until`, 'break')),
      ]),
      check(
        'deadline_passed',
        ex`not(done)`,
        give('still_running', {
          copied: ex`copied`,
          skipped: ex`skipped`,
          copyStartTime: null,
          skippedVersions: [],
          error: ex`${`not done after ${poll.deadline} s (poll.deadline); the copy goes on. To look: gcloud artifacts operations describe `} + operation`,
        }),
      ),
      assign('read_result', {
        result: ex`default(map.get(${answer}, "response"), default(map.get(${answer}, "metadata"), empty))`,
        problem: ex`map.get(${answer}, "error")`,
        answer: null,
      }),
      // The final counts; where they are absent after progress was seen, what was seen stands.
      assign('read_counts', {
        copied: ex`int(default(map.get(result, "versionsCopiedCount"), copied))`,
        skipped: ex`int(default(map.get(result, "skippedVersionErrorCount"), skipped))`,
        started: ex`map.get(result, "copyStartTime")`,
      }),
      forEach(
        'each_sample',
        'sample',
        ex`default(map.get(result, "skippedVersionErrorSamples"), nothing)`,
        kept + 1,
        [
          choose('enough', whenGo(ex`index >= ${kept}`, 'break')),
          assign('keep_sample', {
            version: ex`default(map.get(sample, "version"), "?")`,
            reason: ex`default(map.get(sample, ["error", "message"]), "?")`,
            sample_kept: { version: cut(ex`version`, sampleLength), error: cut(ex`reason`, sampleLength) },
            samples: ex`list.concat(samples, sample_kept)`,
          }),
        ],
        'index',
      ),
      assign('no_error', { failure: null, result: null }),
      check(
        'operation_failed',
        ex`problem != null`,
        assign('tell_failure', {
          said: ex`default(map.get(problem, "message"), json.encode_to_string(problem))`,
          said_short: cut(ex`said`, 500),
          failure: ex`"CopyRepository failed with code " + string(default(map.get(problem, "code"), 0)) + ": " + said_short`,
        }),
      ),
      give('counts', {
        copied: ex`copied`,
        skipped: ex`skipped`,
        copyStartTime: ex`started`,
        skippedVersions: ex`samples`,
        error: ex`failure`,
      }),
    ],
  );
}
