/** Configs in odd places: nothing near the file may change what it means. */
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type Loaded, load } from './load.ts';

const CONFIG = join(import.meta.dirname, 'config.ts');
const IMPORT = `import { defineConfig } from ${JSON.stringify(CONFIG)};\n`;
const FIELDS = `project: 'acme', source: 'projects/acme/locations/us/repositories/a', destinations: []`;

const test = suite<{ folder: string }>('load');

test.before.each((context) => {
  context.folder = realpathSync(mkdtempSync(join(tmpdir(), 'replicator-load-')));
});

test.after.each(({ folder }) => rmSync(folder, { recursive: true, force: true }));

/** Writes files and loads the first. */
function loadFiles(folder: string, files: Record<string, string>, seconds?: number): Promise<Loaded> {
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  return load(join(folder, Object.keys(files)[0] ?? ''), seconds);
}

function regionOf({ value, faults }: Loaded): unknown {
  assert.equal(faults, []);
  return (value as { region: unknown }).region;
}

function messagesOf({ faults }: Loaded): string[] {
  return faults.map(({ code, message }) => `${code}: ${message}`);
}

const plain = `${IMPORT}export default defineConfig({ ${FIELDS}, region: 'us-east1' });`;

for (const [what, text] of [
  ['of CommonJS', '{ "type": "commonjs" }'],
  ['that is broken', '{ "type": '],
  ['that is empty', ''],
  ['of ES modules', '{ "type": "module", "imports": { "#x": "./x.js" }, "exports": {} }'],
] as const) {
  test(`does not mind a package.json ${what}`, async ({ folder }) => {
    const config = `${IMPORT}import { region } from './helper.ts';
      const later = await Promise.resolve(region);
      export default defineConfig({ ${FIELDS}, region: later });`;
    const helper = `export const region: string = import.meta.dirname.slice(0, 0) + 'us-east1';`;
    const loaded = await loadFiles(folder, {
      'a.config.ts': config,
      'helper.ts': helper,
      'package.json': text,
    });
    assert.is(regionOf(loaded), 'us-east1');
  });
}

test("does not mind another's tsconfig.json and types", async ({ folder }) => {
  const loaded = await loadFiles(folder, {
    'a.config.ts': `${IMPORT}export default defineConfig({ ${FIELDS}, region: process.env.NO_SUCH_THING ?? 'us-east1' });`,
    'tsconfig.json':
      '{ "compilerOptions": { "strict": false, "types": ["evil"], "module": "commonjs", "bad": 1 } }',
    'node_modules/@types/node/index.d.ts': 'declare const process: { env: number };',
    'node_modules/@types/evil/index.d.ts': 'declare const process: string;',
    'types.d.ts': 'declare const process: boolean;',
  });
  assert.is(regionOf(loaded), 'us-east1');
});

test('is strict whatever is near', async ({ folder }) => {
  const loaded = await loadFiles(folder, {
    'a.config.ts': `${IMPORT}function f(x) { return x; }\nexport default defineConfig({ ${FIELDS}, region: f('us-east1') });`,
    'tsconfig.json': '{ "compilerOptions": { "strict": false } }',
  });
  assert.equal(messagesOf(loaded), ['type: parameter "x" implicitly has an "any" type']);
  assert.is((loaded.value as { region: string }).region, 'us-east1');
});

test("knows all of Node's types", async ({ folder }) => {
  const loaded = await loadFiles(folder, {
    'a.config.ts': `${IMPORT}import { readFileSync } from 'node:fs';
      import { hostname } from 'node:os';
      import { join } from 'node:path';
      import { setTimeout as sleep } from 'node:timers/promises';
      await sleep(1);
      const region = readFileSync(join(import.meta.dirname, 'region.txt'), 'utf8').trim();
      console.table([]); Buffer.from(hostname()); new URL('http://x'); structuredClone(1);
      export default defineConfig({ ${FIELDS}, region });`,
    'region.txt': 'us-east1\n',
  });
  assert.is(regionOf(loaded), 'us-east1');
});

test('computes: loops, helpers of helpers, the environment', async ({ folder }) => {
  process.env.REPLICATOR_TEST_REGION = 'us-east1';
  const loaded = await loadFiles(folder, {
    'deep/a.config.ts': `${IMPORT}import { locations } from '../shared/locations.ts';
      export default defineConfig([...Array(2).keys()].map((i) => ({
        project: 'acme', name: \`r\${i}\`, region: process.env.REPLICATOR_TEST_REGION ?? '', source: 'a',
        destinations: locations.map((location) => ({ project: 'acme', location, repository: 'b' })),
      })));`,
    'shared/locations.ts': `import { us } from './us.ts';\nimport type { Nothing } from './types.ts';\nexport const locations = [us] satisfies Nothing;`,
    'shared/us.ts': `export const us: string = 'us';`,
    'shared/types.ts': `export type Nothing = string[];`,
  });
  delete process.env.REPLICATOR_TEST_REGION;
  const [, second] = loaded.value as { name: string; region: string; destinations: unknown[] }[];
  assert.equal(second, {
    project: 'acme',
    name: 'r1',
    region: 'us-east1',
    source: 'a',
    destinations: [{ project: 'acme', location: 'us', repository: 'b' }],
  });
  assert.equal(loaded.faults, []);
});

