/** How a destination is copied to: the common settings, and its own over them, field by field. */
import { child } from '../config-path.ts';
import type { ConfigPath, CopyPlan, EngineCopyPlan, Json } from '../plan.ts';
import { API_FIELDS, readBehavior } from './behavior.ts';
import { isRecord } from './describe.ts';
import { readEngineCopy } from './engine-copy.ts';
import { checkRange } from './poll.ts';
import type { Report } from './report.ts';

/** Settings as they were written: only the fields that were. */
export interface CopySettings {
  readonly engine?: CopyPlan['engine'];
  readonly behavior: Readonly<Record<string, Json>>;
  readonly allowSkippedVersions?: boolean;
  readonly own: EngineCopyPlan;
}

/** Reads one `copy` and reports what is wrong with it. */
export function readCopy(value: unknown, path: ConfigPath, report: Report): CopySettings {
  if (!isRecord(value)) return { behavior: {}, own: {} };
  const { engine, allowSkippedVersions } = value;
  checkRange(
    value.maxVersionAgeDays,
    { min: 0, max: 36_500, whole: true },
    child(path, 'maxVersionAgeDays'),
    report,
  );
  const behavior: Record<string, Json> = {};
  for (const field of API_FIELDS) {
    const setting = value[field];
    if (typeof setting === 'boolean' || typeof setting === 'number') behavior[field] = setting;
  }
  Object.assign(behavior, readBehavior(value.behavior, child(path, 'behavior'), report));
  return {
    ...((engine === 'api' || engine === 'job') && { engine }),
    behavior,
    ...(typeof allowSkippedVersions === 'boolean' && { allowSkippedVersions }),
    own: readEngineCopy(value, path, report),
  };
}

/** A destination's settings over the common ones. */
export function mergeCopy(common: CopySettings, own: CopySettings): CopyPlan {
  return {
    engine: own.engine ?? common.engine ?? 'api',
    behavior: { ...common.behavior, ...own.behavior },
    allowSkippedVersions: own.allowSkippedVersions ?? common.allowSkippedVersions ?? false,
    own: { ...common.own, ...own.own },
  };
}
