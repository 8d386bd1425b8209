/** Listings of the protocol, page by page, to the very end or with an error: a list that is not whole is worse than none. */
import type { Ask, Caller, Reply } from './call.ts';
import { malformedBy } from './oci-error.ts';

const pageAtMost = 32 << 20;
const pagesAtMost = 100_000;

/**
 * Answers of a listing, each linked to the next by a `Link` header. A link to another host is an error: to follow it
 * would be to believe someone else.
 *
 * @returns undefined where the first answer is a 404
 */
export async function readPages(
  caller: Caller,
  ask: Omit<Ask, 'expect' | 'maxBytes' | 'method'>,
  take: (page: Readonly<Record<string, unknown>>, reply: Reply) => void,
): Promise<boolean> {
  const seen = new Set<string>();
  for (let url: URL | undefined = ask.url; url; ) {
    if (seen.has(url.href)) throw malformedBy(ask, 'the listing leads in a circle and would never end');
    seen.add(url.href);
    if (seen.size > pagesAtMost) throw malformedBy(ask, `the listing has more than ${pagesAtMost} pages`);
    const reply = await caller.ask({
      ...ask,
      url,
      method: 'GET',
      expect: seen.size === 1 ? [200, 404] : [200],
      maxBytes: pageAtMost,
    });
    if (reply.status === 404) return false;
    take(readObject(ask, reply), reply);
    url = nextPage(ask, url, reply.headers.link);
  }
  return true;
}

function readObject(ask: Pick<Ask, 'verb' | 'on'>, { body }: Reply): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(body.toString('utf8'));
    if (typeof value === 'object' && value !== null && !Array.isArray(value))
      return value as Record<string, unknown>;
  } catch {
    // Said below.
  }
  throw malformedBy(ask, 'the answer is no JSON object');
}

/** @see https://github.com/opencontainers/distribution-spec/blob/main/spec.md#listing-tags and RFC 8288 */
function nextPage(
  ask: Pick<Ask, 'verb' | 'on'>,
  url: URL,
  header: string | string[] | undefined,
): URL | undefined {
  for (const [, target = '', parameters = ''] of String(header ?? '').matchAll(/<([^>]*)>([^,<]*)/g)) {
    if (!/;\s*rel\s*=\s*"?next"?/i.test(parameters)) continue;
    if (!URL.canParse(target, url.href)) throw malformedBy(ask, 'the link to the next page leads nowhere');
    const next = new URL(target, url);
    if (next.origin !== url.origin)
      throw malformedBy(ask, `the link to the next page leads to another host, ${next.host}`);
    return next;
  }
  return undefined;
}
