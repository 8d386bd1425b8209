/** The OCI distribution protocol of Docker repositories, `/v2/{location}/{project}/{repository}/{image…}/…`. */
import { Hono } from 'hono';
import { decodeId } from '../names.ts';
import type { Registry } from '../registry.ts';
import { deleteBlob, getBlob } from './blobs.ts';
import { OciError } from './errors.ts';
import { listReferrers, listTags } from './lists.ts';
import { deleteManifest, getManifest, putManifest } from './manifests.ts';
import { type Bindings, type OciContext, type Target, targetOf } from './request.ts';
import { Uploads } from './uploads.ts';

type Answer = Response | Promise<Response>;
type Methods = Readonly<Record<string, (c: OciContext, target: Target, last: string) => Answer>>;

/** The protocol for a registry. */
export function ociService(registry: Registry): Hono<{ Bindings: Bindings }> {
  const uploads = new Uploads(registry);
  const reading: ReadonlySet<string> = new Set(['GET', 'HEAD']);
  const kinds: readonly { pattern: RegExp; methods: Methods }[] = [
    { pattern: /^(.+)\/blobs\/uploads\/?()$/, methods: { POST: (c, target) => uploads.start(c, target) } },
    { pattern: /^(.+)\/blobs\/([^/]+)$/, methods: { GET: getBlob, HEAD: getBlob, DELETE: deleteBlob } },
    {
      pattern: /^(.+)\/manifests\/([^/]+)$/,
      methods: { GET: getManifest, HEAD: getManifest, PUT: putManifest, DELETE: deleteManifest },
    },
    { pattern: /^(.+)\/tags\/list()$/, methods: { GET: listTags } },
    { pattern: /^(.+)\/referrers\/([^/]+)$/, methods: { GET: listReferrers } },
  ];

  const answer = (c: OciContext, path: string): Answer => {
    for (const { pattern, methods } of kinds) {
      const [, name, last] = pattern.exec(path) ?? [];
      if (name === undefined || last === undefined) continue;
      const method = methods[c.req.method];
      if (!method) throw new OciError(405, 'UNSUPPORTED', `${c.req.method} is not supported here.`);
      return method(c, targetOf(registry, name, { write: !reading.has(c.req.method) }), last);
    }
    throw new OciError(404, 'NAME_UNKNOWN', `There is nothing at /v2/${path}`);
  };
  const pathOf = (c: OciContext) => decodeId(new URL(c.req.url).pathname);

  const service = new Hono<{ Bindings: Bindings }>();
  service.use('/v2/*', (c, next) => {
    c.header('docker-distribution-api-version', 'registry/2.0');
    return next();
  });
  service.get('/v2/', (c) => c.json({}));
  service.get('/v2', (c) => c.json({}));
  // Artifact Registry answers an empty list rather than an error.
  service.get('/v2/_catalog', (c) => c.json({ repositories: [] }));
  service.all('/v2/*', (c) => answer(c, pathOf(c).slice('/v2/'.length)));
  service.get('/artifacts-downloads/v2/*', (c) =>
    answer(c, pathOf(c).slice('/artifacts-downloads/v2/'.length)),
  );
  service.all('/artifacts-uploads/namespaces/:project/repositories/:repository/uploads/:id', (c) => {
    const id = c.req.param('id');
    switch (c.req.method) {
      case 'GET':
        return uploads.status(c, id);
      case 'PATCH':
        return uploads.patch(c, id);
      case 'PUT':
        return uploads.finish(c, id);
      case 'DELETE':
        return uploads.cancel(c, id);
      default:
        throw new OciError(405, 'UNSUPPORTED', `${c.req.method} is not supported here.`);
    }
  });
  service.onError((error) => {
    // What went wrong inside is for whoever runs the emulator, not for the client.
    if (!(error instanceof OciError)) console.error(error);
    const refusal =
      error instanceof OciError ? error : new OciError(500, 'UNKNOWN', 'Internal error encountered.');
    return Response.json(refusal, { status: refusal.status, headers: refusal.headers });
  });
  return service;
}
