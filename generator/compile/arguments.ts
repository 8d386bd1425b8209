/** `read_arguments`: what an execution was asked to do. */
import { ex } from '../expression/parse.ts';
import { assign, check, choose, forEach, give, routine, when } from '../workflow/build.ts';
import type { Routine } from '../workflow/steps.ts';
import { fail } from './errors.ts';

/** The arguments an execution takes, in the order in which messages name them. */
const known = ['dryRun', 'destinations'];

/** @param ids every destination of the workflow */
export function readArguments(ids: readonly string[]): Routine {
  return routine(
    'read_arguments',
    ['given'],
    'Checks the argument of the execution, {"dryRun": true, "destinations": ["…"]}, both optional, and fills in what is not given. Anything else is an error: a misspelt "dryRun" must not copy.',
    [
      assign('defaults', {
        known,
        flags: ['true', 'false'],
        all: [...ids],
        request: { dryRun: false, destinations: [...ids] },
      }),
      check('nothing_given', ex`given == null`, give('use_defaults', ex`request`)),
      check(
        'not_a_map',
        ex`get_type(given) != "map"`,
        fail(
          'refuse_type',
          ex`"the argument must be a JSON object such as {\"dryRun\": true}, not of type " + get_type(given)`,
        ),
      ),
      forEach('each_argument', 'argument', ex`keys(given)`, 10, [
        check(
          'unknown_argument',
          ex`not(argument in known)`,
          fail(
            'refuse_argument',
            ex`"unknown argument \"" + argument + "\"; known are \"dryRun\" and \"destinations\""`,
          ),
        ),
      ]),
      check(
        'dry_run_given',
        ex`map.get(given, "dryRun") != null`,
        check(
          'dry_run_no_boolean',
          ex`not(json.encode_to_string(given.dryRun) in flags)`,
          fail('refuse_dry_run', '"dryRun" must be true or false'),
        ),
        assign('take_dry_run', { 'request.dryRun': ex`given.dryRun` }),
      ),
      check('all_destinations', ex`map.get(given, "destinations") == null`, give('take_all', ex`request`)),
      choose(
        'destinations_are_a_list',
        when(
          ex`get_type(given.destinations) != "list"`,
          fail('refuse_destinations', '"destinations" must be a list of names'),
        ),
        when(ex`len(given.destinations) == 0`, fail('refuse_none', '"destinations" names no destination')),
      ),
      forEach('each_name', 'name', ex`given.destinations`, ids.length, [
        check(
          'unknown_name',
          ex`not(name in all)`,
          fail(
            'refuse_name',
            ex`"unknown destination " + json.encode_to_string(name) + "; known are " + json.encode_to_string(all)`,
          ),
        ),
      ]),
      // In the config's order, each once, however they were given.
      assign('none_yet', { 'request.destinations': [] }),
      forEach('each_destination', 'id', ex`all`, ids.length, [
        check(
          'is_named',
          ex`id in given.destinations`,
          assign('take_it', { 'request.destinations': ex`list.concat(request.destinations, id)` }),
        ),
      ]),
      give('chosen', ex`request`),
    ],
  );
}
