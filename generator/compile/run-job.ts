/** `run_job`: an execution of the Cloud Run job, from its start to its end. */
import { ex } from '../expression/parse.ts';
import type { Expression } from '../expression/tree.ts';
import type { JobPlan, PollPlan, WorkflowPlan } from '../plan.ts';
import { assign, attempt, call, forEach, give, routine } from '../workflow/build.ts';
import type { Routine } from '../workflow/steps.ts';
import { pollsUntilDeadline } from './await.ts';

/** Connectors of Cloud Run's jobs. */
export const jobs = 'googleapis.run.v2.projects.locations.jobs';

/** Seconds that an execution may take to start, beyond the time that its tasks have. */
const startUp = 900;

/** Steps of an execution of the workflow that may be spent on looking whether the job has ended. */
const pollingSteps = 20_000;

/** The job's resource name. Its id is the workflow's. */
export function jobName({ project, region, name }: WorkflowPlan): string {
  return `projects/${project}/locations/${region}/jobs/${name}`;
}

/** How often the connector looks. Each look is a step: the more executions there may be, the fewer each may take. */
function polling(job: JobPlan, executions: number): PollPlan {
  const deadline = job.timeout + startUp;
  const maxDelay = Math.max(60, Math.ceil(deadline / (pollingSteps / executions - 10)));
  return { initialDelay: 10, multiplier: 1.5, maxDelay, deadline };
}

/**
 * The execution that `value` tells of. Whether the connector gives the operation or what the operation gave is not
 * documented clearly, so both are read: the first of these names that is an execution's.
 */
export function executionIn(value: Expression): Expression {
  return ex`default(map.get(${value}, ["response", "name"]), default(map.get(${value}, ["metadata", "name"]), map.get(${value}, "name")))`;
}

/** How much one execution of the workflow asks of the job. */
export interface Demand {
  /** Most executions of the job. */
  readonly executions: number;
  /** Most destinations of one of them. */
  readonly destinations: number;
}

export function runJob(plan: WorkflowPlan, job: JobPlan, { executions, destinations }: Demand): Routine {
  const poll = polling(job, executions);
  return routine(
    'run_job',
    ['command', 'source', 'destinations', 'flags', 'tasks'],
    `Runs a command of the Cloud Run job and waits for its end, at most the job's own ${job.timeout} s and ${startUp} s for its start. Never raises: returns its state (succeeded, partlyFailed or failed), the name of its execution, and a message where it did not succeed.`,
    [
      assign('begin', {
        args: ex`list.concat(flags, "--execution=" + sys.get_env("GOOGLE_CLOUD_WORKFLOW_EXECUTION_ID"))`,
        execution: null,
      }),
      forEach('each_destination', 'name', ex`destinations`, destinations, [
        assign('add_destination', { args: ex`list.concat(args, "--destination=" + name)` }),
      ]),
      assign('add_command', { args: ex`list.prepend(list.prepend(args, "--source=" + source), command)` }),
      attempt(
        'run',
        [
          {
            ...call(
              'run_and_wait',
              `${jobs}.run`,
              {
                name: jobName(plan),
                body: {
                  overrides: {
                    taskCount: ex`tasks`,
                    timeout: `${job.timeout}s`,
                    containerOverrides: [{ args: ex`args` }],
                  },
                },
                connector_params: {
                  timeout: poll.deadline,
                  polling_policy: {
                    initial_delay: poll.initialDelay,
                    multiplier: poll.multiplier,
                    max_delay: poll.maxDelay,
                  },
                },
              },
              'done',
            ),
            moreSteps: pollsUntilDeadline(poll),
          },
          // What the connector gives is large, and nothing else of it is wanted.
          assign('take_execution', { execution: executionIn(ex`done`), done: null }),
        ],
        {
          except: [
            call('explain', 'explain_job', { error: ex`error`, command: ex`command` }, 'failure'),
            give('not_done', ex`failure`),
          ],
        },
      ),
      give('done_well', { state: 'succeeded', execution: ex`execution`, message: null }),
    ],
  );
}
