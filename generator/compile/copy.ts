/** `post_copy` and `find_copy`: CopyRepository, asked for once. */
import { ex } from '../expression/parse.ts';
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
import { answerOf, callApi } from './endpoints.ts';
import { fail, retryPost, retryRead } from './errors.ts';

/** Operations looked at after a lost answer, one a page: each may hold a hundred skipped versions twice over. */
const looked = 10;
const pageSize = 1;
const onePage = { pageSize };
const listed = answerOf('listOperations', ex`answer`);

export function postCopy(): Routine {
  return routine(
    'post_copy',
    ['source', 'destination'],
    'Starts CopyRepository and returns the name of its operation. It is sent again only where nothing can have started; after a lost answer the operation is looked for instead, since a second copy costs as much as the first.',
    [
      assign('begin', { posted: ex`sys.now()`, operation: null }),
      attempt(
        'post',
        [
          callApi('copy_repository', 'copyRepository', ex`destination.repository`, 'answer', {
            body: ex`destination.request`,
          }),
          assign('take_name', { operation: ex`${answerOf('copyRepository', ex`answer`)}.name` }),
        ],
        {
          retry: retryPost,
          except: [
            call('describe', 'describe_error', { error: ex`error` }, 'why'),
            assign('read_code', { code: 0 }),
            check(
              'http_error',
              ex`get_type(error) == "map"`,
              assign('take_code', { code: ex`default(map.get(error, "code"), 0)` }),
            ),
            choose(
              'explain',
              when(
                ex`code == 403`,
                fail(
                  'refused',
                  ex`"CopyRepository was refused. Grant roles/artifactregistry.writer on " + destination.repository + " and roles/artifactregistry.reader on " + source + " to the workflow's service account; with both, the API may not be open to the project. " + why`,
                ),
              ),
              when(
                ex`code == 404 or code == 501`,
                fail(
                  'not_available',
                  ex`"CopyRepository is not there for " + destination.repository + ": both repositories were read just before, so the API may not be open to this project or location. " + why`,
                ),
              ),
              when(
                ex`code >= 400 and code < 500`,
                fail('rejected', ex`"CopyRepository was rejected: " + why`),
              ),
            ),
            call(
              'look_for_it',
              'find_copy',
              { source: ex`source`, destination: ex`destination.repository`, since: ex`posted` },
              'operation',
            ),
            check(
              'not_found',
              ex`operation == null`,
              fail(
                'answer_lost',
                ex`"the answer to CopyRepository was lost and no operation of it was found; it may be running all the same. The next run copies what is missing. " + why`,
              ),
            ),
          ],
        },
      ),
      give('operation_name', ex`operation`),
    ],
  );
}

/** Whether `one` is a copy of the pair that is looked for. */
const samePair = ex`map.get(one, ["metadata", "sourceRepository"]) == source and map.get(one, ["metadata", "destinationRepository"]) == destination`;

/** When `one` started; long ago where it does not say. */
const startOf = ex`default(map.get(one, ["metadata", "copyStartTime"]), "1970-01-01T00:00:00Z")`;

export function findCopy(): Routine {
  return routine(
    'find_copy',
    ['source', 'destination', 'since'],
    'After a lost answer: the operation that copies this very pair and is running, or started since we asked; null where there is none or operations cannot be listed.',
    [
      assign('begin', {
        nothing: [],
        parent: ex`text.replace_all_regex(destination, "/repositories/.*$", "")`,
      }),
      attempt(
        'list',
        [callApi('list_operations', 'listOperations', ex`parent`, 'answer', { query: onePage })],
        {
          retry: retryRead,
          except: [give('cannot_list', null)],
        },
      ),
      countTo('each_page', 'page', looked, [
        forEach('each_operation', 'one', ex`default(map.get(${listed}, "operations"), nothing)`, pageSize, [
          choose(
            'ours',
            when(ex`${samePair} and map.get(one, "done") != true`, give('running', ex`one.name`)),
            // A minute for clocks that differ.
            when(ex`${samePair} and time.parse(${startOf}) > since - 60`, give('just_done', ex`one.name`)),
          ),
        ]),
        // The page is let go of before the next one comes.
        assign('go_on', { more: ex`default(map.get(${listed}, "nextPageToken"), "")`, answer: null }),
        choose('last_page', whenGo(ex`more == ""`, 'break')),
        attempt(
          'list_more',
          [
            callApi('list_more_operations', 'listOperations', ex`parent`, 'answer', {
              query: { ...onePage, pageToken: ex`more` },
            }),
          ],
          { except: [give('cannot_list_more', null)] },
        ),
      ]),
      give('none_found', null),
    ],
  );
}
