/**
 * What a copy by the job's own engine takes, beside Debian's skopeo between the same two registries, beside curl for
 * one large layer, and beside a bare script that sends the same requests.
 *
 * The job is measured as the container runs it: bundled into one file. Every run of a first copy has a destination of
 * its own, empty, since a registry that has deleted is not one that was never written to. Requests are counted from
 * the registries' own logs in runs that are not timed, as a registry that writes them is a slower one.
 */
import { execFile } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import pMap from 'p-map';
import { type DockerRegistry, startDockerRegistry } from '../test/docker-registry.ts';
import { type Artifact, blob, image, push, types } from '../test/images.ts';
import { median, type Run, race, run } from './measure.ts';

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const mebi = 1 << 20;

/** Programs, and what each is measured on. */
interface Bench {
  readonly folder: string;
  /** The job, bundled. */
  readonly program: string;
}

/** Measures everything. @throws Error where skopeo, docker-registry or curl is missing */
export async function benchCopy(): Promise<Record<string, unknown>> {
  const folder = mkdtempSync(join(tmpdir(), 'bench-copy-'));
  try {
    const bench: Bench = { folder, program: join(folder, 'job.mjs') };
    await promisify(execFile)(process.execPath, [here('../job/bundle.js'), bench.program], {
      cwd: here('..'),
    });
    return {
      ...(await benchTags(bench)),
      ...(await benchManyTags(bench)),
      ...(await benchShared(bench)),
      ...(await benchLarge(bench)),
      ...(await benchTwenty(bench)),
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const job = ({ program }: Bench, source: DockerRegistry, destination: DockerRegistry) => [
  ...[process.execPath, program, 'copy', '--engine', 'job', '--log', 'text'],
  ...['--source', `docker://${source.host}/base`, '--destination', `docker://${destination.host}/base`],
];

const skopeo = (source: DockerRegistry, destination: DockerRegistry) => [
  ...['skopeo', '--insecure-policy', 'sync', '--all', '--src', 'docker', '--dest', 'docker'],
  ...['--src-tls-verify=false', '--dest-tls-verify=false'],
  ...[`${source.host}/base/app`, `${destination.host}/base`],
];

/** Images of one layer each, pushed. */
async function pushTags(registry: DockerRegistry, count: number): Promise<Artifact[]> {
  const images = Array.from({ length: count }, (_, number) => image(`image ${number}`));
  await pMap(images, (each, number) => push(registry.url, 'base/app', each, `v${number}`), {
    concurrency: 8,
  });
  return images;
}

/** A run into a registry that is empty before and gone after. */
async function intoEmpty(command: (destination: DockerRegistry) => readonly string[]): Promise<Run> {
  const destination = await startDockerRegistry();
  try {
    return await run(command(destination));
  } finally {
    await destination.stop();
  }
}

/** Requests that a registry's log shows, by whether they reached the one or the other. */
async function countRequests(
  { folder }: Bench,
  source: DockerRegistry,
  command: (source: DockerRegistry, destination: DockerRegistry) => readonly string[],
  again = false,
): Promise<{ source: number; destination: number; all: number; layers: number }> {
  const logs = [
    join(folder, `${randomBytes(4).toString('hex')}.log`),
    join(folder, `${randomBytes(4).toString('hex')}.log`),
  ] as const;
  // The same contents, served by another process that keeps a log.
  const one = await startDockerRegistry({ folder: source.folder, log: logs[0] });
  const other = await startDockerRegistry({ log: logs[1] });
  const lines = (file: string) =>
    readFileSync(file, 'utf8')
      .split('\n')
      // The one at the start asks whether it is up.
      .filter((line) => /"[A-Z]+ \/v2\//.test(line) && !/"GET \/v2\/ HTTP.*"(?:node|undici)"/.test(line));
  try {
    if (again) await run(command(one, other));
    const before = logs.map((file) => lines(file).length);
    await run(command(one, other));
    await new Promise((resolve) => setTimeout(resolve, 200));
    const [from = [], to = []] = logs.map((file, index) => lines(file).slice(before[index]));
    const layers = to.filter((line) => /"PUT \/v2\/\S+\/blobs\/uploads\//.test(line)).length;
    return { source: from.length, destination: to.length, all: from.length + to.length, layers };
  } finally {
    await Promise.all([one.stop(), other.stop()]);
  }
}

/** 200 tags of one layer each: into an empty destination, again with nothing to do, and beside the floor. */
async function benchTags(bench: Bench): Promise<Record<string, unknown>> {
  const source = await startDockerRegistry();
  const [ours, theirs] = [await startDockerRegistry(), await startDockerRegistry()];
  try {
    const images = await pushTags(source, 200);
    const list = join(bench.folder, 'images.json');
    const needed = images.map(({ blobs }, number) => ({
      tag: `v${number}`,
      mediaType: types.manifest,
      blobs: blobs.map(({ digest }) => digest),
    }));
    writeFileSync(list, JSON.stringify(needed));
    const floorProgram = join(bench.folder, 'floor.mjs');
    const { build } = await import('esbuild');
    await build({
      entryPoints: [here('floor/copy.ts')],
      outfile: floorProgram,
      platform: 'node',
      format: 'esm',
      logLevel: 'warning',
    });
    const floor = (destination: DockerRegistry) => [
      process.execPath,
      floorProgram,
      source.url,
      destination.url,
      'base/app',
      list,
    ];
    const first = await race({
      job: () => intoEmpty((destination) => job(bench, source, destination)),
      skopeo: () => intoEmpty((destination) => skopeo(source, destination)),
      floor: () => intoEmpty(floor),
    });
    await run(job(bench, source, ours));
    await run(skopeo(source, theirs));
    const again = await race({
      job: () => run(job(bench, source, ours)),
      skopeo: () => run(skopeo(source, theirs)),
    });
    const [copied, synced] = [
      await countRequests(bench, source, (one, other) => job(bench, one, other)),
      await countRequests(bench, source, skopeo),
    ];
    const [nothing, nothingSynced] = [
      await countRequests(bench, source, (one, other) => job(bench, one, other), true),
      await countRequests(bench, source, skopeo, true),
    ];
    return {
      tags200Seconds: first.seconds('job'),
      tags200SkopeoSeconds: first.seconds('skopeo'),
      tags200FasterThanSkopeo: first.ratio('skopeo', 'job'),
      tags200Requests: copied,
      tags200SkopeoRequests: synced,
      tags200RequestsToSkopeo: copied.all / synced.all,
      tags200FloorSeconds: first.seconds('floor'),
      tags200ToFloor: first.ratio('job', 'floor'),
      again200Seconds: again.seconds('job'),
      again200SkopeoSeconds: again.seconds('skopeo'),
      again200FasterThanSkopeo: again.ratio('skopeo', 'job'),
      again200Requests: nothing,
      again200SkopeoRequests: nothingSynced,
    };
  } finally {
    await Promise.all([source, ours, theirs].map((each) => each.stop()));
  }
}

/** 2,000 tags, nothing to do. */
async function benchManyTags(bench: Bench): Promise<Record<string, unknown>> {
  const registries = [
    await startDockerRegistry(),
    await startDockerRegistry(),
    await startDockerRegistry(),
  ] as const;
  const [source, ours, theirs] = registries;
  try {
    await pushTags(source, 2000);
    await run(job(bench, source, ours));
    // skopeo would need minutes to make the same.
    await run(job(bench, source, theirs));
    const again = await race({
      job: () => run(job(bench, source, ours)),
      skopeo: () => run(skopeo(source, theirs)),
    });
    return {
      again2000Seconds: again.seconds('job'),
      again2000SkopeoSeconds: again.seconds('skopeo'),
      again2000FasterThanSkopeo: again.ratio('skopeo', 'job'),
    };
  } finally {
    await Promise.all(registries.map((each) => each.stop()));
  }
}

/** An image of some layers that were pushed before. */
function imageOf(layers: readonly { digest: string; size: number }[], name: string): Artifact {
  const config = blob(JSON.stringify({ architecture: 'amd64', os: 'linux', name }));
  const descriptor = (mediaType: string, digest: string, size: number) => ({ mediaType, digest, size });
  const manifest = blob(
    JSON.stringify({
      schemaVersion: 2,
      mediaType: types.manifest,
      config: descriptor(types.config, config.digest, config.bytes.length),
      layers: layers.map(({ digest, size }) => descriptor(types.layer, digest, size)),
    }),
  );
  return { ...manifest, mediaType: types.manifest, blobs: [config], children: [] };
}

/** 50 images that share 20 layers: each layer moves once. */
async function benchShared(bench: Bench): Promise<Record<string, unknown>> {
  const source = await startDockerRegistry();
  try {
    const layers = Array.from({ length: 20 }, () => blob(randomBytes(mebi)));
    await pMap(
      Array.from({ length: 50 }, (_, number) => number),
      async (number) => {
        const image = imageOf(
          layers.map(({ digest, bytes }) => ({ digest, size: bytes.length })),
          `${number}`,
        );
        await push(
          source.url,
          `base/app-${number % 5}`,
          { ...image, blobs: [...layers, ...image.blobs] },
          `v${number}`,
        );
      },
      { concurrency: 4 },
    );
    const { layers: uploads } = await countRequests(bench, source, (one, other) => job(bench, one, other));
    return { sharedLayers: 20, sharedLayersSent: uploads - 50 };
  } finally {
    await source.stop();
  }
}

/**
 * Puts layers straight into a registry's folder, as its own storage has them: to push a gigabyte takes a while.
 *
 * @returns their digests
 */
async function plant(
  registry: DockerRegistry,
  path: string,
  tag: string,
  sizes: readonly number[],
): Promise<string[]> {
  const layers = sizes.map((size) => {
    const bytes = Buffer.alloc(size);
    // Not the same everywhere, nor for every layer: no file system must find a way to save it.
    for (let at = 0; at < size; at += mebi) randomBytes(4096).copy(bytes, at);
    const hex = createHash('sha256').update(bytes).digest('hex');
    const root = join(registry.folder, 'docker', 'registry', 'v2');
    const kept = join(root, 'blobs', 'sha256', hex.slice(0, 2), hex);
    const link = join(root, 'repositories', path, '_layers', 'sha256', hex);
    mkdirSync(kept, { recursive: true });
    mkdirSync(link, { recursive: true });
    writeFileSync(join(kept, 'data'), bytes);
    writeFileSync(join(link, 'link'), `sha256:${hex}`);
    return { digest: `sha256:${hex}`, size };
  });
  await push(registry.url, path, imageOf(layers, tag), tag);
  return layers.map(({ digest }) => digest);
}

/** One layer of 1 GiB, beside curl piped into curl between the same two. */
async function benchLarge(bench: Bench): Promise<Record<string, unknown>> {
  const source = await startDockerRegistry();
  try {
    const size = 1024 * mebi;
    const [digest = ''] = await plant(source, 'base/app', 'large', [size]);
    const pipe = (destination: DockerRegistry) => {
      const upload = `$(curl -fsS -X POST -D - -o /dev/null ${destination.url}/v2/base/app/blobs/uploads/ | tr -d '\\r' | sed -n 's/^[Ll]ocation: //p')`;
      return [
        'sh',
        '-c',
        `curl -fsS ${source.url}/v2/base/app/blobs/${digest} | curl -fsS -T - -H 'content-type: application/octet-stream' "${upload}&digest=${digest}"`,
      ];
    };
    const result = await race({
      job: () => intoEmpty((destination) => job(bench, source, destination)),
      curl: () => intoEmpty(pipe),
    });
    return {
      largeSeconds: result.seconds('job'),
      largeMebibytesPerSecond: 1024 / result.seconds('job'),
      largeCurlSeconds: result.seconds('curl'),
      largeThroughputToCurl: result.ratio('curl', 'job'),
      largePeakMegabytes: peak(result.runs.job),
    };
  } finally {
    await source.stop();
  }
}

const peak = (runs: readonly Run[]) =>
  Math.max(...runs.map(({ peakMegabytes = Number.NaN }) => peakMegabytes));

/** 20 layers of 200 MB. */
async function benchTwenty(bench: Bench): Promise<Record<string, unknown>> {
  const source = await startDockerRegistry();
  try {
    await plant(
      source,
      'base/app',
      'many',
      Array.from({ length: 20 }, () => 200_000_000),
    );
    const runs = await pMap([1, 2, 3], () => intoEmpty((destination) => job(bench, source, destination)), {
      concurrency: 1,
    });
    return { twentySeconds: median(runs.map(({ seconds }) => seconds)), twentyPeakMegabytes: peak(runs) };
  } finally {
    await source.stop();
  }
}

/** Runs it alone, for whoever works on it: `node --import tsx bench/copy.ts`. */
if (process.argv[1] === here('copy.ts')) console.log(JSON.stringify(await benchCopy(), null, 2));
