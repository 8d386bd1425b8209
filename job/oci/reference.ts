/** Names of repositories in registries, as people write them: `docker://HOST[:PORT]/PATH[:TAG][@DIGEST]`. */
import { isDigest } from './digest.ts';

/** A name, taken apart. */
export interface Reference {
  /** `HOST` or `HOST:PORT`, in lower case. */
  readonly host: string;
  /** The path of a repository, or of what several have in common; empty: the whole registry. */
  readonly path: string;
  readonly tag?: string;
  readonly digest?: string;
}

/** Why a name is not taken, and what would be right. */
export interface BadReference {
  readonly message: string;
  readonly hint: string;
}

const part = '[a-z0-9]+(?:(?:\\.|_|__|-+)[a-z0-9]+)*';
const path = new RegExp(`^${part}(?:/${part})*$`);
const tagForm = /^[A-Za-z0-9_][A-Za-z0-9._-]{0,127}$/;
const hostForm = /^(?:[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?|\[[0-9a-f:]+\])(?::\d{1,5})?$/;
/** The longest path that the specification allows. */
const longest = 255;

/** Whether a text is the path of a repository; `..`, upper case and empty parts are in none. */
export function isRepositoryPath(text: string): boolean {
  return text.length <= longest && path.test(text);
}

/** Whether a text can be a tag. */
export function isTag(text: unknown): text is string {
  return typeof text === 'string' && tagForm.test(text);
}

/** Reads a name. A slash at the end does no harm. */
export function readReference(text: string): Reference | BadReference {
  const [, rest] = /^docker:\/\/(.*)$/is.exec(text) ?? [];
  const hint = 'write docker://HOST[:PORT]/PATH';
  if (rest === undefined) return { message: 'it does not begin with docker://', hint };
  const slash = rest.indexOf('/');
  const host = (slash < 0 ? rest : rest.slice(0, slash)).toLowerCase();
  if (host.includes('@')) return { message: 'it holds a user name or a password', hint: 'use docker login' };
  if (!hostForm.test(host)) return { message: `${JSON.stringify(host.slice(0, 100))} is no host`, hint };
  const [, name = '', tag, digest] =
    /^(.*?)(?::([^/:@]*))?(?:@(.*))?$/s.exec(slash < 0 ? '' : rest.slice(slash + 1).replace(/\/+$/, '')) ??
    [];
  if (name !== '' && !isRepositoryPath(name))
    return {
      message: `${JSON.stringify(name.slice(0, 100))} is no path of a repository`,
      hint: 'it has lower-case letters, digits and single . _ - between them',
    };
  if (tag !== undefined && !tagForm.test(tag))
    return { message: `${JSON.stringify(tag.slice(0, 100))} is no tag`, hint };
  const isGood: boolean = digest === undefined || isDigest(digest);
  if (!isGood)
    return {
      message: `${JSON.stringify(digest?.slice(0, 100))} is no digest`,
      hint: 'write sha256: and 64 hexadecimal digits',
    };
  return { host, path: name, ...(tag !== undefined && { tag }), ...(digest !== undefined && { digest }) };
}
