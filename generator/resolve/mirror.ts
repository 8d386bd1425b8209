/** What a mirror may delete: the common settings, and a destination's own over them, field by field. */
import { child } from '../config-path.ts';
import type { ConfigPath, MirrorPlan } from '../plan.ts';
import { isRecord } from './describe.ts';
import { readGlobs } from './globs.ts';
import { checkRange } from './poll.ts';
import type { Report } from './report.ts';

type Fields = Partial<Omit<MirrorPlan, 'protect'>> & {
  readonly protect?: Partial<MirrorPlan['protect']> | undefined;
};

/** Settings as they were written: only the fields that were; `false` where it is off, undefined where nothing is said. */
export type MirrorSettings = Fields | false | undefined;

/** Safe on the first day. */
const MIRROR: MirrorPlan = {
  maxDeletions: 100,
  maxDeletionShare: 0.1,
  allowEmptySource: false,
  protect: { tags: [], packages: [], newerThanDays: 0 },
};

/** Reads one `mirror` and reports what is wrong with it. */
export function readMirror(value: unknown, path: ConfigPath, report: Report): MirrorSettings {
  if (typeof value === 'boolean') return value && {};
  if (!isRecord(value)) return undefined;
  const { maxDeletions, maxDeletionShare, allowEmptySource } = value;
  checkRange(maxDeletions, { min: 0, max: 10_000_000, whole: true }, child(path, 'maxDeletions'), report);
  checkRange(maxDeletionShare, { min: 0, max: 1 }, child(path, 'maxDeletionShare'), report);
  return {
    ...(typeof maxDeletions === 'number' && { maxDeletions }),
    ...(typeof maxDeletionShare === 'number' && { maxDeletionShare }),
    ...(typeof allowEmptySource === 'boolean' && { allowEmptySource }),
    ...(isRecord(value.protect) && {
      protect: readProtection(value.protect, child(path, 'protect'), report),
    }),
  };
}

function readProtection(value: Record<string, unknown>, path: ConfigPath, report: Report): Fields['protect'] {
  const { newerThanDays } = value;
  checkRange(newerThanDays, { min: 0, max: 36_500 }, child(path, 'newerThanDays'), report);
  const tags = readGlobs(value.tags, 'release-*', child(path, 'tags'), report);
  const packages = readGlobs(value.packages, 'base/*', child(path, 'packages'), report);
  return {
    ...(tags && { tags }),
    ...(packages && { packages }),
    ...(typeof newerThanDays === 'number' && { newerThanDays }),
  };
}

/** A destination's settings over the common ones; undefined where it is no mirror. */
export function mergeMirror(common: MirrorSettings, own: MirrorSettings): MirrorPlan | undefined {
  const settings = own ?? common;
  if (settings === undefined || settings === false) return undefined;
  const below = common || {};
  const above = own || {};
  return {
    ...MIRROR,
    ...below,
    ...above,
    protect: { ...MIRROR.protect, ...below.protect, ...above.protect },
  };
}
