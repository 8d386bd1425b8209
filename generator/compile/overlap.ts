/** `older_execution`: runs of one workflow do not overlap. */
import { ex } from '../expression/parse.ts';
import { assign, attempt, call, choose, forEach, give, routine, when } from '../workflow/build.ts';
import type { Routine } from '../workflow/steps.ts';
import { fail } from './errors.ts';

const executions = 'googleapis.workflowexecutions.v1.projects.locations.workflows.executions';

/** Executions looked at. Only runs that are about to give way are ever active beside the oldest. */
const looked = 100;

/** When `other` started. What waits in the backlog has not, and is left out by its state. */
const startOfOther = ex`default(map.get(other, "startTime"), mine.startTime)`;

export function olderExecution(): Routine {
  return routine(
    'older_execution',
    [],
    'The name of an execution of this workflow that is still active and started before this one, or null. Of two that started at the same moment the one that the list shows first is the older.',
    [
      assign('whoami', {
        workflow: ex`"projects/" + sys.get_env("GOOGLE_CLOUD_PROJECT_ID") + "/locations/" + sys.get_env("GOOGLE_CLOUD_LOCATION") + "/workflows/" + sys.get_env("GOOGLE_CLOUD_WORKFLOW_ID")`,
        id: ex`sys.get_env("GOOGLE_CLOUD_WORKFLOW_EXECUTION_ID")`,
        nothing: [],
      }),
      attempt(
        'ask',
        [
          call(
            'read_this_execution',
            `${executions}.get`,
            { name: ex`workflow + "/executions/" + id`, view: 'BASIC' },
            'mine',
          ),
          call(
            'list_active',
            `${executions}.list`,
            {
              parent: ex`workflow`,
              filter: 'state="ACTIVE"',
              // And by no id: client libraries call that field executionID, the reference executionId.
              orderBy: 'startTime',
              pageSize: looked,
              view: 'BASIC',
            },
            'active',
          ),
        ],
        {
          except: [
            call('describe', 'describe_error', { error: ex`error` }, 'why'),
            fail(
              'cannot_see',
              ex`"cannot see whether an older execution is still active: the workflow's service account needs roles/workflows.viewer on the project. " + why`,
            ),
          ],
        },
      ),
      assign('begin', { started: ex`time.parse(mine.startTime)`, passed: false }),
      forEach('each_active', 'other', ex`default(map.get(active, "executions"), nothing)`, looked, [
        choose(
          'compare',
          when(ex`text.match_regex(other.name, "/" + id + "$")`, assign('that_is_this', { passed: true })),
          when(
            ex`other.state == "ACTIVE" and time.parse(${startOfOther}) < started`,
            give('older', ex`other.name`),
          ),
          when(
            ex`other.state == "ACTIVE" and time.parse(${startOfOther}) == started and not(passed)`,
            give('older_by_order', ex`other.name`),
          ),
        ),
      ]),
      give('none_older', null),
    ],
  );
}
