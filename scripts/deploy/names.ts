/** What a deploy calls its things. Pure: the same plan gives the same names. */
import { createHash } from 'node:crypto';
import { managedBy } from '../../generator/managed-by.ts';
import type { Named } from '../../generator/monitoring/names.ts';
import type { RepositoryName } from '../../generator/plan.ts';
import type { Who } from '../permissions/grants.ts';

const replicatorLabel = 'replicator';

/** The labels of what belongs to one replicator. */
export function labelsOf({ name }: Named): Record<string, string> {
  return { [managedBy.key]: managedBy.value, [replicatorLabel]: name.toLowerCase().slice(0, 63) };
}

/** Whether labels say that something is this replicator's. */
export function isLabelled(labels: Readonly<Record<string, string>> | undefined, plan: Named): boolean {
  return Object.entries(labelsOf(plan)).every(([key, value]) => labels?.[key] === value);
}

/** The name of a project in an email: a domain-scoped `example.com:acme` is turned around. */
function projectHost(project: string): string {
  return project.split(':').reverse().join('.');
}

/** Shortest and longest id of a service account. */
const shortest = 6;
const longest = 30;

/**
 * The id of a service account: `replicator-workflow`. A name that does not fit is cut and told apart by a hash, and
 * so is one that differs from another in case or in `_` alone.
 */
export function accountId({ name }: Pick<Named, 'name'>, who: Who): string {
  const slug = name.toLowerCase().replaceAll('_', '-').replace(/-+/g, '-');
  const plain = `${slug}-${who}`;
  if (slug === name && plain.length >= shortest && plain.length <= longest) return plain;
  const hash = createHash('sha256').update(name).digest('hex').slice(0, 6);
  const room = longest - who.length - hash.length - 2;
  return `${slug.slice(0, room).replace(/-$/, '')}-${hash}-${who}`;
}

/** The email of a service account. */
export function accountEmail(plan: Named, who: Who): string {
  return `${accountId(plan, who)}@${projectHost(plan.project)}.iam.gserviceaccount.com`;
}

/** The repository that images are built to, one in each project and region. */
export function imageRepository({ project, region }: Named): RepositoryName {
  return { project, location: region, repository: 'cron-replicator' };
}

/** The only package in it that is ours. */
export const imagePackage = 'job';

/**
 * The image that is built from the sources.
 *
 * @param hash of the sources: the same sources are built once
 */
export function imageName(plan: Named, hash: string): string {
  return `${imagePrefix(imageRepository(plan))}${imagePackage}:${hash}`;
}

/** What the name of every image in a repository begins with: `europe-west1-docker.pkg.dev/acme/cron-replicator/`. */
export function imagePrefix({ project, location, repository }: RepositoryName): string {
  return `${location}-docker.pkg.dev/${project.replace(':', '/')}/${repository}/`;
}

/** `projects/P/locations/L` */
export function placeOf({ project, region }: Named): string {
  return `projects/${project}/locations/${region}`;
}

/** The full name of the workflow. */
export function workflowName(plan: Named): string {
  return `${placeOf(plan)}/workflows/${plan.name}`;
}

/** The full name of the Scheduler job, or of the Cloud Run job: both are called like the workflow. */
export function jobName(plan: Named): string {
  return `${placeOf(plan)}/jobs/${plan.name}`;
}

/** The full name of the Cloud Run service. */
export function serviceName(plan: Named): string {
  return `${placeOf(plan)}/services/${plan.name}`;
}
