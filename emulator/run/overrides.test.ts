import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { override } from './overrides.ts';
import type { Container } from './resource.ts';

const template = (...containers: Container[]) => ({
  taskCount: 4,
  template: { timeout: '600s', maxRetries: 1, containers },
});
const plain = {
  image: 'i',
  args: ['a'],
  env: [
    { name: 'ONE', value: '1' },
    { name: 'TWO', value: '2' },
  ],
};

test('nothing given, nothing changed', () => {
  assert.equal(override(template(plain), {}), template(plain));
  assert.equal(override(template(plain), { containerOverrides: [{}], taskCount: 0 }), template(plain));
});

test('arguments are replaced, variables merged by name', () => {
  const changed = override(template(plain), {
    taskCount: 1,
    timeout: '60s',
    containerOverrides: [{ args: ['b', 'c'], env: [{ name: 'TWO', value: '' }, { name: 'THREE' }] }],
  });
  assert.is(changed.taskCount, 1);
  assert.is(changed.template.timeout, '60s');
  assert.is(changed.template.maxRetries, 1);
  assert.equal(changed.template.containers[0], {
    image: 'i',
    args: ['b', 'c'],
    env: [{ name: 'ONE', value: '1' }, { name: 'TWO', value: '' }, { name: 'THREE' }],
  });
});

test('only clearArgs takes arguments away', () => {
  const argsAfter = (given: object) =>
    override(template(plain), { containerOverrides: [given] }).template.containers[0]?.args;
  assert.equal(argsAfter({ args: [] }), ['a']);
  assert.is(argsAfter({ clearArgs: true }), undefined);
});

test('of several containers one is named', () => {
  const two = template({ ...plain, name: 'main' }, { ...plain, name: 'side' });
  const changed = override(two, { containerOverrides: [{ name: 'side', args: ['x'] }] });
  assert.equal(
    changed.template.containers.map(({ args }) => args),
    [['a'], ['x']],
  );
  assert.throws(() => override(two, { containerOverrides: [{ args: [] }] }), /a name is needed/);
  assert.throws(() => override(two, { containerOverrides: [{ name: 'third' }] }), /no container named third/);
});

test.run();
