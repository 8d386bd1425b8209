/** Google's REST, as plain requests to one host. */

/** A request that was refused, in Google's words. */
export class RestError extends Error {
  override name = 'RestError';
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

/**
 * Sends JSON, returns JSON.
 *
 * @param base scheme and host, `http://127.0.0.1:8787`
 * @param path below `/v1/`
 * @throws RestError
 */
export async function rest<T>(base: string, method: string, path: string, body?: unknown): Promise<T> {
  const answer = await fetch(`${base}/v1/${path}`, {
    method,
    ...(body !== undefined && {
      body: JSON.stringify(body),
      headers: { 'content-type': 'application/json' },
    }),
  });
  const text = await answer.text();
  if (answer.ok) return JSON.parse(text) as T;
  let message = text;
  try {
    message = (JSON.parse(text) as { error: { message: string } }).error.message;
  } catch {
    // Not Google's shape: the text as it is.
  }
  throw new RestError(answer.status, `${method} ${path}: ${answer.status} ${message}`);
}

/** Every item of a paged list. */
export async function restList<T>(base: string, path: string, field: string): Promise<T[]> {
  const items: T[] = [];
  let pageToken = '';
  do {
    const page: { nextPageToken?: string } & Record<string, unknown> = await rest(
      base,
      'GET',
      `${path}?pageSize=1000&pageToken=${encodeURIComponent(pageToken)}`,
    );
    items.push(...((page[field] as T[] | undefined) ?? []));
    pageToken = page.nextPageToken ?? '';
  } while (pageToken !== '');
  return items;
}
