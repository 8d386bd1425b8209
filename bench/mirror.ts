/** What a mirror asks of the service: with nothing to do, and with one version in a hundred too many. */
import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { median, type Run, run } from './measure.ts';

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const packages = 20;
const imagesInPackage = 1000;
const images = packages * imagesInPackage;
const runs = 5;

/** Starts the server; answers with what `body` measures. */
async function serving<T>(
  different: number,
  body: (server: ChildProcess, host: string) => Promise<T>,
): Promise<T> {
  const args = [packages, imagesInPackage, different].map(String);
  const server = fork(here('mirror-server.ts'), args, { execArgv: ['--import', 'tsx'] });
  try {
    return await body(server, await answer<string>(server));
  } finally {
    server.kill();
  }
}

function answer<T>(server: ChildProcess): Promise<T> {
  return new Promise((resolve, reject) => {
    server.once('message', (message) => resolve(message as T));
    server.once('exit', (code) => reject(new Error(`the server ended with ${code}`)));
  });
}

/** Requests since the last question, by method. */
function requestsTo(server: ChildProcess): Promise<Record<string, number>> {
  const counts = answer<Record<string, number>>(server);
  server.send('counts');
  return counts;
}

function mirror(host: string): Promise<Run> {
  const repositories = 'projects/acme/locations';
  const flags = [
    ...['--source', `${repositories}/us/repositories/leader`],
    ...['--destination', `${repositories}/europe/repositories/follower`],
    ...['--max-deletions', '10000', '--copy-start-time', '2100-01-01T00:00:00Z'],
    ...['--requests-per-minute', '60000', '--writes-per-minute', '18000', '--deletes-per-minute', '18000'],
  ];
  return run([process.execPath, '--import', 'tsx', here('../job/cli.ts'), 'mirror', ...flags], {
    env: { REPLICATOR_EMULATOR_HOST: host },
  });
}

export async function benchMirror(): Promise<Record<string, unknown>> {
  const idle = await serving(0, async (server, host) => {
    const measured: Run[] = [];
    for (let turn = 0; turn < runs; turn++) measured.push(await mirror(host));
    await requestsTo(server);
    await mirror(host);
    const { GET = 0, HEAD = 0, ...writes } = await requestsTo(server);
    return {
      seconds: median(measured.map(({ seconds }) => seconds)),
      peakMegabytes: Math.max(...measured.map(({ peakMegabytes = 0 }) => peakMegabytes)),
      reads: GET + HEAD,
      writes: Object.values(writes).reduce((sum, count) => sum + count, 0),
    };
  });
  const busy = await serving(images / 100, async (server, host) => {
    const { seconds } = await mirror(host);
    const counts = await requestsTo(server);
    return { seconds, requests: Object.values(counts).reduce((sum, count) => sum + count, 0) };
  });
  return {
    imagesEachSide: images,
    nothingToDoSeconds: idle.seconds,
    nothingToDoReads: idle.reads,
    nothingToDoWrites: idle.writes,
    nothingToDoRequestsPerImage: (idle.reads + idle.writes) / (2 * images),
    peakMegabytes: idle.peakMegabytes,
    deleted: images / 100,
    deletingSeconds: busy.seconds,
    requestsPerDelete: (busy.requests - idle.reads) / (images / 100),
  };
}
