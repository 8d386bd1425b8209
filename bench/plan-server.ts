/**
 * Two large repositories on a loopback port, for `bench/plan.ts`: just what a plan asks Artifact Registry for, and no
 * more. Every page is made up from its number when it is asked for, so that millions of images take no memory and no
 * time to seed, which the emulator would need minutes for. The same arguments give the same answers.
 *
 * `plan-server.ts PACKAGES IMAGES`: packages of each repository, images of each package. Says its port on the first
 * line. `GET /requests` tells how many requests came since it was last asked.
 */
import { hash } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

const [packages = 0, images = 0] = process.argv.slice(2).map(Number);
if (!(packages > 0 && images > 0)) throw new Error('usage: plan-server.ts PACKAGES IMAGES');

/** Of a thousand images: so many are at one side only, on either, and so many tags are on another version. */
const onlyHere = 4;
const tagMoved = 2;
const pageSize = 1000;

/** One image, as `dockerImages` has it. `copy` differs where the two sides hold different images. */
function image(place: string, host: string, packageNumber: number, index: number, isFollower: boolean) {
  const inThousand = index % 1000;
  const label = inThousand < onlyHere && isFollower ? 'follower' : 'both';
  const digest = `sha256:${hash('sha256', `${label} ${packageNumber} ${index}`)}`;
  const isMoved = isFollower && inThousand >= onlyHere && inThousand < onlyHere + tagMoved;
  // A neighbour's tag: the two have changed places.
  const tag = isMoved ? onlyHere + ((inThousand - onlyHere + 1) % tagMoved) + index - inThousand : index;
  const time = new Date(1_700_000_000_000 + (packageNumber * images + index) * 1000).toISOString();
  const name = `team-${packageNumber % 10}/app-${packageNumber}`;
  return {
    name: `${place}/dockerImages/${encodeURIComponent(name)}@${digest}`,
    uri: `${host}/${name}@${digest}`,
    tags: [`v1.${tag}`],
    imageSizeBytes: String(30_000_000 + index),
    uploadTime: time,
    mediaType: 'application/vnd.oci.image.manifest.v1+json',
    buildTime: time,
    updateTime: time,
  };
}

/** A page of a listing; its token is the number of the first image after it. */
function page(place: string, start: number): string {
  const isFollower = place.endsWith('/follower');
  const [, project, , location, , repository] = place.split('/');
  const host = `${location}-docker.pkg.dev/${project}/${repository}`;
  const total = packages * images;
  const end = Math.min(start + pageSize, total);
  const dockerImages = Array.from({ length: end - start }, (_, offset) => {
    const number = start + offset;
    return image(place, host, Math.floor(number / images), number % images, isFollower);
  });
  return JSON.stringify({ dockerImages, ...(end < total && { nextPageToken: `page-${end}` }) });
}

let requests = 0;

function answer(target: string): string {
  const { pathname, searchParams } = new URL(target, 'http://localhost');
  if (pathname === '/requests') {
    const count = requests;
    requests = 0;
    return JSON.stringify({ requests: count });
  }
  requests++;
  const [, place = '', collection] =
    /^\/v1\/(projects\/[^/]+\/locations\/[^/]+\/repositories\/[^/]+)\/?(.*)$/.exec(pathname) ?? [];
  if (collection === '')
    return JSON.stringify({ name: place, format: 'DOCKER', mode: 'STANDARD_REPOSITORY' });
  if (collection === 'dockerImages') return page(place, Number(searchParams.get('pageToken')?.slice(5) ?? 0));
  // Attachments, say: there are none.
  return '{}';
}

const server = createServer((request, response) => {
  const body = answer(request.url ?? '/');
  response.writeHead(200, {
    'content-type': 'application/json; charset=UTF-8',
    'content-length': Buffer.byteLength(body),
  });
  response.end(body);
});
server.keepAliveTimeout = 75_000;
server.listen(0, '127.0.0.1', () => console.log((server.address() as AddressInfo).port));
