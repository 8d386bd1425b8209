/** A plan of the config as the request that the job's code understands. */
import type { DestinationPlan, MirrorPlan, WorkflowPlan } from '../../generator/plan.ts';
import { defaultLimits } from '../../job/registry/limiter.ts';
import type { JobRequest } from '../../job/request.ts';

/** Limits that are asked about where nothing is mirrored: none, since nothing is deleted then. */
const noMirror: MirrorPlan = {
  maxDeletions: 100,
  maxDeletionShare: 0.1,
  allowEmptySource: false,
  protect: { tags: [], packages: [], newerThanDays: 0 },
};

/** @param destinations of the plan; the settings are those of the first */
export function toJobRequest(plan: WorkflowPlan, destinations: readonly DestinationPlan[]): JobRequest {
  const [first] = destinations;
  return {
    source: plan.source,
    destinations: destinations.map(({ repository }) => repository),
    behavior: first?.copy.behavior ?? {},
    allowSkippedVersions: first?.copy.allowSkippedVersions ?? false,
    poll: plan.poll,
    wait: true,
    mirror: first?.mirror ?? noMirror,
    copyStartTime: undefined,
    dryRun: true,
    skippedVersions: 0,
    limits: defaultLimits,
    task: { index: 0, count: 1 },
  };
}
