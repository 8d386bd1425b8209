/** Reads the body of a request, as JSON and no longer than it may be. */

/** Longest body, in bytes. */
export const longestBody = 64 * 1024;

/** A body, undefined where there is none; or why not. */
export type ReadJson =
  | { readonly json: unknown }
  | { readonly status: 400 | 413 | 415; readonly refused: string };

/** Reads it. */
export async function readJson(request: Request): Promise<ReadJson> {
  const tooLong = { status: 413, refused: `the body is longer than ${longestBody} bytes` } as const;
  if (Number(request.headers.get('content-length') ?? 0) > longestBody) return tooLong;
  const bytes = await collect(request.body);
  if (bytes === undefined) return tooLong;
  if (bytes.length === 0) return { json: undefined };
  const [type = ''] = (request.headers.get('content-type') ?? '').split(';');
  if (type.trim().toLowerCase() !== 'application/json')
    return { status: 415, refused: 'the body is not JSON: send Content-Type: application/json' };
  try {
    return { json: JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes)) as unknown };
  } catch {
    return { status: 400, refused: 'the body is not JSON' };
  }
}

async function collect(body: ReadableStream<Uint8Array> | null): Promise<Uint8Array | undefined> {
  const pieces: Uint8Array[] = [];
  let length = 0;
  for await (const piece of body ?? []) {
    length += piece.length;
    if (length > longestBody) return undefined;
    pieces.push(piece);
  }
  return Buffer.concat(pieces);
}
