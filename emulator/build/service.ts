/**
 * Cloud Build, as far as gcloud goes through a build: it is accepted, ends at once, and leaves an image under its
 * tags. Nothing is compiled: the emulator runs jobs from the sources, whatever image they name.
 */
import { createHash, randomUUID } from 'node:crypto';
import { Hono } from 'hono';
import type { Context } from '../context.ts';
import { GoogleError } from '../errors.ts';
import { owner, tokenOf } from '../iam/caller.ts';
import { type RestCall, restRoute, restService } from '../rest.ts';
import { storageService } from './storage.ts';

/** `google.devtools.cloudbuild.v1.Build`, as JSON. */
interface Build extends Record<string, unknown> {
  readonly id: string;
  readonly images?: readonly string[];
}

/** The REST APIs of Cloud Build, v1, and of the storage that the sources go through. */
export function buildService(context: Context): Hono {
  const builds = new Map<string, Build>();
  const create = async ({ ids: [project = '', location = 'global'], body }: RestCall) => {
    const id = randomUUID();
    const now = new Date(context.clock.now()).toISOString();
    const substitutions = (body.substitutions ?? {}) as Record<string, string>;
    const images = ((body.images ?? []) as string[]).map((name) =>
      name.replace(/\$\{?(_[A-Z0-9_]+)\}?/g, (text, key: string) => substitutions[key] ?? text),
    );
    const results = [];
    let failure: string | undefined;
    for (const name of images)
      try {
        results.push({ name, digest: await pushImage(context, name) });
      } catch (error) {
        failure = (error as Error).message;
      }
    const build: Build = {
      ...body,
      id,
      name: `projects/${project}/locations/${location}/builds/${id}`,
      projectId: project,
      status: failure === undefined ? 'SUCCESS' : 'FAILURE',
      ...(failure !== undefined && {
        statusDetail: failure,
        failureInfo: { type: 'PUSH_FAILED', detail: failure },
      }),
      createTime: now,
      startTime: now,
      finishTime: now,
      images,
      results: { images: results },
      logUrl: `https://console.cloud.google.com/cloud-build/builds;region=${location}/${id}?project=${project}`,
    };
    builds.set(id, build);
    return {
      name: `operations/build/${project}/${Buffer.from(id).toString('base64')}`,
      metadata: {
        '@type': 'type.googleapis.com/google.devtools.cloudbuild.v1.BuildOperationMetadata',
        build,
      },
      done: true,
      response: { '@type': 'type.googleapis.com/google.devtools.cloudbuild.v1.Build', ...build },
    };
  };
  const get = (id = '') => {
    const build = builds.get(id);
    if (!build) throw new GoogleError('NOT_FOUND', `Requested entity was not found: build ${id}`);
    return build;
  };
  const app = new Hono();
  app.route(
    '/',
    storageService(() => context.clock.now()),
  );
  app.route(
    '/',
    restService([
      restRoute('POST /v1/projects/*/builds', create),
      restRoute('POST /v1/projects/*/locations/*/builds', create),
      restRoute('GET /v1/projects/*/builds/*', ({ ids: [, id] }) => get(id)),
      restRoute('GET /v1/projects/*/locations/*/builds/*', ({ ids: [, , id] }) => get(id)),
    ]),
  );
  return app;
}

/** Pushes an image without layers, over the protocol that every client uses. @returns its digest */
async function pushImage(context: Context, name: string): Promise<string> {
  const [, location, project, repository, image, tag = 'latest'] =
    /^([a-z0-9-]+)-docker\.pkg\.dev\/([^/]+(?:\/[^/]+)?)\/([^/]+)\/([^:@]+)(?::([^@]+))?$/.exec(name) ?? [];
  if (image === undefined) throw new Error(`${name} is not an image of Artifact Registry`);
  const root = `https://${location}-docker.pkg.dev/v2/${location}/${project}/${repository}/${image}`;
  const config = Buffer.from(JSON.stringify({ architecture: 'amd64', os: 'linux', created_by: name }));
  const digest = digestOf(config);
  const send = async (url: string, init: RequestInit) => {
    const request = new Request(url, init);
    // As whoever Cloud Build runs as, which is no matter of the policies that are tested here.
    request.headers.set('authorization', `Bearer ${tokenOf(owner)}`);
    const answer = await context.dispatch(request);
    if (!answer.ok) throw new Error(`pushing ${name}: ${answer.status} ${await answer.text()}`);
    return answer;
  };
  const upload = await send(`${root}/blobs/uploads/`, { method: 'POST' });
  const place = new URL(upload.headers.get('location') ?? '', root);
  place.searchParams.set('digest', digest);
  await send(place.href, { method: 'PUT', body: config });
  const manifest = Buffer.from(
    JSON.stringify({
      schemaVersion: 2,
      mediaType: 'application/vnd.oci.image.manifest.v1+json',
      config: { mediaType: 'application/vnd.oci.image.config.v1+json', digest, size: config.length },
      layers: [],
    }),
  );
  await send(`${root}/manifests/${tag}`, {
    method: 'PUT',
    headers: { 'content-type': 'application/vnd.oci.image.manifest.v1+json' },
    body: manifest,
  });
  return digestOf(manifest);
}

function digestOf(bytes: Buffer): string {
  return `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
}
