/** Pages of a list. A token names the last item that was seen, so that new ones in front shift nothing. */
import { createHash } from 'node:crypto';
import { GoogleError } from './errors.ts';

/** What a list request says of pages. */
export interface PageRequest {
  readonly size: number;
  readonly token: string;
  /** Items passed over, counted from the page that the token names; none when absent. */
  readonly skip?: number;
  /** All other parameters; they must stay the same from page to page. */
  readonly query: readonly string[];
  readonly defaultSize: number;
  readonly maxSize: number;
}

/**
 * One page.
 *
 * @throws GoogleError INVALID_ARGUMENT on a token of another request
 */
export function page<T>(
  items: readonly T[],
  key: (item: T) => string,
  { size, token, skip = 0, query, defaultSize, maxSize }: PageRequest,
): { items: readonly T[]; nextPageToken?: string } {
  const signature = createHash('sha256').update(JSON.stringify(query)).digest('base64url').slice(0, 8);
  let start = 0;
  if (token !== '') {
    const [made, last = ''] = Buffer.from(token, 'base64url').toString().split('\n');
    const at = items.findIndex((item) => key(item) === last);
    if (made !== signature || at < 0)
      throw new GoogleError('INVALID_ARGUMENT', 'Invalid page token: it belongs to another request.');
    start = at + 1;
  }
  start += skip;
  const count = Math.min(size || defaultSize, maxSize);
  const shown = items.slice(start, start + count);
  const last = shown.at(-1);
  if (last === undefined || start + count >= items.length) return { items: shown };
  return { items: shown, nextPageToken: Buffer.from(`${signature}\n${key(last)}`).toString('base64url') };
}

/** A list's answer: the array under its name, left out when empty, as everywhere in Google's APIs. */
export function listAnswer<T>(
  name: string,
  { items, nextPageToken }: { readonly items: readonly T[]; readonly nextPageToken?: string },
  render: (item: T) => unknown = (item) => item,
): Record<string, unknown> {
  return {
    ...(items.length > 0 && { [name]: items.map(render) }),
    ...(nextPageToken && { nextPageToken }),
  };
}
