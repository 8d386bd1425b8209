/** What docs/architecture.md says of rooms and dependencies, held against every import. */
import { readdirSync, readFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { join, posix } from 'node:path';
import { fileURLToPath } from 'node:url';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import packageJson from '../package.json' with { type: 'json' };

const test = suite('rooms');

const root = fileURLToPath(new URL('..', import.meta.url));

interface Import {
  readonly file: string;
  /** A path from the root, or a package. */
  readonly of: string;
  readonly isType: boolean;
}

const rooms = ['generator', 'job', 'emulator', 'scripts', 'test', 'bench'];
const source = /\.(ts|js)$/;
const imported =
  /^(?:import|export)\s+(type\s)?(?:[^'";]*?\sfrom\s+)?'([^'$]+)'|\b(?:import|require\.resolve)\('([^']+)'\)/gm;

const files = [
  'replicator.config.ts',
  ...rooms.flatMap((room) =>
    readdirSync(join(root, room), { recursive: true, encoding: 'utf8' })
      .map((file) => posix.join(room, file.replaceAll('\\', '/')))
      // Configs with faults are no part of the program.
      .filter((file) => source.test(file) && !file.startsWith('test/faulty/')),
  ),
];

const imports: Import[] = files.flatMap((file) =>
  [...withoutDocs(readFileSync(join(root, file), 'utf8')).matchAll(imported)].map(([, type, still, late]) => {
    const name = still ?? late ?? '';
    return {
      file,
      of: name.startsWith('.') ? posix.join(posix.dirname(file), name) : name,
      isType: type !== undefined,
    };
  }),
);

/** Types in JSDoc are imported by `import('…')`, and by no program. */
function withoutDocs(text: string): string {
  return text.replace(/^\s*\/\*\*[\s\S]*?\*\//gm, '');
}

const roomOf = (path: string) => rooms.find((room) => path.startsWith(`${room}/`));
const isTest = (file: string) => file.endsWith('.test.ts');

/** Imports of one room, its tests aside, that lead out of it into another. */
function leaving(room: string): Import[] {
  return imports.filter(({ file, of }) => {
    const other = roomOf(of);
    return roomOf(file) === room && !isTest(file) && other !== undefined && other !== room;
  });
}

const shown = (found: readonly Import[]) => found.map(({ file, of }) => `${file} imports ${of}`);

test('the imports of every room are found', () => {
  for (const room of rooms)
    assert.ok(imports.filter(({ file }) => roomOf(file) === room).length > 10, `${room} has hardly any`);
});

for (const room of ['generator', 'emulator'])
  test(`${room} imports nothing of ours`, () => {
    assert.equal(shown(leaving(room)), []);
  });

test('the job takes names, words and types of the generator, and nothing that compiles', () => {
  const allowed = [
    'generator/config-path.ts',
    'generator/nearest.ts',
    'generator/observability/metrics.ts',
    'generator/plan.ts',
    'generator/resolve/describe.ts',
    'generator/resolve/location.ts',
    'generator/resolve/report.ts',
    'generator/resolve/repository-name.ts',
  ];
  const others = leaving('job').filter(
    ({ of, isType }) => !allowed.includes(of) && !(isType && of.startsWith('generator/')),
  );
  assert.equal(shown(others), []);
});

test('no program imports a test or a bench', () => {
  const found = imports.filter(({ file, of }) => {
    const [from, to] = [roomOf(file), roomOf(of)];
    return from !== 'test' && from !== 'bench' && !isTest(file) && (to === 'test' || to === 'bench');
  });
  assert.equal(shown(found), []);
});

test("a user's config imports its types alone", () => {
  const own = imports.filter(({ file }) => file === 'replicator.config.ts');
  assert.equal(
    own.map(({ of }) => of),
    ['generator/config.ts'],
  );
});

test('the console page imports what a browser can load beside it', () => {
  const folder = 'emulator/console/page/';
  const found = imports.filter(({ file, of }) => file.startsWith(folder) && !of.startsWith(folder));
  assert.equal(shown(found), []);
});

test('docs/architecture.md names every folder of the program', () => {
  const text = readFileSync(join(root, 'docs/architecture.md'), 'utf8');
  const folders = ['generator', 'job', 'emulator', 'emulator/workflows', 'scripts'].flatMap((parent) =>
    readdirSync(join(root, parent), { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map(({ name }) => ({ name, path: `${parent}/${name}` })),
  );
  assert.equal(
    folders
      .filter(({ name, path }) => !text.includes(`\`${name}/`) && !text.includes(`\`${path}/`))
      .map(({ path }) => path),
    [],
  );
});

test('every source file that a document names is there', () => {
  const pages = ['README.md', ...readdirSync(join(root, 'docs')).map((name) => `docs/${name}`)];
  const named = pages
    .filter((page) => page.endsWith('.md'))
    .flatMap((page) =>
      [...readFileSync(join(root, page), 'utf8').matchAll(/`([a-z][\w/.-]*\.[tj]s)`/g)].map(
        ([, file = '']) => ({
          page,
          file,
        }),
      ),
    );
  assert.ok(named.length > 50);
  assert.equal(
    named
      .filter(({ file }) => !files.some((one) => one === file || one.endsWith(`/${file}`)))
      .map(({ page, file }) => `${page} names ${file}`),
    [],
  );
});

test('docs/architecture.md names every dependency, and every dependency is used', () => {
  const text = readFileSync(join(root, 'docs/architecture.md'), 'utf8');
  const rows = text.slice(text.indexOf('## Dependencies')).match(/^\| `.*(?= \| )/gm) ?? [];
  const named = rows.flatMap((row) => [...row.matchAll(/`([^`]+)`/g)].map(([, name]) => name ?? ''));
  const { dependencies, devDependencies } = packageJson;
  const all = Object.keys({ ...dependencies, ...devDependencies }).sort();
  assert.equal(named.sort(), all);
  const packages = new Set(imports.map(({ of }) => /^(?:@[^/]+\/)?[^/]+/.exec(of)?.[0]));
  // Run as commands, types of Node, and what others ask for as their peer.
  const unimported = [
    '@opentelemetry/api',
    '@biomejs/biome',
    '@types/node',
    'c8',
    'knip',
    'tsx',
    'typescript',
  ];
  assert.equal(
    all.filter((name) => !packages.has(name) && !unimported.includes(name)),
    [],
  );
  const builtin = (name: string) => name.startsWith('node:') || builtinModules.includes(name);
  const unnamed = [...packages].filter(
    (name = '') => roomOf(`${name}/`) === undefined && name !== 'package.json' && !builtin(name),
  );
  assert.equal(
    unnamed.filter((name = '') => !all.includes(name)),
    [],
  );
});

test.run();
