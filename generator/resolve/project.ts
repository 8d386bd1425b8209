/** Project ids. */
import { quote } from './describe.ts';

/** What is wrong with a name and what would be right. */
export interface Refusal {
  readonly message: string;
  readonly hint: string;
}

/** What to say of a name that a program put together from nothing. */
export const UNSET = 'a variable is not set where the name is put together';

/** Whether a part of a name is what an unset variable leaves. */
export function isUnset(part: string): boolean {
  return part === 'undefined' || part === 'null';
}

const ID = /^[a-z](?:[a-z0-9-]*[a-z0-9])?$/;
const DOMAIN = /^[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)+$/;

/**
 * Refuses what no project can be called. New ids have 6 to 30 letters; older ones may be shorter, so only the
 * longest is checked. An id may have its domain in front, `example.com:acme`.
 *
 * A project's number is refused too, though the API takes it: with two names for one repository nothing could tell
 * that a destination is the source, or another destination.
 *
 * @see https://cloud.google.com/resource-manager/docs/creating-managing-projects
 */
export function refuseProject(project: string): Refusal | undefined {
  const refused = `malformed project id ${quote(project)}`;
  if (isUnset(project)) return { message: `the project id is ${quote(project)}`, hint: UNSET };
  if (/^\d+$/.test(project)) {
    const command = `gcloud projects describe ${project} --format='value(projectId)'`;
    return { message: `${quote(project)} is a project number`, hint: `write the id: ${command}` };
  }
  const slashed = /^([^/:]+\.[^/:]+)\/([^/:]+)$/.exec(project);
  if (slashed) return { message: refused, hint: `write "${slashed[1]}:${slashed[2]}"` };
  const [id, domain, ...rest] = project.split(':').reverse();
  const isRight =
    ID.test(id ?? '') && (id ?? '').length <= 30 && (domain === undefined || DOMAIN.test(domain));
  if (isRight && rest.length === 0) return undefined;
  const lower = project.trim().toLowerCase();
  if (lower !== project && refuseProject(lower) === undefined)
    return { message: refused, hint: `write "${lower}"` };
  return {
    message: refused,
    hint: 'at most 30 lowercase letters, digits and hyphens; starts with a letter, ends in a letter or digit',
  };
}
