/** Cloud Storage, as far as gcloud puts the sources of a build there: buckets and uploads, kept in no place. */
import { createHash } from 'node:crypto';
import { Hono } from 'hono';
import { GoogleError } from '../errors.ts';
import { projectNumber } from '../projects/number.ts';
import { restRoute, restService } from '../rest.ts';

/** The JSON API: buckets are made and read, objects taken. */
export function storageService(now: () => number): Hono {
  const buckets = new Map<string, string>();
  const bucket = (name: string) => {
    const project = buckets.get(name);
    if (project === undefined) throw new GoogleError('NOT_FOUND', 'The specified bucket does not exist.');
    return {
      kind: 'storage#bucket',
      id: name,
      name,
      projectNumber: projectNumber(project),
      location: 'US',
      storageClass: 'STANDARD',
      metageneration: '1',
      timeCreated: new Date(now()).toISOString(),
    };
  };
  const object = (bucketName: string, name: string, bytes: Buffer) => ({
    kind: 'storage#object',
    id: `${bucketName}/${name}/1`,
    name,
    bucket: bucketName,
    generation: '1',
    metageneration: '1',
    size: String(bytes.length),
    md5Hash: createHash('md5').update(bytes).digest('base64'),
    timeCreated: new Date(now()).toISOString(),
  });
  const app = new Hono();
  app.route(
    '/',
    restService([
      restRoute('POST /storage/v1/b', ({ body, query }) => {
        const name = String(body.name);
        buckets.set(name, query.get('project') ?? '');
        return bucket(name);
      }),
      restRoute('GET /storage/v1/b', ({ query }) => ({
        kind: 'storage#buckets',
        items: [...buckets]
          .filter(
            ([name, project]) =>
              project === query.get('project') && name.startsWith(query.get('prefix') ?? ''),
          )
          .map(([name]) => bucket(name)),
      })),
      restRoute('GET /storage/v1/b/*', ({ ids: [name = ''] }) => bucket(name)),
    ]),
  );
  // The bytes of the sources are counted and let go: nothing is built of them.
  app.post('/upload/storage/v1/b/:bucket/o', async (c) => {
    const name = c.req.query('name') ?? 'object';
    const sent = Buffer.from(await c.req.arrayBuffer());
    if (c.req.query('uploadType') !== 'resumable') {
      const bytes = lastPart(sent, c.req.header('content-type') ?? '');
      return c.json(object(c.req.param('bucket'), name, bytes));
    }
    const url = new URL(c.req.url);
    url.pathname = '/upload/storage/v1/resumable';
    url.search = new URLSearchParams({ bucket: c.req.param('bucket'), name }).toString();
    return c.body(null, 200, { location: url.href });
  });
  app.put('/upload/storage/v1/resumable', async (c) => {
    const bytes = Buffer.from(await c.req.arrayBuffer());
    return c.json(object(c.req.query('bucket') ?? '', c.req.query('name') ?? '', bytes));
  });
  return app;
}

/** The last part of a multipart upload: its first says what it is, the last is the object. */
function lastPart(sent: Buffer, type: string): Buffer {
  const boundary = /boundary=["']?([^"';]+)/.exec(type)?.[1];
  if (boundary === undefined) return sent;
  const end = sent.lastIndexOf(`--${boundary}--`);
  const start = sent.lastIndexOf(`--${boundary}`, end - 1);
  const head = sent.indexOf('\n\n', start);
  const windows = sent.indexOf('\r\n\r\n', start);
  const isWindows = windows >= 0 && (head < 0 || windows < head);
  const body = isWindows ? windows + 4 : head + 2;
  return sent.subarray(body, end - (sent[end - 2] === 13 ? 2 : 1));
}
