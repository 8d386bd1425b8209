/** `notify`: the result of a run as a message on a Pub/Sub topic. */
import { ex } from '../expression/parse.ts';
import type { NotifyPlan, WorkflowPlan } from '../plan.ts';
import { assign, attempt, call, check, routine } from '../workflow/build.ts';
import type { Call, Routine, Value } from '../workflow/steps.ts';
import { cut } from './errors.ts';
import { errorLength } from './follow.ts';
import { log } from './log.ts';

/** Seconds after which a message is given up: a run has its end in the log too. */
const timeout = 60;

/** Characters of the message where the table is left out. */
const messageLength = 4000;

/**
 * How often the table is held while it is published: as it is, as what the routine was given, as the text and the
 * base64 of the message.
 */
export const heldWhilePublished = 4.5;

/** The step that tells of an end; none where the config does not ask for it. */
export function tell(name: string, { notify }: Pick<WorkflowPlan, 'notify'>, summary: Value): Call[] {
  return notify ? [call(name, 'notify', { summary })] : [];
}

/** @param withTable whether the memory that an execution has is enough for the table of results */
export function notify(plan: WorkflowPlan, { topic, on }: NotifyPlan, withTable: boolean): Routine {
  const { name, project, region } = plan;
  const told = withTable ? ex`summary` : ex`short`;
  const publish = call('publish', 'googleapis.pubsub.v1.projects.topics.publish', {
    topic,
    body: {
      messages: [
        {
          data: ex`base64.encode(json.encode(${told}))`,
          // A subscription can filter by these alone.
          attributes: {
            name,
            execution: ex`sys.get_env("GOOGLE_CLOUD_WORKFLOW_EXECUTION_ID")`,
            state: ex`summary.state`,
            project,
            location: region,
          },
        },
      ],
    },
    connector_params: { timeout },
  });
  return routine(
    'notify',
    ['summary'],
    `Publishes the result of the execution to ${topic}${on === 'failure' ? ', where it failed in whole or in part' : ''}. A dry run tells nothing. Never raises: a message that cannot be published is logged.`,
    [
      check(
        'worth_telling',
        on === 'failure'
          ? ex`not(summary.dryRun) and (summary.state == "failed" or summary.state == "partlyFailed")`
          : ex`not(summary.dryRun)`,
        attempt('tell', [...(withTable ? [] : [shorten]), publish], {
          except: [
            call('describe', 'describe_error', { error: ex`error` }, 'why'),
            assign('word_it', {
              why: cut(ex`why`, errorLength),
              failed: `the result could not be published to ${topic}: `,
              advice:
                ". The topic has to be there, and the workflow's account needs roles/pubsub.publisher on it: npm run doctor and npm run deploy say and mend what is missing",
            }),
            log('log_untold', name, 'WARNING', 'notify', ex`failed + why + advice`, { error: ex`why` }),
          ],
        }),
      ),
    ],
  );
}

/** What is told where the table would not fit: its message names what failed. */
const shorten = assign('shorten', {
  short: {
    state: ex`summary.state`,
    message: cut(ex`summary.message`, messageLength),
    source: ex`summary.source`,
    dryRun: ex`summary.dryRun`,
    copied: ex`summary.copied`,
    skipped: ex`summary.skipped`,
    results: [],
    resultsLeftOut: true,
  },
});
