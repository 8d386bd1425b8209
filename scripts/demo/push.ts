/** Pushes images over the OCI distribution protocol, as any client does. */
import type { Image } from './images.ts';

/**
 * Pushes an image: blobs that are missing, then the manifest, by tag or by digest.
 *
 * @param base `http://HOST/v2/LOCATION/PROJECT/REPOSITORY`
 * @throws Error that names what was refused
 */
export async function push(base: string, { package: name, manifest, blobs, tags }: Image): Promise<void> {
  const root = `${base}/${name}`;
  for (const { digest, bytes } of blobs) {
    const there = await fetch(`${root}/blobs/${digest}`, { method: 'HEAD' });
    if (there.ok) continue;
    const started = await accepted(
      await fetch(`${root}/blobs/uploads/`, { method: 'POST' }),
      'starting an upload',
    );
    const location = new URL(started.headers.get('location') ?? '', root);
    location.searchParams.set('digest', digest);
    await accepted(
      await fetch(location, { method: 'PUT', body: new Uint8Array(bytes) }),
      `uploading ${digest}`,
    );
  }
  for (const reference of tags.length > 0 ? tags : [manifest.digest])
    await accepted(
      await fetch(`${root}/manifests/${reference}`, {
        method: 'PUT',
        headers: { 'content-type': manifest.mediaType },
        body: new Uint8Array(manifest.bytes),
      }),
      `pushing ${name}:${reference}`,
    );
}

async function accepted(answer: Response, doing: string): Promise<Response> {
  if (!answer.ok) throw new Error(`${doing}: ${answer.status} ${await answer.text()}`);
  return answer;
}