test('takes JSON, JavaScript and packages', async ({ folder }) => {
  const loaded = await loadFiles(folder, {
    'a.config.ts': `${IMPORT}import data from './data.json' with { type: 'json' };
      import { part } from './part.mjs';
      import { end } from 'ending';
      export default defineConfig({ ${FIELDS}, region: data.start + part + end });`,
    'data.json': '{ "start": "us-" }',
    'part.mjs': 'export const part = "east";',
    'node_modules/ending/package.json':
      '{ "name": "ending", "type": "module", "exports": "./index.js", "types": "index.d.ts" }',
    'node_modules/ending/index.js': 'export const end = "1";',
    'node_modules/ending/index.d.ts': 'export const end: string;',
  });
  assert.is(regionOf(loaded), 'us-east1');
});

test('takes a helper without its ending, or with that of JavaScript', async ({ folder }) => {
  const loaded = await loadFiles(folder, {
    'a.config.ts': `${IMPORT}import { a } from './one';\nimport { b } from './two.js';
      export default defineConfig({ ${FIELDS}, region: a + b });`,
    'one.ts': `export const a = 'us-';`,
    'two.ts': `export const b = 'east1';`,
  });
  assert.is(regionOf(loaded), 'us-east1');
});

test('takes odd paths, absolute and relative', async ({ folder }) => {
  const name = 'ein Ordner/100% #1 é東?/a.config.ts';
  const helper = 'ein Ordner/100% #1 é東?/helper.ts';
  const text = `${IMPORT}import { region } from './helper.ts';\nexport default defineConfig({ ${FIELDS}, region });`;
  const loaded = await loadFiles(folder, { [name]: text, [helper]: `export const region = 'us-east1';` });
  assert.is(regionOf(loaded), 'us-east1');
  assert.is(regionOf(await load(relative(process.cwd(), join(folder, name)))), 'us-east1');
  assert.is(loaded.locate('project')?.file, join(folder, name));
});

test('reads a file anew each time', async ({ folder }) => {
  assert.is(regionOf(await loadFiles(folder, { 'a.config.ts': plain })), 'us-east1');
  const again = plain.replace('us-east1', 'us-west1');
  assert.is(regionOf(await loadFiles(folder, { 'a.config.ts': again })), 'us-west1');
});

test('leaves nothing of a config behind', async ({ folder }) => {
  const loaded = await loadFiles(folder, {
    'a.config.ts': `${IMPORT}setInterval(() => {}, 10); process.env.LEFT_BEHIND = '1';
      (globalThis as { leftBehind?: number }).leftBehind = 1; process.exitCode = 7;
      export default defineConfig({ ${FIELDS}, region: 'us-east1' });`,
  });
  assert.is(regionOf(loaded), 'us-east1');
  assert.is(process.env.LEFT_BEHIND, undefined);
  assert.is((globalThis as { leftBehind?: number }).leftBehind, undefined);
  assert.is(process.exitCode, undefined);
});

test('gives up on a config that loops or waits too long', async ({ folder }) => {
  const loops = await loadFiles(folder, { 'a.config.ts': `while (true) {}\nexport {};` }, 0.5);
  assert.equal(messagesOf(loops), ['throws: the config has not finished after 0.5 s']);
  assert.is(loops.faults[0]?.place?.line, 1);
  const text = `setInterval(() => {}, 10);\nawait new Promise(() => {});\nexport {};`;
  const waits = await loadFiles(folder, { 'b.config.ts': text }, 0.5);
  assert.equal(messagesOf(waits), ['throws: the config has not finished after 0.5 s']);
  assert.is(waits.faults[0]?.place?.line, 2);
});

test('reports what a promise or a timer throws meanwhile', async ({ folder }) => {
  const text = `setTimeout(() => {\n  throw new Error('late');\n}, 1);\nawait new Promise((done) => setTimeout(done, 200));\nexport default {};`;
  const { faults } = await loadFiles(folder, { 'a.config.ts': text });
  assert.is(faults[0]?.message, 'the config throws: late');
  assert.is(faults[0]?.place?.line, 2);
});

test('suggests the file that was meant', async ({ folder }) => {
  await loadFiles(folder, { 'replicator.config.ts': plain });
  const hints = async (file: string) => (await load(file)).faults.map(({ code, hint }) => `${code}: ${hint}`);
  const right = join(folder, 'replicator.config.ts');
  assert.equal(await hints(join(folder, 'replicator.confg.ts')), [`not-found: did you mean "${right}"?`]);
  assert.equal(await hints(join(folder, 'replicator.config')), [`not-found: did you mean "${right}"?`]);
  assert.equal(await hints(join(folder, 'prod.config.ts')), [`not-found: did you mean "${right}"?`]);
  assert.equal(await hints(folder), ['not-found: that is a folder; name the file in it']);
  const nowhere = join(folder, 'no', 'such.ts');
  assert.equal(await hints(nowhere), [`not-found: there is no folder "${dirname(nowhere)}"`]);
});

test('loads an empty file and a binary one', async ({ folder }) => {
  assert.equal(messagesOf(await loadFiles(folder, { 'a.config.ts': '' })), [
    'no-default-export: the config exports nothing',
  ]);
  const { faults } = await loadFiles(folder, { 'b.config.ts': '\u0000\u0001\ufffd{{{' });
  assert.ok(faults.length > 0 && faults.every(({ code }) => code === 'syntax'));
});

test.run();
