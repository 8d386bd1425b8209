/** Alert policies: what each looks for, and how. What each says to whom it wakes is in `alert-texts.ts`. Pure. */
import type { AlertsPlan, NoSuccessPlan, WorkflowPlan } from '../plan.ts';
import { alertText } from './alert-texts.ts';
import {
  allOf,
  executionLabel,
  failedForGood,
  field,
  inPhase,
  isOneOf,
  writtenBy,
  writtenByAny,
} from './filters.ts';
import { filterOf, writersOf } from './log-metrics.ts';
import { type AlertKind, alertKinds, alertLabels } from './names.ts';
import { noSuccessFor } from './promql.ts';

/**
 * `google.monitoring.v3.AlertPolicy`, as JSON.
 *
 * https://cloud.google.com/monitoring/api/ref_v3/rest/v3/projects.alertPolicies
 */
export interface AlertPolicy {
  readonly displayName: string;
  readonly severity: 'CRITICAL' | 'ERROR' | 'WARNING';
  readonly userLabels: Readonly<Record<string, string>>;
  readonly documentation: {
    readonly mimeType: 'text/markdown';
    readonly subject: string;
    readonly content: string;
    readonly links: readonly { readonly displayName: string; readonly url: string }[];
  };
  readonly combiner: 'OR';
  readonly conditions: readonly [Condition];
  readonly alertStrategy: object;
  readonly notificationChannels: readonly string[];
}

export type Condition = { readonly displayName: string } & (
  | {
      readonly conditionMatchedLog: {
        readonly filter: string;
        readonly labelExtractors: Readonly<Record<string, string>>;
      };
    }
  | {
      readonly conditionPrometheusQueryLanguage: {
        readonly query: string;
        readonly duration: string;
        readonly evaluationInterval: string;
        readonly disableMetricValidation: true;
      };
    }
);

/** One for each run: several entries of it are told of once. */
const byExecution = (path: string) => ({ execution: `EXTRACT(${path})` });

const conditions: Readonly<
  Record<AlertKind, (plan: WorkflowPlan, alerts: AlertsPlan) => Condition | undefined>
> = {
  // Both write of a run that raised, and Workflows alone of one that it stopped.
  'run-failed': (plan, { runFailed }) =>
    when(runFailed, {
      displayName: 'A run failed',
      conditionMatchedLog: {
        filter: allOf(
          writtenBy('workflow', plan),
          `((${allOf(inPhase('run'), isOneOf(field('state'), ['failed', 'partlyFailed']))})\nOR (${failedForGood(plan)}))`,
        ),
        labelExtractors: byExecution(executionLabel),
      },
    }),
  'no-success': (plan, { noSuccess }) => noSuccess && noSuccessCondition(plan, noSuccess),
  'delete-limit': (plan, { deleteLimit }) =>
    when(deleteLimit, {
      displayName: 'A limit refused to delete',
      conditionMatchedLog: {
        // Of whoever deletes: the job, and the service where there is one.
        filter: writtenByAny(writersOf(plan, 'deleted'), plan, () => [
          inPhase('mirror'),
          isOneOf(field('reason'), ['delete-limit', 'delete-share']),
        ]),
        labelExtractors: byExecution(field('execution')),
      },
    }),
  'skipped-versions': (plan, { skippedVersions }) =>
    when(skippedVersions, {
      displayName: 'Versions were skipped',
      conditionMatchedLog: {
        // The very entries that the metric is made of, dry runs left out.
        filter: filterOf(plan, 'skipped'),
        labelExtractors: byExecution(field('execution')),
      },
    }),
};

function when(isWanted: boolean, condition: Condition): Condition | undefined {
  return isWanted ? condition : undefined;
}

/** Seconds. A retest window is of whole minutes, a day at most. */
const shortest = 1800;
const day = 86_400;
const longestRetest = day;
/** For so long beyond an evaluation a success is seen whose entry comes late. */
const late = 1500;

/**
 * How often the query is evaluated, and how far it looks back for a run that was due: an incident stays open although
 * nothing moves. The service lets a query of more than 25 hours be evaluated every five minutes, and one of more than
 * 8 days more seldom. Where two periods are short, nobody should wait an hour; where they are days, an hour is little.
 */
function pace(whole: number): { readonly interval: number; readonly since: number } {
  const [interval, since] = whole <= day ? [300, 8 * day] : [3600, 32 * day];
  return { interval, since: Math.max(since, whole + 7 * day) };
}

/**
 * No success for so long, in two parts: none in the window that each evaluation looks back, and that found again and
 * again for the rest of the time. So the first run of all has the rest of the time, a day at most, to succeed.
 */
function splitWindow(whole: number): { readonly lookBack: number; readonly retest: number } {
  const look = Math.min(pace(whole).interval + late, whole / 2);
  const retest = Math.min(longestRetest, Math.floor((whole - look) / 60) * 60);
  return { lookBack: whole - retest, retest };
}

function noSuccessCondition(plan: WorkflowPlan, { periods, seconds }: NoSuccessPlan): Condition {
  const whole = Math.max(shortest, seconds);
  const { lookBack, retest } = splitWindow(whole);
  const { interval, since } = pace(whole);
  return {
    displayName: `No success for ${periods === 1 ? 'a period' : `${periods} periods`} of the schedule`,
    conditionPrometheusQueryLanguage: {
      query: noSuccessFor(plan, lookBack, since),
      duration: `${retest}s`,
      evaluationInterval: `${interval}s`,
      // The metric is made in the same deploy, and its descriptor may come later.
      disableMetricValidation: true,
    },
  };
}

const severities: Readonly<Record<AlertKind, AlertPolicy['severity']>> = {
  'run-failed': 'ERROR',
  'no-success': 'CRITICAL',
  'delete-limit': 'WARNING',
  'skipped-versions': 'WARNING',
};

/** A day after the last entry nobody looks at an incident any more; one of a metric closes by itself. */
const strategyOf = (condition: Condition) => ({
  ...('conditionMatchedLog' in condition && { notificationRateLimit: { period: '300s' } }),
  autoClose: '86400s',
});

/** The policies that a plan asks for, by kind. @param written who wrote the file, for its text */
export function alertPolicies(
  plan: WorkflowPlan,
  written: string,
): readonly (readonly [AlertKind, AlertPolicy])[] {
  const alerts = plan.monitoring?.alerts;
  if (!alerts) return [];
  return alertKinds.flatMap((kind): [AlertKind, AlertPolicy][] => {
    const condition = conditions[kind](plan, alerts);
    if (!condition) return [];
    const { title, content, links } = alertText(kind, plan, written);
    const displayName = `${plan.name}: ${title}`;
    return [
      [
        kind,
        {
          displayName,
          severity: severities[kind],
          userLabels: alertLabels(plan, kind),
          documentation: { mimeType: 'text/markdown', subject: displayName, content, links },
          combiner: 'OR',
          conditions: [condition],
          alertStrategy: strategyOf(condition),
          notificationChannels: alerts.channels,
        },
      ],
    ];
  });
}
