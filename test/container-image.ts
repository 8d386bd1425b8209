/**
 * Builds the Dockerfile on a machine that can pull no image: the two bases are made of this machine's own Node, one
 * with npm and a shell to build on, one with nothing but Node to run on.
 */
import { execFile, spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const root = fileURLToPath(new URL('..', import.meta.url));
const run = promisify(execFile);

/** Only root can mount an image and start something in it without more ado. */
export const isRoot = process.getuid?.() === 0;

/** An image that was built, mounted. */
export interface Image {
  /** Folder of its root. */
  readonly mount: string;
  /** What `buildah inspect` says of its configuration. */
  readonly config: ImageConfig;
  /** Bytes of its own layer, and of all with the base. */
  readonly size: { readonly own: number; readonly whole: number };
  /** Takes everything away. */
  remove(): void;
}

/** The part of an image's configuration that matters here. */
export interface ImageConfig {
  readonly User: string;
  readonly Entrypoint: readonly string[];
  readonly Cmd: readonly string[];
  readonly StopSignal: string;
  readonly Labels: Readonly<Record<string, string>>;
  readonly Env: readonly string[];
}

/**
 * Builds the image.
 *
 * @param bare on one base that has Node and a shell, and nothing else
 */
export async function buildImage({ bare = false } = {}): Promise<Image> {
  const folder = mkdtempSync(join(tmpdir(), 'container-'));
  const store = [
    '--root',
    join(folder, 'store'),
    '--runroot',
    join(folder, 'run'),
    '--storage-driver',
    'vfs',
  ];
  const buildah = async (...args: string[]) => {
    const { stdout } = await run('buildah', [...store, ...args], { cwd: root, maxBuffer: 1e8 });
    return stdout.trim();
  };
  const remove = () => {
    spawnSync('buildah', [...store, 'unmount', '--all']);
    rmSync(folder, { recursive: true, force: true });
  };
  const base = async (name: string, fill: (mount: string) => void, settings: readonly string[] = []) => {
    const container = await buildah('from', 'scratch');
    fill(await buildah('mount', container));
    if (settings.length > 0) await buildah('config', ...settings, container);
    await buildah('commit', '--quiet', container, `localhost/${name}`);
    await buildah('rm', container);
  };
  try {
    const settings = ['--env', 'PATH=/usr/bin:/bin', '--env', 'HOME=/root'];
    if (bare) await base('node-base', (mount) => copyPrograms(mount, '/bin/sh'), settings);
    else {
      await base('runtime', (mount) => copyProgram(mount, process.execPath, '/nodejs/bin/node'));
      const certificates = process.env.NODE_EXTRA_CA_CERTS;
      const env = certificates ? ['--env', `NODE_EXTRA_CA_CERTS=${certificates}`] : [];
      const offline = ['--env', 'npm_config_prefer_offline=true'];
      await base('build', fillBuildBase, [...settings, ...offline, ...env]);
    }
    const bases = bare ? { BASE: 'node-base' } : { BASE: 'build', RUNTIME: 'runtime' };
    const cache = join(homedir(), '.npm');
    await buildah(
      ...['bud', '--quiet', '--isolation', 'chroot', '--network', 'host'],
      ...(existsSync(cache) ? ['--volume', `${cache}:/root/.npm`] : []),
      ...Object.entries(bases).flatMap(([name, image]) => ['--build-arg', `${name}=localhost/${image}`]),
      ...['--build-arg', 'REVISION=test', '--tag', 'job', '.'],
    );
    const { OCIv1 } = JSON.parse(await buildah('inspect', '--type', 'image', 'job')) as {
      OCIv1: { config: ImageConfig };
    };
    const mount = await buildah('mount', await buildah('from', 'job'));
    const size = { own: sizeOf(join(mount, 'app')), whole: sizeOf(mount) };
    return { mount, config: OCIv1.config, size, remove };
  } catch (error) {
    remove();
    throw error;
  }
}

/** What a build asks for: a shell, `env`, node and npm. */
function fillBuildBase(mount: string): void {
  copyPrograms(mount, '/bin/sh', '/usr/bin/env', '/bin/mkdir', '/bin/cp', '/bin/rm', '/bin/mv');
  const npm = join(dirname(realpathSync(which('npm'))), '..');
  cpSync(npm, join(mount, '/usr/lib/npm'), { recursive: true });
  // A file rather than the usual link: it finds its own folder by itself.
  copyText(mount, '/usr/bin/npm', '#!/bin/sh\nexec node /usr/lib/npm/bin/npm-cli.js "$@"\n');
  for (const path of ['/tmp', '/root', '/etc']) mkdirSync(join(mount, path), { recursive: true });
  for (const path of ['/etc/ssl/certs/ca-certificates.crt', process.env.NODE_EXTRA_CA_CERTS])
    if (path && existsSync(path)) cpSync(path, join(mount, path), { recursive: true, dereference: true });
}

/** Node and other programs, each where it is. */
function copyPrograms(mount: string, ...programs: readonly string[]): void {
  copyProgram(mount, process.execPath, '/usr/bin/node');
  for (const program of programs) copyProgram(mount, realpathSync(program), program);
}

function which(program: string): string {
  return spawnSync('sh', ['-c', `command -v ${program}`], { encoding: 'utf8' }).stdout.trim();
}

/** A program and the libraries that it is linked with. */
function copyProgram(mount: string, from: string, to: string): void {
  copy(from, join(mount, to));
  const { stdout } = spawnSync('ldd', [from], { encoding: 'utf8' });
  for (const [, library] of stdout.matchAll(/(\/[^\s]+) \(0x/g))
    if (library) copy(library, join(mount, library));
}

function copy(from: string, to: string): void {
  if (existsSync(to)) return;
  mkdirSync(dirname(to), { recursive: true });
  cpSync(from, to, { dereference: true });
}

function copyText(mount: string, path: string, text: string): void {
  const file = join(mount, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text, { mode: 0o755 });
}

function sizeOf(folder: string): number {
  const { stdout } = spawnSync('du', ['-sb', folder], { encoding: 'utf8' });
  return Number.parseInt(stdout, 10);
}

/** How a program is started from the image. */
export interface Start {
  readonly command: string;
  readonly args: readonly string[];
}

/**
 * The command that starts the image's entry point as its user, as the first process of a container whose root can't
 * be written to. Buildah's own `run` has no such root, so the kernel is asked directly.
 */
export function startOf({ mount, config }: Image, args: readonly string[]): Start {
  // A mount of its own over the root, read-only; the shell is this machine's, none is in the image.
  const script =
    'mount --bind "$1" "$1" && mount -o remount,bind,ro "$1" && shift && exec env "PATH=$0" chroot "$@"';
  const path = config.Env.find((one) => one.startsWith('PATH='))?.slice('PATH='.length) ?? '';
  return {
    command: 'unshare',
    args: [
      ...['--mount', '--pid', '--fork', '--kill-child', 'sh', '-c', script, path, mount],
      ...[`--userspec=${config.User}`, '--groups=', mount, ...config.Entrypoint, ...args],
    ],
  };
}
