/** A leader and a follower in a few words, for tests of single cases. */
import { type MirrorPlan, type RepositoryName, resourceName } from '../generator/plan.ts';
import { claimLabel, claimOf } from '../job/difference/guards.ts';
import type { JobRequest } from '../job/request.ts';
import { ModelRegistry, type ModelRepository, modelRepository } from './model-registry.ts';

export const source: RepositoryName = { project: 'acme', location: 'us', repository: 'leader' };
export const destination: RepositoryName = { project: 'acme', location: 'europe', repository: 'follower' };

/** When every test runs, and the copy started. */
export const now = Date.UTC(2026, 0, 10);
export const day = 24 * 60 * 60 * 1000;

/** A version in a few words. */
export interface Short {
  /** `app@1`: package and a number that becomes a digest. */
  id: string;
  tags?: string[];
  children?: number[];
  subject?: number;
  /** Days before {@link now}; default 10. */
  age?: number;
}

export const digest = (number: number | string) => `sha256:${Number(number).toString(16).padStart(64, '0')}`;

function fill(repository: ModelRepository, versions: readonly Short[]): ModelRepository {
  for (const { id, tags = [], children, subject, age = 10 } of versions) {
    const [packageId = '', number = ''] = id.split('@');
    const held = repository.versions.get(packageId) ?? new Map();
    repository.versions.set(packageId, held);
    held.set(digest(number), {
      createTime: now - age * day,
      updateTime: now - age * day,
      bytes: 1000,
      mediaType: children
        ? 'application/vnd.oci.image.index.v1+json'
        : 'application/vnd.oci.image.manifest.v1+json',
      ...(children && { children: children.map(digest) }),
      ...(subject !== undefined && { subject: digest(subject) }),
    });
    const named = repository.tags.get(packageId) ?? new Map<string, string>();
    repository.tags.set(packageId, named);
    for (const tag of tags) named.set(tag, digest(number));
  }
  return repository;
}

/** Both sides; the follower is claimed unless its labels are given. */
export function world(
  leader: readonly Short[],
  follower: readonly Short[],
  more: Partial<ModelRepository> = {},
) {
  const registry = new ModelRegistry();
  const left = fill(modelRepository(), leader);
  const right = fill(modelRepository({ labels: { [claimLabel]: claimOf(source) }, ...more }), follower);
  registry.repositories.set(resourceName(source), left);
  registry.repositories.set(resourceName(destination), right);
  return { registry, leader: left, follower: right };
}

/** A request that allows everything unless told otherwise. */
export function requestWith(policy: Partial<MirrorPlan> = {}, more: Partial<JobRequest> = {}): JobRequest {
  return {
    source,
    destinations: [destination],
    behavior: { allAttachmentsIncluded: true },
    allowSkippedVersions: false,
    poll: { initialDelay: 1, multiplier: 1, maxDelay: 1, deadline: 60 },
    wait: true,
    mirror: {
      maxDeletions: 1000,
      maxDeletionShare: 1,
      allowEmptySource: false,
      protect: { tags: [], packages: [], newerThanDays: 0 },
      ...policy,
    },
    copyStartTime: now,
    dryRun: false,
    skippedVersions: 0,
    limits: { requests: 6000, writes: 1800, deletes: 1800 },
    task: { index: 0, count: 1 },
    ...more,
  };
}
