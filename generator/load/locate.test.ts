/** Where values are found, shown by what is underlined. */
import { mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { load } from '../load.ts';
import type { Part } from './locate.ts';

const folder = realpathSync(mkdtempSync(join(tmpdir(), 'replicator-locate-')));
test.after(() => rmSync(folder, { recursive: true, force: true }));

const HELPER = `export const shared = { poll: { deadline: 60 }, list: ['s0', 's1'] };
export const place = 'far';
export default { project: 'helper' };
`;
writeFileSync(join(folder, 'helper.ts'), HELPER);

let count = 0;

/** The text at the places of `paths` in a config, and the line of those that aren't in it. */
async function underlined(
  text: string,
  ...paths: (string | [path: string, part: Part])[]
): Promise<string[]> {
  count += 1;
  const file = join(folder, `${count}.config.ts`);
  writeFileSync(file, text);
  const { locate } = await load(file);
  return paths.map((path) => {
    const place = typeof path === 'string' ? locate(path) : locate(...path);
    if (place === undefined) return 'nowhere';
    const marked = place.text.slice(place.column - 1, place.column - 1 + place.length);
    return place.file === file ? `${place.line}: ${marked}` : `helper ${place.line}: ${marked}`;
  });
}

test('finds values and names in a literal', async () => {
  const text = `export default {\n  a: 1,\n  'b-c': [2, { d: 3 }],\n  ['e']: 4,\n};`;
  assert.equal(await underlined(text, '', 'a', ['a', 'key'], '["b-c"][1].d', ['["b-c"][1].d', 'key'], 'e'), [
    '1: {',
    '2: 1',
    '2: a',
    '3: 3',
    '3: d',
    '4: 4',
  ]);
});

test('stops at the deepest that there is', async () => {
  const text = `export default {\n  a: { b: 1 },\n};`;
  assert.equal(await underlined(text, 'a.c', ['a.c', 'key'], 'a.b.c.d', 'x[3].y'), [
    '2: { b: 1 }',
    '2: { b: 1 }',
    '2: 1',
    '1: {',
  ]);
});

test('goes through calls, types, brackets and variables', async () => {
  const text = `const defineConfig = <T>(x: T): T => x;
const region = 'r' as const;
const inner = { b: ['x', 'y'] } satisfies object;
const config = ({ region, a: inner!, c: Object.freeze({ d: 1 }), e: inner.b, f: (inner as { b: string[] }).b });
export default defineConfig(config as object);`;
  assert.equal(await underlined(text, 'region', ['region', 'key'], 'a.b[1]', 'c.d', 'e[0]', 'f[1]'), [
    "2: 'r'",
    '4: region',
    "3: 'y'",
    '4: 1',
    "3: 'x'",
    "3: 'y'",
  ]);
});

test('follows spreads, the last of which wins', async () => {
  const text = `const base = { a: 1, b: 2 };
function more() { return { c: 3 }; }
export default { ...base, b: 4, ...more(), ...{ d: 5 } };`;
  assert.equal(await underlined(text, 'a', 'b', 'c', 'd', ['a', 'key']), [
    '1: 1',
    '3: 4',
    '3: more()',
    '3: 5',
    '1: a',
  ]);
});

test('counts through spreads in lists', async () => {
  const text = `const two = ['a', 'b'];
const some = (n: number) => Array.from({ length: n }, (_, i) => String(i));
export default { list: ['x', ...two, ...some(3), 'y', ...[...two, 'z']] };`;
  const paths = [0, 1, 2, 3, 5, 6, 7, 9].map((i) => `list[${i}]`);
  assert.equal(await underlined(text, ...paths), [
    "3: 'x'",
    "1: 'a'",
    "1: 'b'",
    '3: some(3)',
    '3: some(3)',
    "3: 'y'",
    "1: 'a'",
    "3: 'z'",
  ]);
});

test('goes into what a map returns', async () => {
  const text = `const places = ['p', 'q'];
export default {
  a: places.map((at) => ({ at, fixed: 'f', made: at + '!' })),
  b: places.map(function (at) {
    return at;
  }),
  c: places.filter(Boolean),
};`;
  assert.equal(await underlined(text, 'a[1].fixed', 'a[0].made', 'a[0].at', 'b[1]', 'c[0].x'), [
    "3: 'f'",
    "3: at + '!'",
    '3: at',
    '5: at',
    '7: places.filter(Boolean)',
  ]);
});

test('follows imports', async () => {
  const text = `import base, { place, shared as common } from './helper.ts';
import * as all from './helper.ts';
export default { ...base, ...common, place, other: all.place };`;
  assert.equal(await underlined(text, 'project', 'poll.deadline', 'list[1]', 'place', 'other'), [
    "helper 3: 'helper'",
    'helper 1: 60',
    "helper 1: 's1'",
    "helper 2: 'far'",
    "helper 2: 'far'",
  ]);
});

test('finds a default export however it is written', async () => {
  assert.equal(await underlined(`const c = { a: 1 };\nexport { c as default };`, 'a'), ['1: 1']);
  assert.equal(await underlined(`export { default } from './helper.ts';`, 'project'), ["helper 3: 'helper'"]);
  assert.equal(await underlined(`export const c = 1;`, 'a'), ['nowhere']);
});

test('is not led astray', async () => {
  const text = `let late = { a: 1 };
late = { a: 2 };
const { e } = { e: 5 };
function own(x: object) { return x; }
export default { b: late, c: own({ a: 1 }), d: late.a > 1 ? { a: 1 } : { a: 2 }, e };`;
  assert.equal(await underlined(text, 'b.a', 'c.a', 'd.a', 'e'), [
    '5: late',
    '5: own({ a: 1 })',
    '5: late.a > 1 ? { a: 1 } : { a: 2 }',
    '5: e',
  ]);
});

test.run();
