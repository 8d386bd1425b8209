/**
 * What a plan of two large Docker repositories costs beyond reading their pages: processor time, memory, requests.
 * They are served by another process, `plan-server.ts`, which makes their pages up: the emulator would take minutes
 * to be seeded with two million images.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { median, type Run, run } from './measure.ts';

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const node = [process.execPath, '--import', 'tsx'];
const base = 'projects/acme/locations/us/repositories';
const [leader, follower] = [`${base}/leader`, `${base}/follower`];
const imagesInPackage = 1000;
/** Packages of each repository in the measurement that the bars are for. */
const packages = 1000;
const pairs = 5;

/** Runs something beside a server of so many packages. */
async function serving<T>(packageCount: number, body: (server: Server) => Promise<T>): Promise<T> {
  const child = spawn(process.execPath, [
    ...node.slice(1),
    here('plan-server.ts'),
    String(packageCount),
    String(imagesInPackage),
  ]);
  try {
    return await body({ port: await firstLine(child) });
  } finally {
    child.kill();
  }
}

interface Server {
  readonly port: string;
}

function firstLine(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('exit', (code) => reject(new Error(`the server ended with ${code}`)));
    if (child.stdout) createInterface(child.stdout).once('line', resolve);
  });
}

/** Requests that a server got since it was last asked. */
async function requestsTo({ port }: Server): Promise<number> {
  const answer = await fetch(`http://127.0.0.1:${port}/requests`);
  return ((await answer.json()) as { requests: number }).requests;
}

function plan({ port }: Server): Promise<Run> {
  const flags = ['--source', leader, '--destination', follower, '--json', '--requests-per-minute', '60000'];
  return run([...node, here('../job/cli.ts'), 'plan', ...flags], {
    env: { REPLICATOR_EMULATOR_HOST: `127.0.0.1:${port}` },
  });
}

function floor({ port }: Server, ...means: string[]): Promise<Run> {
  const urls = [leader, follower].map((name) => `http://127.0.0.1:${port}/v1/${name}`);
  return run([...node, here('floor/pages.ts'), ...urls, ...means]);
}

function googleClient({ port }: Server): Promise<Run> {
  return run([...node, here('plan-google-client.ts'), '127.0.0.1', port, leader, follower]);
}

/** Two things measured in turn, and the ratio of their processor time pair by pair. */
async function inTurn(one: () => Promise<Run>, other: () => Promise<Run>) {
  const turns: [Run, Run][] = [];
  for (let turn = 0; turn < pairs; turn++) turns.push([await one(), await other()]);
  const of = (index: 0 | 1) => turns.map((turn) => turn[index]);
  return {
    cpuSeconds: median(of(0).map(({ cpuSeconds }) => cpuSeconds)),
    otherCpuSeconds: median(of(1).map(({ cpuSeconds }) => cpuSeconds)),
    ratio: median(turns.map(([first, second]) => first.cpuSeconds / second.cpuSeconds)),
    seconds: median(of(0).map(({ seconds }) => seconds)),
    peakMegabytes: Math.max(...of(0).map(({ peakMegabytes = 0 }) => peakMegabytes)),
  };
}

/** Peak memory of one plan, in MB. */
function peakOf(packageCount: number): Promise<number> {
  return serving(packageCount, async (server) => (await plan(server)).peakMegabytes ?? 0);
}

export async function benchPlan(): Promise<Record<string, unknown>> {
  const images = 2 * packages * imagesInPackage;
  const large = await serving(packages, async (server) => {
    // Not measured, but for its requests.
    await plan(server);
    const requests = await requestsTo(server);
    const toFloor = await inTurn(
      () => plan(server),
      () => floor(server),
    );
    const fetching = await floor(server, 'fetch');
    return { requests, ...toFloor, fetchCpuSeconds: fetching.cpuSeconds };
  });
  const quarter = await peakOf(packages / 4);
  const half = await peakOf(packages / 2);
  // Google's client takes its time: a tenth of the images will do.
  const client = await serving(packages / 10, (server) =>
    inTurn(
      () => googleClient(server),
      () => floor(server),
    ),
  );
  return {
    images,
    cpuSeconds: large.cpuSeconds,
    floorCpuSeconds: large.otherCpuSeconds,
    toFloor: large.ratio,
    toFetchFloor: large.cpuSeconds / large.fetchCpuSeconds,
    googleClientToFloor: client.ratio,
    seconds: large.seconds,
    peakMegabytes: large.peakMegabytes,
    peakMegabytesHalf: half,
    peakMegabytesQuarter: quarter,
    requests: large.requests,
    requestsPerImage: large.requests / images,
    // One tag on each image: regsync asks twice for each tag, skopeo twice for each tag of each side; gcrane lists
    // each package of each side, which brings a package's tags in one answer.
    regsyncRequestsPerImage: (2 * packages * imagesInPackage) / images,
    skopeoRequestsPerImage: (2 * images) / images,
    gcraneRequestsPerImage: (2 * packages) / images,
  };
}
