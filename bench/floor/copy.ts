/**
 * The floor for `copy`: the requests that a copy cannot do without, sent by a bare script with the same concurrency,
 * with nothing verified, counted or decided. Whoever times it gives it a list of images, so that it needn't even read
 * the tags.
 *
 * `copy.ts SOURCE DESTINATION PATH LIST`: URLs, the repository's path on both sides, and a file of JSON:
 * `[{tag, manifest, mediaType, blobs: [digest]}]`.
 */
import { readFileSync } from 'node:fs';
import { Agent, type IncomingHttpHeaders, request } from 'node:http';

const [source = '', destination = '', path = '', list = ''] = process.argv.slice(2);
if (list === '') throw new Error('usage: copy.ts SOURCE DESTINATION PATH LIST');

interface Image {
  readonly tag: string;
  readonly mediaType: string;
  readonly blobs: readonly string[];
}

const agent = new Agent({ keepAlive: true });
const atOnce = 32;

function send(
  method: string,
  url: string,
  body?: Buffer,
  headers: Record<string, string> = {},
): Promise<{ headers: IncomingHttpHeaders; body: Buffer }> {
  return new Promise((resolve, reject) => {
    const length = method === 'GET' ? {} : { 'content-length': String(body?.length ?? 0) };
    const outgoing = request(url, { method, agent, headers: { ...length, ...headers } }, (answer) => {
      const pieces: Buffer[] = [];
      answer.on('data', (piece: Buffer) => pieces.push(piece));
      answer.on('end', () => resolve({ headers: answer.headers, body: Buffer.concat(pieces) }));
      answer.on('error', reject);
    });
    outgoing.on('error', reject);
    outgoing.end(body);
  });
}

async function copy({ tag, mediaType, blobs }: Image): Promise<void> {
  const { body: manifest } = await send('GET', `${source}/v2/${path}/manifests/${tag}`, undefined, {
    accept: mediaType,
  });
  await Promise.all(
    blobs.map(async (digest) => {
      const start = await send('POST', `${destination}/v2/${path}/blobs/uploads/`);
      const { body } = await send('GET', `${source}/v2/${path}/blobs/${digest}`);
      await send('PUT', `${start.headers.location}&digest=${digest}`, body);
    }),
  );
  await send('PUT', `${destination}/v2/${path}/manifests/${tag}`, manifest, { 'content-type': mediaType });
}

const images = JSON.parse(readFileSync(list, 'utf8')) as Image[];
await send('GET', `${source}/v2/${path}/tags/list`);
let next = 0;
await Promise.all(
  Array.from({ length: atOnce / 2 }, async () => {
    for (let image = images[next++]; image; image = images[next++]) await copy(image);
  }),
);
