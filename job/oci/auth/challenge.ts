/** `WWW-Authenticate`: what a registry wants to see. */

/** A way to sign in. */
export type Challenge =
  | { readonly scheme: 'basic' }
  /** A token from the server at `realm`. */
  | { readonly scheme: 'bearer'; readonly realm: URL; readonly service: string };

/** Longest header that is read: its fields go into a URL. */
const longest = 4096;

/**
 * Reads the header; of several challenges the first that is understood, tokens before passwords.
 *
 * @returns undefined where there is none
 * @see https://distribution.github.io/distribution/spec/auth/token/
 */
export function readChallenge(header: string | undefined): Challenge | undefined {
  if (header === undefined || header.length > longest) return undefined;
  const bearer = /(?:^|,)\s*bearer\s+(.*)$/is.exec(header)?.[1];
  if (bearer !== undefined) {
    const { realm = '', service = '' } = fieldsOf(bearer);
    if (URL.canParse(realm)) return { scheme: 'bearer', realm: new URL(realm), service };
  }
  return /(?:^|,)\s*basic\b/i.test(header) ? { scheme: 'basic' } : undefined;
}

function fieldsOf(text: string): Record<string, string | undefined> {
  const fields: Record<string, string> = Object.create(null);
  for (const [, name = '', quoted, bare] of text.matchAll(
    /([a-z_]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s,"]+))/gi,
  ))
    fields[name.toLowerCase()] ??= quoted?.replace(/\\(.)/g, '$1') ?? bare ?? '';
  return fields;
}
