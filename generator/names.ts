/**
 * Short names of destinations, for steps, arguments and tables. A name depends on its repository alone, so it stays
 * when a neighbour is added or removed.
 */
import { createHash } from 'node:crypto';
import { type RepositoryName, resourceName } from './plan.ts';

/** Longest id. With a word before it, a step's name is still read at a glance. */
const LONGEST = 48;
const HASH = 6;

/**
 * The short name of a destination: `europe-west1-prod`, or `europe-west1-prod--other-project` where its project is
 * not the workflow's own.
 *
 * That form is used where it can only be read as this one repository. Otherwise (it is too long, or has characters
 * or hyphens that make it ambiguous) it is cut and ends in `-` and six digits of a hash of the full name. Letters,
 * digits and hyphens, at most 48, the first a letter.
 *
 * @param home project of the workflow
 */
export function destinationId(repository: RepositoryName, home: string): string {
  const readable = write(repository, home);
  const back = read(readable, home);
  const isExact = back !== undefined && resourceName(back) === resourceName(repository);
  return isExact && readable.length <= LONGEST ? readable : hashed(readable, repository);
}

/** A step's name from an id: `europe_west1_prod`. Different ids have different names, as no id has an underscore. */
export function stepName(id: string): string {
  return id.replaceAll('-', '_');
}

function write({ project, location, repository }: RepositoryName, home: string): string {
  return `${location}-${repository}${project === home ? '' : `--${project}`}`;
}

/** The one repository that a readable id stands for, if it stands for one. */
function read(id: string, home: string): RepositoryName | undefined {
  // What ends like a hash is left to the hashed ones.
  if (/-[0-9a-f]{6}$/.test(id)) return undefined;
  const match =
    /^([a-z]+-[a-z]+\d+|[a-z]+)-([a-z0-9]+(?:-[a-z0-9]+)*)(?:--([a-z0-9]+(?:-[a-z0-9]+)*))?$/.exec(id);
  if (!match) return undefined;
  const [, location = '', repository = '', project = home] = match;
  return { project, location, repository };
}

function hashed(readable: string, repository: RepositoryName): string {
  const digits = createHash('sha256').update(resourceName(repository)).digest('hex').slice(0, HASH);
  const words = readable.replace(/[^a-z0-9]+/g, '-').replace(/^[^a-z]+/, '');
  const cut = words.slice(0, LONGEST - HASH - 1).replace(/-+$/, '');
  return `${cut === '' ? 'repository' : cut}-${digits}`;
}
