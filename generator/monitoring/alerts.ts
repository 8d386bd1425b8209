/** Alert policies: what each looks for, and how. What each says to whom it wakes is in `alert-texts.ts`. Pure. */
import type { AlertsPlan, NoSuccessPlan, WorkflowPlan } from '../plan.ts';
import { alertText } from './alert-texts.ts';
import { allOf, executionLabel, failedForGood, field, inPhase, isOneOf, writtenBy } from './filters.ts';
import { filterOf } from './log-metrics.ts';
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
        filter: allOf(
          writtenBy('job', plan),
          inPhase('mirror'),
          isOneOf(field('reason'), ['delete-limit', 'delete-share']),
        ),
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
const evaluationInterval = 300;
const shortest = 1800;
const longestRetest = 86_400;
/** A success is seen for so long, in whatever is left of it when its entry comes late. */
const shortestLook = 1800;
/** For so long beyond its time it is remembered that a run was due: an incident stays open although nothing moves. */
const remembered = 30 * 86_400;

/**
 * No success for so long, in two parts: none in the window that each evaluation looks back, and that found again and
 * again for the rest of the time. So the first run of all has the rest of the time, a day at most, to succeed.
 */
export function splitWindow(seconds: number): { readonly lookBack: number; readonly retest: number } {
  const whole = Math.max(shortest, seconds);
  const look = Math.min(shortestLook, whole / 2);
  const retest = Math.min(longestRetest, Math.floor((whole - look) / 60) * 60);
  return { lookBack: whole - retest, retest };
}

function noSuccessCondition(plan: WorkflowPlan, { periods, seconds }: NoSuccessPlan): Condition {
  const { lookBack, retest } = splitWindow(seconds);
  return {
    displayName: `No success for ${periods === 1 ? 'a period' : `${periods} periods`} of the schedule`,
    conditionPrometheusQueryLanguage: {
      query: noSuccessFor(plan, lookBack, lookBack + retest + remembered),
      duration: `${retest}s`,
      evaluationInterval: `${evaluationInterval}s`,
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
