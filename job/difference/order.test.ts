import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { deleteOrder } from './order.ts';

test('what refers goes before what it refers to, each as early as it can', () => {
  assert.equal(
    deleteOrder([
      { version: 'child', refersTo: [] },
      { version: 'inner', refersTo: ['child', 'child'] },
      { version: 'outer', refersTo: ['inner', 'child', 'elsewhere'] },
      { version: 'signature', refersTo: ['outer'] },
      { version: 'alone', refersTo: ['alone'] },
    ]),
    [['signature', 'alone'], ['outer'], ['inner'], ['child']],
  );
});

test('a circle, which no hash allows, comes last and whole', () => {
  assert.equal(
    deleteOrder([
      { version: 'one', refersTo: ['two'] },
      { version: 'two', refersTo: ['one'] },
      { version: 'index', refersTo: ['one'] },
    ]),
    [['index'], ['one', 'two']],
  );
});

test.run();
