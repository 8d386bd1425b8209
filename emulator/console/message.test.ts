import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { messageIn, messageOf } from './message.ts';

const test = suite('console: messages');

test('a message is a text in a map, or the text that is all there is', () => {
  assert.is(messageOf('{"message":"m","code":1}'), 'm');
  assert.is(messageOf('"cancelled"'), 'cancelled');
  assert.is(messageIn({ message: 'm' }), 'm');
});

test('there is none in a map whose message is no text, in what is no JSON, in what is too long to be read', () => {
  for (const json of [
    '{"message":{"code":1}}',
    '[]',
    'null',
    '1',
    '<no JSON>',
    `"${'x'.repeat(100_000)}"`,
    undefined,
  ])
    assert.is(messageOf(json), undefined);
  for (const value of [null, undefined, 'm', ['m']]) assert.is(messageIn(value), undefined);
});

test.run();
