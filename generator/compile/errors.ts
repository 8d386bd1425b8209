/** Subworkflows that look at an error, which Workflows hands over as a string or as a map. */
import { ex } from '../expression/parse.ts';
import type { Expression } from '../expression/tree.ts';
import { assign, attempt, check, give, raise, routine } from '../workflow/build.ts';
import type { Raise, Retry, Routine, Value } from '../workflow/steps.ts';

/** Answers of Google's APIs that go away by themselves; 500 too, which the library's predicates leave out. */
const transientCodes = [429, 500, 502, 503, 504];

/** Variables that {@link isTransientError} looks into: assign them before. */
export const transientCases: Record<string, Value> = { codes: transientCodes, no_tags: [] };

/** Whether the error in `error`, of an HTTP call, goes away by itself. */
export const isTransientError = ex`default(map.get(error, "code"), 0) in codes or "ConnectionError" in default(map.get(error, "tags"), no_tags) or "ConnectionFailedError" in default(map.get(error, "tags"), no_tags) or "TimeoutError" in default(map.get(error, "tags"), no_tags)`;

/** `is_transient(error)`: whether the same read may succeed a moment later. */
export function isTransient(): Routine {
  return routine(
    'is_transient',
    ['error'],
    'Whether a read that failed like this may succeed a moment later: too many requests, a server fault, a dropped connection.',
    [
      check('text_only', ex`get_type(error) != "map"`, give('text_is_final', false)),
      assign('look', transientCases),
      give('by_code_or_tag', isTransientError),
    ],
  );
}

/** How reads are retried: five times over about half a minute. */
export const retryRead: Retry = {
  predicate: 'is_transient',
  maxRetries: 5,
  backoff: { initialDelay: 1, maxDelay: 30, multiplier: 2 },
};

/** `not_started(error)`: whether a POST that failed like this cannot have started anything. */
export function notStarted(): Routine {
  return routine(
    'not_started',
    ['error'],
    'Whether a POST that failed like this cannot have started anything: it was turned away for the quota, or no connection came about. Everything else may have been done although its answer was lost.',
    [
      check('text_only', ex`get_type(error) != "map"`, give('text_is_unclear', false)),
      assign('look', { no_tags: [], tags: ex`default(map.get(error, "tags"), no_tags)` }),
      give('turned_away', ex`map.get(error, "code") == 429 or "ConnectionFailedError" in tags`),
    ],
  );
}

/** How a POST is retried: only where nothing can have started. */
export const retryPost: Retry = {
  predicate: 'not_started',
  maxRetries: 5,
  backoff: { initialDelay: 2, maxDelay: 60, multiplier: 2 },
};

/** `describe_error(error)`: one text from any error. */
export function describeError(): Routine {
  return routine(
    'describe_error',
    ['error'],
    'One readable text from any error: a string as it is; of an HTTP error its code and what the service said.',
    [
      check('text_already', ex`get_type(error) == "string"`, give('as_it_is', ex`error`)),
      check('not_a_map', ex`get_type(error) != "map"`, give('encoded', ex`json.encode_to_string(error)`)),
      assign('look', { message: ex`map.get(error, "message")`, said: null }),
      // A body that is no JSON is text, in which nothing can be looked up.
      attempt(
        'look_into_the_body',
        [assign('read_body', { said: ex`map.get(error, ["body", "error", "message"])` })],
        {
          as: 'no_body',
          except: [assign('no_such_body', { said: null })],
        },
      ),
      check('service_said_more', ex`said != null`, assign('prefer_it', { message: ex`said` })),
      // Whoever answers in the service's place may say anything: what is no text must not hide the error.
      check(
        'no_message',
        ex`get_type(message) != "string"`,
        assign('take_all', { message: ex`json.encode_to_string(error)` }),
      ),
      check(
        'has_code',
        ex`map.get(error, "code") != null`,
        give('with_code', ex`string(error.code) + ": " + message`),
      ),
      give('without_code', ex`message`),
    ],
  );
}

/** A text, cut to so many characters. */
export function cut(text: Expression, most: number): Expression {
  return ex`text.substring(${text}, 0, math.min(len(${text}), ${most}))`;
}

/** Fails with a text. */
export function fail(name: string, message: Value): Raise {
  return raise(name, { message });
}
