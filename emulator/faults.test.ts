import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { type Fault, Faults, readFaults } from './faults.ts';

test('a rule counts: some pass, some are hit, the rest pass again', () => {
  const faults = new Faults([{ method: 'get', path: '/v1/*/tags', after: 1, times: 2, status: 503 }]);
  const statuses = Array.from({ length: 5 }, () => faults.match('GET', '/v1/a/b/tags?pageSize=1')?.status);
  assert.equal(statuses, [undefined, 503, 503, undefined, undefined]);
  assert.is(faults.match('POST', '/v1/a/tags'), undefined);
  assert.is(faults.match('GET', '/v1/a/tags/x'), undefined);
});

test('a pattern sees the query only if it asks for it', () => {
  const faults = new Faults([
    { path: '*/files?*pageToken=*', status: 500 },
    { path: { regex: '^/v2/.+/blobs/' }, reset: true },
  ]);
  assert.is(faults.match('GET', '/v1/r/files?pageSize=5'), undefined);
  assert.is(faults.match('GET', '/v1/r/files?pageSize=5&pageToken=x')?.status, 500);
  assert.is(faults.match('GET', '/v2/a/b/blobs/sha256:1')?.reset, true);
});

test('copies are hit by destination', () => {
  const { copies } = new Faults([
    { copy: '*/repositories/f', skip: 'app@*', times: 1 },
    { copy: '*', fail: { status: 'PERMISSION_DENIED' } },
  ]);
  const [skip, fail] = copies;
  assert.is(skip?.hits('projects/p/locations/us/repositories/g'), false);
  assert.is(skip?.hits('projects/p/locations/us/repositories/f'), true);
  assert.is(skip?.hits('projects/p/locations/us/repositories/f'), false);
  assert.is(skip?.skip?.('app@sha256:1'), true);
  assert.is(skip?.skip?.('apps@sha256:1'), false);
  assert.equal(fail?.fail, { status: 'PERMISSION_DENIED', message: 'The copy failed.', afterVersions: 0 });
});

test('a rule that makes no sense is named with what is wrong', () => {
  const cases: [unknown, RegExp][] = [
    [{ path: '/x' }, /fault 1: nothing to do/],
    [{ status: 500 }, /fault 1: path/],
    [{ path: '/x', status: 99 }, /fault 1: status/],
    [{ path: '/x', status: 500, reset: true }, /exclude each other/],
    [{ path: '/x', delay: 1, body: 'x' }, /need a status/],
    [{ path: '/x', statsu: 500 }, /there is no field 'statsu'/],
    [{ path: { regex: '(' }, status: 500 }, /fault 1: path: .*[Rr]egular expression/],
    [{ copy: '*' }, /either skip or fail/],
    [{ copy: '*', fail: { status: 'NOPE' } }, /fault 1: fail.status/],
    ['x', /fault 1/],
  ];
  for (const [rule, expected] of cases) assert.throws(() => new Faults([rule as Fault]), expected);
});

test('rules come from JSON and from YAML', () => {
  const folder = mkdtempSync(join(tmpdir(), 'faults-'));
  const file = join(folder, 'faults');
  const rules = [{ path: '/v1/*', status: 429, headers: { 'retry-after': '2' } }];
  for (const text of [
    JSON.stringify(rules),
    '- path: /v1/*\n  status: 429\n  headers: {retry-after: "2"}\n',
  ]) {
    writeFileSync(file, text);
    assert.equal(readFaults(file), rules);
  }
  writeFileSync(file, 'path: /x');
  assert.throws(() => readFaults(file), /faults: expected a list/);
  writeFileSync(file, '- path: /x');
  assert.throws(() => readFaults(file), /faults: fault 1: nothing to do/);
  rmSync(folder, { recursive: true });
});

test.run();
