/** Listings of the API, page by page, to the very end or with an error. */
import { type Ask, type Call, jsonObject } from './call.ts';
import { type Endpoints, resourceUrl } from './endpoints.ts';
import { malformed, type Purpose } from './refusal.ts';

/** The largest page that Artifact Registry gives, everywhere. */
const pageSize = 1000;
/** Empty pages in a row, each with a token, that no repository could explain. */
const emptyAtMost = 10_000;

/** What is listed. */
export interface Listing {
  /** Full name of the collection: `projects/…/repositories/R/dockerImages`. */
  readonly collection: string;
  /** Under which name the items are in the answer. */
  readonly field: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly purpose: Purpose;
}

/** An item of a listing, of which nothing is known but that it is an object with a name. */
export interface Item {
  readonly name: string;
  readonly [field: string]: unknown;
}

/**
 * Pages of a listing; the next is asked for while the caller works on one. Pages may be short or empty and the
 * listing still go on: only a page without a token ends it.
 *
 * @throws RegistryError where a page can't be had, is not what the API promises, or has been there before
 */
export async function* pagesOf(
  call: Call,
  endpoints: Endpoints,
  listing: Listing,
): AsyncGenerator<readonly Item[]> {
  const seen = new Set<string>();
  let empty = 0;
  const ask = async (pageToken: string): Promise<Page> => {
    const url = resourceUrl(endpoints, listing.collection, { pageSize, ...listing.query, pageToken });
    const request: Ask = { method: 'GET', url, kind: 'read', ...listing.purpose };
    return readPage(listing, jsonObject(request, await call(request)));
  };
  let next: Promise<Page> | undefined = ask('');
  while (next) {
    const { items, token }: Page = await next;
    if (token !== '' && seen.has(token))
      throw malformed(listing.purpose, 'the listing gives the same page token again and would never end');
    seen.add(token);
    empty = items.length === 0 ? empty + 1 : 0;
    if (empty > emptyAtMost) throw malformed(listing.purpose, `${emptyAtMost} pages in a row are empty`);
    next = token === '' ? undefined : ask(token);
    // Its error is for whoever asks for that page; one who stops before must not be told.
    next?.catch(() => {});
    if (items.length > 0) yield items;
  }
}

interface Page {
  readonly items: readonly Item[];
  /** Empty at the end. */
  readonly token: string;
}

function readPage({ field, purpose }: Listing, page: Record<string, unknown>): Page {
  const { [field]: items = [], nextPageToken: token = '' } = page;
  if (!Array.isArray(items)) throw malformed(purpose, `'${field}' is no list`);
  if (typeof token !== 'string') throw malformed(purpose, 'the page token is no text');
  for (const item of items)
    if (typeof item?.name !== 'string') throw malformed(purpose, `an item of '${field}' has no name`);
  return { items, token };
}
