/** A plain HTTP client for tests: what went over the wire, nothing decided. */

// biome-ignore lint/suspicious/noExplicitAny: tests look into answers of every shape
export type Json = any;

/** An answer, its JSON read. */
export interface Answer {
  status: number;
  headers: Headers;
  body: Json;
}

/** Sends one request; an object as body goes as JSON. */
export async function send(
  url: string,
  method = 'GET',
  body?: unknown,
  headers: Record<string, string> = {},
): Promise<Answer> {
  const raw = typeof body === 'string' || body instanceof Uint8Array;
  const response = await fetch(url, {
    method,
    headers,
    redirect: 'manual',
    ...(body !== undefined && { body: raw ? body : JSON.stringify(body) }),
  });
  const text = await response.text();
  const isJson = /json/.test(response.headers.get('content-type') ?? '');
  return {
    status: response.status,
    headers: response.headers,
    body: isJson && text ? JSON.parse(text) : text,
  };
}

/** All items of a list, page by page, and how many pages it took. */
export async function listAll(
  url: string,
  field: string,
  query: Record<string, string> = {},
): Promise<{ items: Json[]; pages: number }> {
  const items = [];
  let pages = 0;
  for (let pageToken = ''; ; ) {
    const { status, body } = await send(`${url}?${new URLSearchParams({ ...query, pageToken })}`);
    if (status !== 200) throw new Error(`${status}: ${JSON.stringify(body)}`);
    pages++;
    items.push(...(body[field] ?? []));
    if (!body.nextPageToken) return { items, pages };
    pageToken = body.nextPageToken;
  }
}
