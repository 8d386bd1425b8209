/** Debian's docker-registry, which nobody here wrote: a real registry as a process on a loopback port. */
import { spawn } from 'node:child_process';
import { createWriteStream, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

/** A registry that runs. */
export interface DockerRegistry {
  /** `127.0.0.1:PORT` */
  readonly host: string;
  /** `http://127.0.0.1:PORT` */
  readonly url: string;
  /** Where it keeps its contents; removed at the end. */
  readonly folder: string;
  readonly pid: number;
  /** Stops it. Calling it twice does no harm. */
  stop(): Promise<void>;
}

/** How a registry is to be. */
export interface DockerRegistryOptions {
  /** File for its log, a line for each request; thrown away where it is left out. */
  readonly log?: string;
  /** Folder for its contents, kept at the end; a temporary one where it is left out. */
  readonly folder?: string;
}

/** Starts a registry, and waits until it answers. */
export async function startDockerRegistry({
  log,
  folder: kept,
}: DockerRegistryOptions = {}): Promise<DockerRegistry> {
  const folder = mkdtempSync(join(tmpdir(), 'docker-registry-'));
  const host = `127.0.0.1:${await freePort()}`;
  const file = join(folder, 'config.yml');
  const config = {
    version: '0.1',
    log: log === undefined ? { level: 'error', accesslog: { disabled: true } } : { level: 'error' },
    storage: { filesystem: { rootdirectory: kept ?? join(folder, 'data') }, delete: { enabled: true } },
    // Its own check of its disk would turn it off for a while.
    health: { storagedriver: { enabled: false } },
    http: { addr: host },
  };
  writeFileSync(file, JSON.stringify(config));
  const child = spawn('docker-registry', ['serve', file], { stdio: ['ignore', 'pipe', 'ignore'] });
  if (log === undefined) child.stdout.resume();
  else child.stdout.pipe(createWriteStream(log, { flags: 'a' }));
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  let stopped: Promise<void> | undefined;
  const registry: DockerRegistry = {
    host,
    url: `http://${host}`,
    folder: kept ?? join(folder, 'data'),
    pid: child.pid ?? 0,
    stop() {
      child.kill('SIGKILL');
      stopped ??= ended.then(() => rmSync(folder, { recursive: true, force: true }));
      return stopped;
    },
  };
  for (let tries = 0; tries < 200; tries++) {
    if (child.exitCode !== null) break;
    const answer = await fetch(`${registry.url}/v2/`).catch(() => undefined);
    await answer?.arrayBuffer();
    if (answer?.ok) return registry;
    await pause(50);
  }
  await registry.stop();
  throw new Error('docker-registry does not start');
}

/** A port that is free now. */
function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });
}
