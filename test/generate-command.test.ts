/** `npm run generate` as a process: what it writes, what it leaves, how it ends. */
import { execFile } from 'node:child_process';
import { copyFileSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';

const run = promisify(execFile);
const root = fileURLToPath(new URL('..', import.meta.url));

/** Runs the command in a folder of its own. */
async function generate(
  folder: string,
  ...args: string[]
): Promise<{ code: number; stdout: string; stderr: string }> {
  const command = ['--import', 'tsx', join(root, 'scripts/generate.ts'), ...args];
  // `tsx` is found from the checkout, wherever the command is started.
  const options = { cwd: root };
  const where = ['--config', join(folder, 'replicator.config.ts'), '--out', join(folder, 'out')];
  return run(process.execPath, [...command, ...where], options).then(
    ({ stdout, stderr }) => ({ code: 0, stdout, stderr }),
    ({ code, stdout, stderr }) => ({ code, stdout, stderr }),
  );
}

const config = (names: string[], location = 'us-central1', monitoring: object | false = false) => `
import { defineConfig } from '${root}generator/config.ts';
export default defineConfig(${JSON.stringify(names)}.map((name) => ({
  name,
  project: 'acme',
  region: 'europe-west1',
  source: 'projects/acme/locations/europe-west1/repositories/' + name,
  destinations: ['projects/acme/locations/${location}/repositories/' + name],
  monitoring: ${JSON.stringify(monitoring)},
})));
`;

const test = suite<{ folder: string }>('generate command');

test.before.each((context) => {
  context.folder = mkdtempSync(join(tmpdir(), 'generate-'));
});
test.after.each(({ folder }) => rmSync(folder, { recursive: true, force: true }));

test('writes a file for each replicator, says what it did, and next time that nothing changed', async ({
  folder,
}) => {
  writeFileSync(join(folder, 'replicator.config.ts'), config(['one', 'two']));
  const first = await generate(folder);
  assert.is(first.code, 0, first.stderr);
  assert.match(first.stdout, /^(created {4}.*out\/(one|two)\.(yaml|svg)\n){4}$/);
  assert.equal(readdirSync(join(folder, 'out')), ['one.svg', 'one.yaml', 'two.svg', 'two.yaml']);
  const second = await generate(folder);
  assert.match(second.stdout, /^(unchanged .*(one|two)\.(yaml|svg)\n){4}$/);
});

test('--check writes nothing and exits 1 when a file is missing, stale or left over', async ({ folder }) => {
  writeFileSync(join(folder, 'replicator.config.ts'), config(['one', 'two']));
  const missing = await generate(folder, '--check');
  assert.is(missing.code, 1);
  assert.match(
    missing.stdout,
    /^missing .*one\.yaml\nmissing .*two\.yaml\nmissing .*one\.svg\nmissing .*two\.svg\n$/,
  );
  assert.not.ok(readdirSync(folder).includes('out'));

  await generate(folder);
  assert.is((await generate(folder, '--check')).code, 0);
  writeFileSync(join(folder, 'replicator.config.ts'), config(['two', 'three'], 'us-east1'));
  const stale = await generate(folder, '--check');
  assert.is(stale.code, 1);
  const found = [...stale.stdout.matchAll(/^(.+?) +\S*\/(\S+)$/gm)].map(
    ([, state, name]) => `${state} ${name}`,
  );
  assert.equal(found, [
    'stale two.yaml',
    'missing three.yaml',
    'stale two.svg',
    'missing three.svg',
    'left over one.svg',
    'left over one.yaml',
  ]);
  assert.match(stale.stderr, /6 of 6 files are not what the config gives; run: npm run generate/);
});

test('what an earlier config left over is removed; what others wrote is not', async ({ folder }) => {
  writeFileSync(join(folder, 'replicator.config.ts'), config(['one', 'two']));
  await generate(folder);
  writeFileSync(join(folder, 'out', 'mine.yaml'), 'main: {}\n');
  writeFileSync(join(folder, 'out', 'mine.svg'), '<svg xmlns="http://www.w3.org/2000/svg"/>\n');
  writeFileSync(join(folder, 'replicator.config.ts'), config(['two']));
  const { stdout } = await generate(folder);
  assert.match(
    stdout,
    /^unchanged .*two\.yaml\nunchanged .*two\.svg\nremoved {4}.*one\.svg\nremoved {4}.*one\.yaml\n$/,
  );
  assert.equal(readdirSync(join(folder, 'out')), ['mine.svg', 'mine.yaml', 'two.svg', 'two.yaml']);
});

test('what is no longer watched loses its files, and what a user calls alike does not', async ({
  folder,
}) => {
  const write = (names: string[], monitoring: object | false) =>
    writeFileSync(join(folder, 'replicator.config.ts'), config(names, 'us-central1', monitoring));
  const out = join(folder, 'out');
  write(['one', 'two'], { alerts: { deleteLimit: false } });
  await generate(folder);
  const written = readdirSync(out).filter((name) => /^one\..*json$/.test(name));
  assert.equal(written, [
    'one.alert-run-failed.json',
    'one.alert-skipped-versions.json',
    'one.dashboard.json',
    'one.metric-copied.json',
    'one.metric-duration.json',
    'one.metric-failures.json',
    'one.metric-lag.json',
    'one.metric-runs.json',
    'one.metric-skipped.json',
  ]);
  for (const name of written) assert.type(JSON.parse(readFileSync(join(out, name), 'utf8')), 'object');
  writeFileSync(join(out, 'mine.dashboard.json'), '{"displayName":"mine"}\n');
  // Ours under a name of the user's own.
  copyFileSync(join(out, 'one.dashboard.json'), join(out, 'team.json'));
  write(['one'], { dashboard: false, alerts: false });
  const { stdout } = await generate(folder);
  assert.is(stdout.match(/^removed .*json$/gm)?.length, 3 + 9);
  assert.equal(
    readdirSync(out).filter((name) => /json$/.test(name) && !/metric/.test(name)),
    ['mine.dashboard.json', 'team.json'],
  );
});

test('a faulty config exits 1 with every fault, and writes nothing', async ({ folder }) => {
  writeFileSync(join(folder, 'replicator.config.ts'), config(['one']));
  await generate(folder);
  const before = readFileSync(join(folder, 'out', 'one.yaml'), 'utf8');
  writeFileSync(join(folder, 'replicator.config.ts'), config(['one', 'two'], 'us-centra1'));
  const { code, stdout, stderr } = await generate(folder);
  assert.is(code, 1);
  assert.is(stdout, '');
  assert.match(stderr, /error location: unknown location "us-centra1"/);
  assert.match(stderr, /did you mean "us-central1"\?/);
  assert.match(stderr, /nothing was written\.\n$/);
  assert.not.match(stderr, /^\s+at /m, 'no stack trace');
  assert.is(readFileSync(join(folder, 'out', 'one.yaml'), 'utf8'), before);
  assert.equal(readdirSync(join(folder, 'out')), ['one.svg', 'one.yaml']);
});

test('a flag that is none exits 64 and names the nearest', async ({ folder }) => {
  const { code, stderr } = await generate(folder, '--chek');
  assert.is(code, 64);
  assert.match(
    stderr,
    /^generate: unknown flag --chek, did you mean --check\?\nSee: npm run generate -- --help\n$/,
  );
});

test('the workflows in this repository are what its config gives', async () => {
  const { stdout } = await run(process.execPath, ['--import', 'tsx', 'scripts/generate.ts', '--check'], {
    cwd: root,
  });
  assert.match(stdout, /^fresh /);
});

test.run();
