import * as fc from 'fast-check';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { JsonError, parseJson, stringifyJson, toPlain } from './json.ts';
import { FunctionValue, typeOf } from './value.ts';

test('reads what JSON.parse reads', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      const text = JSON.stringify(value);
      assert.equal(JSON.parse(JSON.stringify(toPlain(parseJson(text)))), JSON.parse(text));
      assert.equal(JSON.parse(stringifyJson(parseJson(text))), JSON.parse(text));
    }),
  );
});

test('refuses what JSON.parse refuses, with the place', () => {
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string(),
        fc
          .array(
            fc.constantFrom('{', '}', '[', ']', '"', ':', ',', '1', 'a', 'null', '-', '.', 'e', '\\', '\n'),
          )
          .map((all) => all.join('')),
      ),
      (text) => {
        let right = true;
        try {
          JSON.parse(text);
        } catch {
          right = false;
        }
        if (right) parseJson(text);
        else
          assert.throws(
            () => parseJson(text),
            (error: unknown) => error instanceof JsonError && error.offset <= text.length,
          );
      },
    ),
    { numRuns: 2000 },
  );
});

test('keeps integers and doubles apart', () => {
  assert.is(typeOf(parseJson('1')), 'integer');
  assert.is(typeOf(parseJson('1.0')), 'double');
  assert.is(typeOf(parseJson('1e2')), 'double');
  assert.is(parseJson('9223372036854775807'), 9223372036854775807n);
  assert.is(typeOf(parseJson('9223372036854775808')), 'double');
  assert.is(stringifyJson(9007199254740993n), '9007199254740993');
  assert.is(stringifyJson(0.1), '0.1');
  assert.is(stringifyJson(2), '2');
});

test('sorts keys and indents', () => {
  const value = parseJson('{"b": [1, {}], "a": []}');
  assert.is(stringifyJson(value), '{"a":[],"b":[1,{}]}');
  assert.is(
    stringifyJson(value, { prefix: '>', indent: ' ' }),
    '{\n> "a": [],\n> "b": [\n>  1,\n>  {}\n> ]\n>}',
  );
});

test('refuses what JSON cannot hold', () => {
  assert.throws(() => stringifyJson(new Uint8Array(2)), /bytes can't be encoded/);
  assert.throws(() => stringifyJson([new FunctionValue('f')]), /function can't be encoded/);
  assert.throws(() => stringifyJson(Number.NaN), /NaN can't be encoded/);
  assert.throws(() => parseJson('['.repeat(5000)), /nested too deeply/);
});

test('gives plain values', () => {
  assert.equal(toPlain(parseJson('{"a": [1, 1.5, null, true, "x"]}')), { a: [1, 1.5, null, true, 'x'] });
  assert.is(toPlain(new Uint8Array([104, 105])), 'aGk=');
});

test('keeps a key that JavaScript objects treat apart', () => {
  assert.is(
    stringifyJson(parseJson('{"__proto__": 1, "constructor": 2}')),
    '{"__proto__":1,"constructor":2}',
  );
});

test.run();
