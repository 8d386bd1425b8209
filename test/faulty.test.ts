/**
 * Faulty configs and the whole message that each gives, compared as text: `faulty/NAME.config.ts` and
 * `faulty/NAME.txt`. `UPDATE=1` writes the messages; then read them, as somebody who sees one at three in the
 * morning.
 */
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { PROBLEM_CODES, type ProblemCode } from '../generator/fault.ts';
import { prepare } from '../generator/prepare.ts';
import { printFaults } from '../generator/print-faults.ts';

const folder = join(import.meta.dirname, 'faulty');
const configs = readdirSync(folder).filter((name) => name.endsWith('.config.ts'));
const seen = new Set<ProblemCode>();

for (const config of configs) {
  test(config, async () => {
    const file = join(folder, config);
    const { faults, files } = await prepare(file, config);
    for (const { code } of faults) seen.add(code);
    assert.is(files.length, 0, 'nothing may be generated from a faulty config');
    const text = printFaults(faults, { cwd: folder, file });
    const expected = file.replace(/\.config\.ts$/, '.txt');
    if (process.env.UPDATE) writeFileSync(expected, text);
    assert.ok(existsSync(expected), `run with UPDATE=1 to write ${expected}`);
    assert.fixture(text, readFileSync(expected, 'utf8'));
  });
}

test('every message stands for a config', () => {
  const texts = readdirSync(folder).filter((name) => name.endsWith('.txt'));
  assert.equal(
    texts.map((name) => name.replace(/\.txt$/, '')).sort(),
    configs.map((name) => name.replace(/\.config\.ts$/, '')).sort(),
  );
});

test('every code that a config can cause is among them', () => {
  // `not-found` has no config, and `internal` is no config's fault.
  const codes = Object.keys(PROBLEM_CODES).filter((code) => code !== 'not-found' && code !== 'internal');
  assert.equal([...seen].sort(), codes.sort());
});

test.run();
