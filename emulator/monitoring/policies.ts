/** Alert policies, and what Cloud Monitoring refuses of them. Nothing is evaluated. */
import { GoogleError } from '../errors.ts';
import { checkExtractor } from '../logging/extractor.ts';
import { logFilter } from '../logging/filter.ts';

/** `google.monitoring.v3.AlertPolicy`, as JSON, as far as it is looked at. */
export interface Policy extends Record<string, unknown> {
  readonly name: string;
  readonly displayName?: string;
  readonly combiner?: string;
  readonly conditions?: readonly Condition[];
  readonly userLabels?: Readonly<Record<string, string>>;
  readonly notificationChannels?: readonly string[];
  readonly documentation?: {
    readonly content?: string;
    readonly links?: readonly { readonly displayName?: string; readonly url?: string }[];
  };
  readonly alertStrategy?: {
    readonly autoClose?: string;
    readonly notificationRateLimit?: { readonly period?: string };
  };
}

interface Condition extends Record<string, unknown> {
  readonly displayName?: string;
  readonly conditionMatchedLog?: {
    readonly filter?: string;
    readonly labelExtractors?: Readonly<Record<string, string>>;
  };
  readonly conditionPrometheusQueryLanguage?: {
    readonly query?: string;
    readonly duration?: string;
    readonly evaluationInterval?: string;
  };
}

const invalid = (message: string) => new GoogleError('INVALID_ARGUMENT', message);
const day = 86_400;

/** @param hasChannel whether a notification channel is there @throws GoogleError INVALID_ARGUMENT */
export function checkPolicy(policy: Policy, hasChannel: (name: string) => boolean): void {
  const { displayName = '', conditions = [], combiner, userLabels = {}, documentation = {} } = policy;
  if (displayName === '') throw invalid('Field alert_policy.display_name is required.');
  if (displayName.length > 512) throw invalid('Field alert_policy.display_name is too long.');
  if (conditions.length < 1 || conditions.length > 6)
    throw invalid('Field alert_policy.conditions must have one to six conditions.');
  if (combiner === undefined) throw invalid('Field alert_policy.combiner is required.');
  for (const [key, value] of Object.entries(userLabels))
    if (!/^[a-z][a-z0-9_-]{0,62}$/.test(key) || !/^[a-z0-9_-]{0,63}$/.test(value))
      throw invalid(`Field alert_policy.user_labels has an invalid label '${key}=${value}'.`);
  const { content = '', links = [] } = documentation;
  if ([...content].length > 8192 || Buffer.byteLength(content) > 10_240 || links.length > 3)
    throw invalid('Field alert_policy.documentation is too long.');
  for (const { displayName = '', url = '' } of links)
    if (displayName === '' || [...displayName].length > 63 || url.length > 2083)
      throw invalid('Field alert_policy.documentation.links has an invalid link.');
  for (const name of policy.notificationChannels ?? [])
    if (!hasChannel(name)) throw invalid(`The notification channel '${name}' was not found.`);
  for (const [index, condition] of conditions.entries()) checkCondition(condition, index, policy);
}

function checkCondition(
  condition: Condition,
  index: number,
  { conditions = [], alertStrategy = {} }: Policy,
): void {
  const where = `Field alert_policy.conditions[${index}]`;
  const { conditionMatchedLog: log, conditionPrometheusQueryLanguage: promql } = condition;
  if (!condition.displayName) throw invalid(`${where}.display_name is required.`);
  if (log) {
    if (conditions.length > 1) throw invalid('A condition that matches logs must be the only one.');
    logFilter(log.filter ?? '');
    for (const [key, text] of Object.entries(log.labelExtractors ?? {}))
      checkExtractor(text, `label_extractors.${key}`);
    const period = secondsOf(alertStrategy.notificationRateLimit?.period);
    if (!(period >= 300 && period <= 2 * day))
      throw invalid('A policy that matches logs must have a notification rate limit.');
  } else if (promql) {
    if (!promql.query) throw invalid(`${where}.query is required.`);
    const duration = secondsOf(promql.duration ?? '0s');
    if (!(duration >= 0 && duration <= day && duration % 60 === 0))
      throw invalid(`${where}.duration must be whole minutes, a day at most.`);
    const interval = secondsOf(promql.evaluationInterval ?? '30s');
    if (!(interval > 0 && interval % 30 === 0))
      throw invalid(`${where}.evaluation_interval must be a multiple of 30 seconds.`);
    const least = shortestInterval(promql.query);
    if (interval < least) throw invalid(`${where}.evaluation_interval must be at least ${least}s.`);
  }
  const close = secondsOf(alertStrategy.autoClose ?? '1800s');
  if (!(close >= 1800 && close <= 7 * day)) throw invalid('auto_close must be from 30 minutes to 7 days.');
}

const units: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: day, w: 7 * day };

/** The further back a query looks, the more seldom it may be asked; in seconds. */
function shortestInterval(query: string): number {
  const ranges = [...query.matchAll(/\[(\d+)([smhdw])/g)];
  const longest = Math.max(0, ...ranges.map(([, number, unit = 's']) => Number(number) * (units[unit] ?? 1)));
  if (longest <= 25 * 3600) return 30;
  return longest <= 8 * day ? 300 : 3600;
}

/** Seconds of a duration as JSON has it, `300s`; NaN where it is none. */
function secondsOf(text: string | undefined): number {
  return /^\d+(\.\d+)?s$/.test(text ?? '') ? Number.parseFloat(text ?? '') : Number.NaN;
}
