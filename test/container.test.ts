import { execFile, spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { seed } from '../emulator/registry/seed.ts';
import type { Emulator } from '../emulator/server.ts';
import { buildImage, type Image, isRoot, startOf } from './container-image.ts';
import { type Ended, entriesOf, type Running, startQuickEmulator, watch } from './job-cli-process.ts';
import { hasPart, testWith } from './parts.ts';
import { send } from './rest.ts';

const container = suite('container');
const name = (location: string) => `projects/acme/locations/${location}/repositories/prod`;
const [leader, follower] = [name('europe-west1'), name('us-central1')];
const sides = ['--source', leader, '--destination', follower];
let image: Image;
let emulator: Emulator;

/** Starts the image as Cloud Run does: its user, a root that can't be written to, the first of its processes. */
function start(args: readonly string[], env: Record<string, string> = {}): Running {
  const { command, args: words } = startOf(image, args);
  const variables = { REPLICATOR_EMULATOR_HOST: emulator.host, PATH: process.env.PATH, ...env };
  return watch(spawn(command, words, { env: variables }));
}

const run = (args: readonly string[], env?: Record<string, string>): Promise<Ended> => start(args, env).ended;

/** Whoever is not root can't mount what buildah built. */
function check(what: string, body: () => Promise<void>): void {
  if (isRoot || !hasPart('buildah')) testWith(container, ['buildah'], what, body);
  else container.skip(`${what} (needs root)`);
}

container.before(async () => {
  if (!isRoot || !hasPart('buildah')) return;
  image = await buildImage();
  emulator = await startQuickEmulator();
  const versions = ['1', '2'].map((id) => ({ id, files: { 'a.txt': id } }));
  seed(emulator.registry, leader, { format: 'GENERIC', packages: { app: versions } });
  seed(emulator.registry, follower, { format: 'GENERIC' });
});
container.after(async () => {
  await emulator?.close();
  image?.remove();
});

check('the image says how it is to be run', async () => {
  const { config } = image;
  assert.is(config.User, '65532:65532');
  assert.equal(config.Entrypoint, ['node', '/app/job.mjs']);
  assert.equal(config.Cmd, ['--help']);
  assert.is(config.StopSignal, 'SIGTERM');
  assert.is(config.Labels['org.opencontainers.image.revision'], 'test');
  assert.is(config.Labels['org.opencontainers.image.licenses'], 'Apache-2.0');
});

check('it holds one program and the licences of what is in it, and adds no shell', async () => {
  assert.equal(readdirSync(join(image.mount, 'app')).sort(), ['job.mjs', 'job.mjs.LEGAL.txt']);
  assert.equal(
    readdirSync(image.mount).filter((entry) => !/^(nodejs|lib|lib64|usr)$/.test(entry)),
    ['app'],
  );
  assert.ok(image.size.own < 4e6, `${image.size.own} bytes`);
});

check(
  'the container it is tried in is what Cloud Run would make: no root, nothing to write to, the first process',
  async () => {
    const script = `
    const { writeFileSync } = require('node:fs');
    const write = (path) => { try { writeFileSync(path, ''); return 'written'; } catch ({ code }) { return code; } };
    console.log(JSON.stringify([process.pid, process.getuid(), process.getgid(), write('/app/x'), write('/x')]));`;
    const node: Image = {
      ...image,
      config: { ...image.config, Entrypoint: ['node', '-e', script] },
    };
    const { command, args } = startOf(node, []);
    const { stdout } = await watch(spawn(command, args, { env: { PATH: process.env.PATH } })).ended;
    assert.equal(JSON.parse(stdout), [1, 65532, 65532, 'EROFS', 'EROFS']);
  },
);

check('plan --help, plan and copy', async () => {
  const help = await run(['plan', '--help']);
  assert.is(help.code, 0, help.stderr);
  assert.match(help.stdout, /^npm run job -- plan \[flags\]/);
  const plan = await run(['plan', ...sides, '--detailed-exitcode']);
  assert.is(plan.code, 2, plan.stderr);
  assert.match(plan.stdout, /To copy: 2 versions/);
  const variables = { SOURCE_REPOSITORY: leader, DESTINATION_REPOSITORY: follower, CLOUD_RUN_JOB: 'job' };
  const copy = await run(['copy', '--initial-delay=1'], variables);
  assert.is(copy.code, 0, copy.stderr);
  assert.equal(entriesOf(copy).at(-1)?.replicator.counts, { copied: 2, skipped: 0 });
  const again = await run(['verify', ...sides]);
  assert.is(again.code, 0, again.stderr);
  assert.is((await run(['plan'])).code, 64);
  // OpenTelemetry's exporter is in there too.
  const measured = await run(['verify', ...sides], { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:1' });
  assert.is(measured.code, 0, measured.stderr);
  assert.match(
    measured.stderr,
    /the metrics could not be sent to http:\/\/127\.0\.0\.1:1\/: connect ECONNREFUSED/,
  );
  // Google's library is in there too, as far as it gets without a cloud.
  const cloud = await run(['plan', ...sides], {
    REPLICATOR_EMULATOR_HOST: '',
    METADATA_SERVER_DETECTION: 'none',
  });
  assert.is(cloud.code, 1, cloud.stderr);
  assert.match(cloud.stderr, /there are no credentials: run 'gcloud auth application-default login'/);
});

check('serve, and a signal to the first process', async () => {
  const args = [
    'serve',
    ...sides,
    '--port',
    '0',
    '--host',
    '127.0.0.1',
    '--auth',
    'none',
    '--initial-delay',
    '1',
  ];
  const running = start(args);
  const [, url = ''] = await running.said(/listening on (http:\/\/[\d.]+:\d+)/);
  assert.is((await send(`${url}/healthz`)).status, 200);
  const answer = await send(`${url}/copy`, 'POST');
  assert.equal([answer.status, answer.body.copied], [200, 2]);
  assert.match((await send(`${url}/metrics`)).body, /replicator_runs_total\{state="succeeded"\} 1/);
  assert.is(signal(running, 'SIGTERM'), true);
  const ended = await running.ended;
  assert.is(ended.code, 0, ended.stderr);
  assert.is(entriesOf(ended).at(-1)?.message, 'down');
});

check('a copy as the first process goes at a signal', async () => {
  const running = start(['copy', ...sides, '--initial-delay', '25']);
  await running.said(/copy started/);
  signal(running, 'SIGTERM');
  assert.is((await running.ended).code, 143);
});

/** To the container's first process: the child of the one that made its space. */
function signal({ child }: Running, name: NodeJS.Signals): boolean {
  const children = readdirSync('/proc')
    .filter((entry) => /^\d+$/.test(entry))
    .filter((pid) => parentOf(pid) === child.pid);
  return children.length === 1 && process.kill(Number(children[0]), name);
}

function parentOf(pid: string): number | undefined {
  try {
    return Number(/^PPid:\s+(\d+)$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]);
  } catch {
    // It has ended meanwhile.
    return undefined;
  }
}

check(
  'one base that has Node and a shell is enough: packages beside the sources are taken then',
  async () => {
    const bare = await buildImage({ bare: true });
    try {
      const { command, args } = startOf(bare, ['plan', '--help']);
      const { stdout } = await promisify(execFile)(command, [...args]);
      assert.match(stdout, /--max-deletions/);
    } finally {
      bare.remove();
    }
  },
);

container.run();
