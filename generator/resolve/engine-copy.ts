/** What only the job's own copy takes: filters, and what becomes of tags and layers. */
import { child } from '../config-path.ts';
import type { ConfigPath, EngineCopyPlan } from '../plan.ts';
import { isRecord } from './describe.ts';
import { readGlobs } from './globs.ts';
import { checkRange } from './poll.ts';
import type { Report } from './report.ts';

/** Fields of `copy` that leave something out, so that a follower is no exact copy. */
export const filterFields = ['packages', 'tags', 'newestTags', 'platforms'] as const;

/** Reads the fields of one `copy`. */
export function readEngineCopy(
  value: Record<string, unknown>,
  path: ConfigPath,
  report: Report,
): EngineCopyPlan {
  const { newestTags, newestBy, platforms, moved, foreignLayers } = value;
  checkRange(newestTags, { min: 1, max: 1_000_000, whole: true }, child(path, 'newestTags'), report);
  const packages = readGlobs(value.packages, 'team/*', child(path, 'packages'), report);
  const tags = readGlobs(value.tags, 'release-*', child(path, 'tags'), report);
  return {
    ...(packages && { packages }),
    ...(tags && { tags }),
    ...(typeof newestTags === 'number' && { newestTags }),
    ...((newestBy === 'semver' || newestBy === 'time') && { newestBy }),
    ...(isRecord(platforms) && readPlatforms(platforms, child(path, 'platforms'), report)),
    ...((moved === 'update' || moved === 'keep' || moved === 'fail') && { moved }),
    ...(typeof foreignLayers === 'boolean' && { foreignLayers }),
  };
}

const platform = /^[a-z0-9*]+\/[a-z0-9_*]+(\/[a-z0-9*]+)?$/;

function readPlatforms(
  { include, rewriteIndex }: Record<string, unknown>,
  path: ConfigPath,
  report: Report,
): EngineCopyPlan {
  if (!Array.isArray(include)) return {};
  const platforms = include.filter((one: unknown, i): one is string => {
    if (typeof one !== 'string') return false;
    if (!platform.test(one))
      report.problem(
        'glob',
        child(path, 'include', i),
        `"${one}" is no platform`,
        'write one as "linux/amd64"',
      );
    return true;
  });
  return { platforms, ...(typeof rewriteIndex === 'boolean' && { rewriteIndex }) };
}
