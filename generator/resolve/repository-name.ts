/**
 * Repository names in all the forms that people have at hand: the resource name, the URLs of the API and the
 * console, and the host names that docker and other clients use.
 */
import { GCR_REPOSITORIES } from '../locations.ts';
import { type RepositoryName, resourceName } from '../plan.ts';
import { quote } from './describe.ts';
import { isUnset, type Refusal, refuseProject, UNSET } from './project.ts';

/** A name that was understood; `form` tells from what, where it was no resource name. */
export interface Understood {
  readonly name: RepositoryName;
  readonly form?: string;
}

const FORM = 'write "projects/PROJECT/locations/LOCATION/repositories/REPOSITORY"';
const PKG_HOST = /^([a-z0-9-]+)-([a-z]+)\.pkg\.dev$/i;
const API_HOST = /^(?:[a-z0-9-]+-)?artifactregistry(?:\.[a-z0-9-]+\.rep)?\.googleapis\.com$/i;

/** Reads a repository name in any of its forms. */
export function readRepositoryName(text: string): Understood | Refusal {
  const refuse = (what: string, hint = FORM): Refusal => {
    return { message: `malformed repository name ${quote(text)}: ${what}`, hint };
  };
  if (text.trim() === '') return { message: 'empty repository name', hint: FORM };
  if (text !== text.trim()) return refuse('it has spaces around it', `write ${quote(text.trim())}`);
  if (text.includes('[object '))
    return refuse('an object was put into it', 'put its fields into it one by one');
  if (/\s/.test(text)) return refuse('it has a space in it');
  const [, scheme = '', rest = ''] = /^((?:[a-z]+:)?\/\/)?(.*)$/i.exec(text) ?? [];
  const [address = ''] = rest.split(/[?#]/);
  const segments = address.replace(/^\/|\/+$/g, '').split('/');
  const [host = '', ...path] = segments;
  if (segments.includes('')) return refuse('it has an empty part');
  if (API_HOST.test(host)) {
    const start = path[0] === 'projects' ? 0 : 1;
    return fromPath(path.slice(start), refuse, 'the URL of the API');
  }
  if (/^console\.cloud\.google\.com$/i.test(host)) return fromConsole(path, refuse);
  const pkg = PKG_HOST.exec(host);
  if (pkg) return fromHost(pkg[1] ?? '', path, refuse, `the host ${host}`);
  const gcr = GCR_REPOSITORIES.get(host.toLowerCase());
  if (gcr !== undefined) return fromGcr(host.toLowerCase(), gcr, path, refuse);
  if (host !== 'projects' && (scheme !== '' || /[.:]/.test(host))) {
    return refuse(`${quote(host)} is not Artifact Registry`);
  }
  return fromPath(segments, refuse);
}

type Refuse = (what: string, hint?: string) => Refusal;

function fromPath(segments: readonly string[], refuse: Refuse, form?: string): Understood | Refusal {
  const [projects, ...tail] = segments;
  // A domain-scoped project may come with the slash that it has in host names.
  const isSlashed = tail[0]?.includes('.') && tail[2] === 'locations';
  const joined = isSlashed ? [`${tail[0]}:${tail[1]}`, ...tail.slice(2)] : tail;
  const [project = '', locations, location = '', repositories, repository = '', ...more] = joined;
  const name = { project, location, repository };
  if (projects === 'projects' && locations === 'locations' && repositories === 'repositories') {
    if (repository === '') return refuse('it ends before the repository');
    if (more.length > 0) return tooMuch(name, more, refuse);
    return understood(name, refuse, form ?? (isSlashed ? 'a project with a slash' : undefined));
  }
  if (projects === 'projects' && joined.length < 5) return refuse('it ends before the repository');
  if (joined.length === 5) return refuse('it is not spelt as names are', `write "${resourceName(name)}"`);
  return fromShort(segments, refuse);
}

/** Only the three names, or fewer. */
function fromShort(segments: readonly string[], refuse: Refuse): Refusal {
  if (segments.length > 3) return refuse('it is none of the forms that a name has');
  const [repository = '', location = 'LOCATION', project = 'PROJECT'] = [...segments].reverse();
  const full =
    segments.length === 2
      ? { project: location, location: 'LOCATION', repository }
      : { project, location, repository };
  return refuse('it is not the whole name', `write "${resourceName(full)}"`);
}

function fromConsole(path: readonly string[], refuse: Refuse): Understood | Refusal {
  const [artifacts, , project = '', location = '', repository = '', ...more] = path;
  if (artifacts !== 'artifacts' || repository === '') return refuse('it is not the page of a repository');
  const name = { project, location, repository };
  return more.length > 0 ? tooMuch(name, more, refuse) : understood(name, refuse, 'the page in the console');
}

function fromHost(
  location: string,
  path: readonly string[],
  refuse: Refuse,
  form: string,
): Understood | Refusal {
  const [project = '', repository = '', ...more] = joinDomain(path);
  if (repository === '') return refuse('it ends before the repository');
  const name = { project, location, repository };
  // A tag or digest right behind the repository would be read as a part of it.
  const [bare = '', tag] = repository.split(/(?=[:@])/);
  if (tag !== undefined) return tooMuch({ ...name, repository: bare }, [tag.slice(1)], refuse);
  return more.length > 0 ? tooMuch(name, more, refuse) : understood(name, refuse, form);
}

function fromGcr(
  host: string,
  location: string,
  path: readonly string[],
  refuse: Refuse,
): Understood | Refusal {
  const [project = '', ...more] = joinDomain(path);
  if (project === '') return refuse('it ends before the project');
  const name = { project, location, repository: host };
  if (more.length > 0) return tooMuch(name, more, refuse);
  return understood(
    name,
    refuse,
    `the host ${host}, whose images Artifact Registry keeps in a repository of that name`,
  );
}

/** In host names `example.com:acme` is `example.com/acme`. */
function joinDomain(path: readonly string[]): readonly string[] {
  const [first = '', second] = path;
  const isDomain = first.includes('.') && !first.includes(':') && second !== undefined;
  return isDomain ? [`${first}:${second}`, ...path.slice(2)] : path;
}

function tooMuch(name: RepositoryName, more: readonly string[], refuse: Refuse): Refusal {
  const inside = more.join('/');
  return refuse(
    `it goes on to "${inside}", but whole repositories are copied`,
    `write "${resourceName(name)}"`,
  );
}

function understood(name: RepositoryName, refuse: Refuse, form?: string): Understood | Refusal {
  const { project, location, repository } = name;
  const lower = { ...name, location: location.toLowerCase() };
  const right = {
    project: project.toLowerCase(),
    location: lower.location,
    repository: repository.toLowerCase(),
  };
  const badProject = refuseProject(project);
  const badRepository = refuseRepositoryId(repository);
  if (!badProject && !badRepository) return form === undefined ? { name: lower } : { name: lower, form };
  const isCase = !refuseProject(right.project) && !refuseRepositoryId(right.repository);
  if (isCase) return refuse('it has capital letters', `write "${resourceName(right)}"`);
  return badProject ?? badRepository ?? refuse('it is none of the forms that a name has');
}

/**
 * Refuses what no repository can be called. The only ids with a dot are those that stand in for Container
 * Registry.
 *
 * @see gcloud's own rule, `^[a-z]([a-z0-9-]*[a-z0-9])?$`, in its command_lib/artifacts/util.py
 */
export function refuseRepositoryId(repository: string): Refusal | undefined {
  if (GCR_REPOSITORIES.has(repository)) return undefined;
  if (isUnset(repository)) return { message: `the repository id is ${quote(repository)}`, hint: UNSET };
  if (repository.length <= 63 && /^[a-z]([a-z0-9-]*[a-z0-9])?$/.test(repository)) return undefined;
  const lower = repository.trim().toLowerCase();
  const isCase = lower !== repository && refuseRepositoryId(lower) === undefined;
  return {
    message: `malformed repository id ${quote(repository)}`,
    hint: isCase
      ? `write "${lower}"`
      : 'at most 63 lowercase letters, digits and hyphens; starts with a letter, ends in a letter or digit',
  };
}
