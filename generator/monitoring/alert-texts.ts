/** What an alert says to whom it wakes: what it means, what to look at, what to do. Markdown. */
import { resourceName, type WorkflowPlan } from '../plan.ts';
import { dashboardPage, executionsPage, schedulerLogs, troubleLogs } from './links.ts';
import type { AlertKind } from './names.ts';

/** A policy's text. */
export interface AlertText {
  /** Follows the replicator's name. */
  readonly title: string;
  readonly content: string;
  /** Three at most. */
  readonly links: readonly { readonly displayName: string; readonly url: string }[];
}

/** Filled in by Monitoring from the log entry. https://cloud.google.com/monitoring/alerts/doc-variables */
const execution = `\${log.extracted_label.execution}`;

/** @param written who wrote the file */
export function alertText(kind: AlertKind, plan: WorkflowPlan, written: string): AlertText {
  const { title, means, look } = texts[kind](plan);
  const { length } = plan.destinations;
  const what = `\`${plan.name}\` replicates \`${resourceName(plan.source)}\` to ${length === 1 ? 'one follower' : `${length} followers`}.`;
  const content = [
    `${means}\n\n${what}`,
    `**Look at**\n\n${look.map((line) => `- ${line}`).join('\n')}`,
    `Queries and what else to look at: docs/observability.md in the checkout. ${written}`,
  ].join('\n\n');
  return { title, content, links: linksOf(kind, plan) };
}

interface Text {
  readonly title: string;
  readonly means: string;
  readonly look: readonly string[];
}

const nameFlag = ({ name }: WorkflowPlan) => `-- --name ${name}`;
const logsOfRun = (plan: WorkflowPlan) =>
  `what the run logged, its job included: \`npm run logs ${nameFlag(plan)} --execution ${execution}\``;
/** A request to the service is no execution of the workflow. */
const logsOfService = ({ job }: WorkflowPlan) =>
  job?.service
    ? [
        'where no execution is named here it was a request to the service, `POST /copy`: its entries are among the warnings and errors, see the link',
      ]
    : [];
const status = (plan: WorkflowPlan) =>
  `the last runs, and how far behind each follower is: \`npm run status ${nameFlag(plan)}\``;
const again = (plan: WorkflowPlan) =>
  `run it now, when the cause is removed: \`npm run replicate ${nameFlag(plan)}\``;

const texts: Readonly<Record<AlertKind, (plan: WorkflowPlan) => Text>> = {
  'run-failed': (plan) => ({
    title: 'a run failed',
    means:
      'A run failed, in whole or in part, or Cloud Workflows stopped it for a limit. Followers that it did not reach are as the run before left them; nothing is lost, and the next run copies what is missing.',
    look: [
      logsOfRun(plan),
      'the entry of phase `run`, whose message names which followers failed and why; where there is none, the entry of Cloud Workflows in `executions_system`',
      status(plan),
      'what is often the cause, and what to do: `npm run doctor`',
      again(plan),
    ],
  }),
  'no-success': (plan) => ({
    title: 'no run succeeds',
    means:
      'No run has succeeded for as long as the schedule allows: runs fail, go on for too long, or cannot be started. Runs that gave way to an older one and dry runs are no successes. Where none has ever succeeded, nothing was replicated yet.',
    look: [
      status(plan),
      `whether the Scheduler starts runs: \`gcloud scheduler jobs describe ${plan.name} --project=${plan.project} --location=${plan.region}\``,
      'whether a run has been going on for long: the executions of state ACTIVE; later ones give way to it',
      'what is often the cause, and what to do: `npm run doctor`',
      again(plan),
    ],
  }),
  'delete-limit': (plan) => ({
    title: 'a limit refused to delete',
    means:
      'A mirror was to delete more than `mirror.maxDeletions` or `mirror.maxDeletionShare` allows, and deleted nothing. Either the leader was cleaned up, or something is wrong with it.',
    look: [
      'what would be deleted, and why: `npm run plan`',
      logsOfRun(plan),
      ...logsOfService(plan),
      'whether the leader lacks what it should have; if it does, leave the limits as they are: the followers are the last copy',
      'if all of it may go: raise the limit in the config, `npm run deploy`, then run it; lower it again afterwards',
    ],
  }),
  'skipped-versions': (plan) => ({
    title: 'versions were skipped',
    means:
      'A copy went on past versions that it could not copy: followers lack them. As a rule a file of theirs is missing at the leader, or cannot be read.',
    look: [
      logsOfRun(plan),
      ...logsOfService(plan),
      'the entries of phase `result` with `counts.skipped`: they name the follower, and a few of the versions',
      'what each follower lacks: `npm run plan`',
      'whether the version can be pulled from the leader; if not, push it again or delete it there',
    ],
  }),
};

function linksOf(kind: AlertKind, plan: WorkflowPlan): AlertText['links'] {
  const logs =
    kind === 'no-success'
      ? { displayName: 'What the Scheduler says', url: schedulerLogs(plan) }
      : { displayName: 'Warnings and errors', url: troubleLogs(plan) };
  return [
    { displayName: 'Executions', url: executionsPage(plan) },
    logs,
    ...(plan.monitoring?.dashboard ? [{ displayName: 'Dashboard', url: dashboardPage(plan) }] : []),
  ];
}
