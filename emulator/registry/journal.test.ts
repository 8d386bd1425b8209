import { appendFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Fact } from './facts.ts';
import { Journal } from './journal.ts';

const test = suite<{ path: string }>('journal');
let folder: string;
test.before.each((context) => {
  folder = mkdtempSync(join(tmpdir(), 'journal-'));
  context.path = join(folder, 'facts.jsonl');
});
test.after.each(() => rmSync(folder, { recursive: true }));

const facts = (count: number): Fact[] =>
  Array.from({ length: count }, (_, index) => ({ is: 'package gone', package: `pä/${index}` }));

const read = (path: string) => {
  const all: Fact[] = [];
  const count = new Journal(path).replay((fact) => all.push(fact));
  assert.is(count, all.length);
  return all;
};

test('gives back what was appended, across many portions', ({ path }) => {
  const journal = new Journal(path);
  assert.is(journal.exists(), false);
  assert.equal(read(path), []);
  journal.append(facts(100_000));
  journal.append(facts(1));
  assert.equal(read(path), [...facts(100_000), ...facts(1)]);
});

test('a line that was not finished is cut off, and the next one stands on its own', ({ path }) => {
  const journal = new Journal(path);
  journal.append(facts(2));
  appendFileSync(path, '{"is":"package go');
  assert.equal(read(path), facts(2));
  journal.append(facts(1));
  assert.equal(read(path), [...facts(2), ...facts(1)]);
});

test('is replaced as a whole', ({ path }) => {
  const journal = new Journal(path);
  journal.append(facts(5));
  journal.replace(facts(1));
  assert.is(readFileSync(path, 'utf8').split('\n').length, 2);
  journal.remove();
  assert.is(journal.exists(), false);
});

test.run();
