/**
 * Lists in pages, as Artifact Registry has them: at most 1,000 a page, an opaque token that stands for a
 * position, no token after the last, an empty array left out.
 */
import { createHash } from 'node:crypto';
import type { Behavior } from '../behavior.ts';
import { GoogleError } from '../errors.ts';

const sizeAtMost = 1000;
const sizePreset = 100;

/** What is listed. */
export interface Listing<T> {
  /** Entries after a position, in order. */
  readonly after: (position: string | undefined) => Iterable<[string, T]>;
  /** Which of them count. */
  readonly wanted?: ((item: T) => boolean) | undefined;
  /** What the list is of, filter included: a token of another list is refused. */
  readonly scope: string;
}

/**
 * One page.
 *
 * @param query `pageSize` and `pageToken` as they came
 * @throws GoogleError INVALID_ARGUMENT
 */
export function page<T>(
  { after, wanted = () => true, scope }: Listing<T>,
  query: { pageSize?: string | undefined; pageToken?: string | undefined },
  behavior: Behavior,
): { items: T[]; nextPageToken?: string } {
  const asked = Number(query.pageSize || 0);
  if (!Number.isInteger(asked) || asked < 0)
    throw new GoogleError('INVALID_ARGUMENT', `Invalid page size: ${query.pageSize}`);
  const start = query.pageToken ? readToken(query.pageToken, scope) : { count: 0, position: undefined };
  let size = Math.min(asked || sizePreset, sizeAtMost);
  if (behavior.pages === 'short') size = [Math.ceil(size / 2), 0, 1][start.count % 3] as number;

  const items: T[] = [];
  let last = start.position;
  for (const [position, item] of after(start.position)) {
    if (!wanted(item)) {
      last = position;
      continue;
    }
    if (items.length === size)
      return { items, nextPageToken: writeToken({ count: start.count + 1, position: last }, scope) };
    items.push(item);
    last = position;
  }
  return { items };
}

interface Token {
  /** How many pages came before: only short pages look at it. */
  count: number;
  position: string | undefined;
}

const mark = (scope: string) => createHash('sha256').update(scope).digest('base64url').slice(0, 8);

function writeToken({ count, position }: Token, scope: string): string {
  return Buffer.from(JSON.stringify([mark(scope), count, position ?? ''])).toString('base64url');
}

function readToken(token: string, scope: string): Token {
  try {
    const read: unknown = JSON.parse(Buffer.from(token, 'base64url').toString('utf8'));
    if (Array.isArray(read) && read[0] === mark(scope)) {
      const [, count, position] = read as [string, unknown, unknown];
      if (typeof count === 'number' && typeof position === 'string')
        return { count, position: position || undefined };
    }
  } catch {
    // The same answer as for a token that can be read but is another list's.
  }
  throw new GoogleError('INVALID_ARGUMENT', 'Invalid page token.');
}
