// Each case is written from the page of its function: https://cloud.google.com/workflows/docs/reference/stdlib/overview
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { bed, evaluated } from '../testing.ts';
import { library } from './index.ts';

const values: [expression: string, value: unknown, v?: unknown][] = [
  // Helpers
  ['default(null, 1)', 1],
  ['default(0, 1)', 0],
  ['default(map.get(v, "a"), "none")', 'none', {}],
  ['double("2.7")', 2.7],
  ['double(2) / 4', 0.5],
  ['double(1.5)', 1.5],
  ['double("-1e3")', -1000],
  ['int("42")', 42],
  ['int("-7")', -7],
  ['int(2.7)', 2],
  ['int(-2.7)', -2],
  ['int(3)', 3],
  ['string(1.7)', '1.7'],
  ['string(42)', '42'],
  ['string(true)', 'true'],
  ['string("x")', 'x'],
  ['if(true, 1, 2)', 1],
  ['if(false, 1, 2)', 2],
  ['if(null, 1, 2)', 2],
  ['keys(v)', ['b', 'a'], { b: 1, a: 2 }],
  ['len("héé")', 3],
  ['len("😀")', 1],
  ['len([1, 2])', 2],
  ['len(v)', 1, { a: 1 }],
  [
    '[get_type(null), get_type(1), get_type(1.0), get_type("a"), get_type(true), get_type([]), get_type(v), get_type(text.encode("a"))]',
    ['null', 'integer', 'double', 'string', 'boolean', 'list', 'map', 'bytes'],
    {},
  ],
  // base64
  ['base64.encode(text.encode("hi?>"))', 'aGk/Pg=='],
  ['base64.encode(text.encode("hi?>"), false)', 'aGk/Pg'],
  ['text.decode(base64.decode("aGk/Pg=="))', 'hi?>'],
  ['text.decode(base64.decode("aGk/Pg", false))', 'hi?>'],
  // hash
  [
    'base64.encode(hash.compute_checksum(text.encode("a"), "SHA256"))',
    'ypeBEsobvcr6wjGzmiPcTaeG7/gUfE5yuYB3ha/uSLs=',
  ],
  ['len(base64.encode(hash.compute_checksum("a", "MD5")))', 24],
  [
    'base64.encode(hash.compute_hmac(text.encode("key"), text.encode("data"), "SHA1"))',
    'EEFSxb/coHvGM+69RhmfAlXJ9J0=',
  ],
  // json
  ['json.decode("{\\"a\\": [1, 1.5, null]}")', { a: [1, 1.5, null] }],
  ['json.decode(text.encode("[true]"))', [true]],
  ['json.encode_to_string(v)', '{"a":"\\u0001é","b":[]}', { b: [], a: '\u0001é' }],
  ['json.encode_to_string(v, true)', '{\n  "a": 1\n}', { a: 1 }],
  ['text.decode(json.encode([1, "a"]))', '[1,"a"]'],
  // list
  ['list.concat([1], 2)', [1, 2]],
  ['list.concat([1], [2])', [1, [2]]],
  ['list.prepend([1], 2)', [2, 1]],
  // map
  ['map.get(v, "a")', 1, { a: 1 }],
  ['map.get(v, "b")', null, { a: 1 }],
  ['map.get(v, ["a", "b"])', 2, { a: { b: 2 } }],
  ['map.get(v, ["x", "b"])', null, { a: { b: 2 } }],
  ['map.get(v, ["a", "b", "c"])', null, { a: { b: 2 } }],
  ['map.delete(v, "a")', { b: 2 }, { a: 1, b: 2 }],
  ['map.delete(v, "c")', { a: 1 }, { a: 1 }],
  ['map.merge(v.x, v.y)', { a: { c: 2 }, b: 1 }, { x: { a: { b: 1 }, b: 1 }, y: { a: { c: 2 } } }],
  [
    'map.merge_nested(v.x, v.y)',
    { a: { b: 1, c: 2 }, b: 1 },
    { x: { a: { b: 1 }, b: 1 }, y: { a: { c: 2 } } },
  ],
  // math
  ['math.abs(-2)', 2],
  ['math.abs(-2.5)', 2.5],
  ['math.floor(2.7)', 2],
  ['math.floor(-2.1)', -3],
  ['math.floor(2)', 2],
  ['math.max(1, 2.5)', 2.5],
  ['math.min(1, 2.5)', 1],
  // retry
  ['http.default_retry_predicate(v)', true, { tags: ['HttpError'], code: 504 }],
  ['http.default_retry_predicate_non_idempotent(v)', false, { tags: ['HttpError'], code: 504 }],
  ['http.default_retry_predicate(v)', false, 'a text'],
  ['http.default_retry_predicate(v)', false, { code: 503 }],
  ['retry.always(v)', true],
  ['retry.never(v)', false],
  ['retry.default_backoff', { initial_delay: 1, max_delay: 60, multiplier: 1.25 }],
  // text
  ['text.find_all("banana", "an")', [1, 3]],
  ['text.find_all("😀b😀b", "b")', [1, 3]],
  ['text.find_all("a", "")', []],
  [
    'text.find_all_regex("a1 b22", "[a-z](\\\\d+)")',
    [
      { index: 0, match: 'a1' },
      { index: 3, match: 'b22' },
    ],
  ],
  ['text.match_regex("Unicorns", "(?i)^uni\\\\w*")', true],
  ['text.match_regex("abc", "^[[:digit:]]+$")', false],
  ['text.match_regex("2024-01", "^(?P<year>\\\\d{4})-\\\\d\\\\d\\\\z")', true],
  ['text.match_regex("a-b&c", "^a\\\\-[b\\\\-]\\\\&\\\\pL$")', true],
  ['text.match_regex("a\\\\-b", "a\\\\\\\\-b")', true],
  ['text.replace_all("a.b.c", ".", "$&")', 'a$&b$&c'],
  ['text.replace_all_regex("foo bar", "(\\\\w)(\\\\w+)", "\\\\2\\\\1")', 'oof arb'],
  ['text.replace_all_regex("aa", "a", "<\\\\0>")', '<a><a>'],
  ['text.split("a-b--c", "-")', ['a', 'b', '', 'c']],
  ['text.split("", "-")', ['']],
  ['text.substring("Unicorns", 2, 6)', 'icor'],
  ['text.substring("😀bc", 1, 2)', 'b'],
  ['text.substring("abc", 1, 99)', 'bc'],
  ['text.substring("abc", 3, 3)', ''],
  ['text.to_lower("ÀB")', 'àb'],
  ['text.to_upper("àb")', 'ÀB'],
  ['text.url_encode("a/b c?d=é&f+\'")', 'a%2Fb%20c%3Fd%3D%C3%A9%26f%2B%27'],
  ['text.url_encode_plus("a b")', 'a+b'],
  ['text.url_decode("a%2Fb%2Fc%3Fitem%3Dd%2Be+%C3%A9é")', 'a/b/c?item=d+e éé'],
  ['text.decode(text.encode("é", "UTF-16LE"), "utf-16le")', 'é'],
  // time
  ['time.format(0)', '1970-01-01T00:00:00Z'],
  ['time.format(1700000000.25)', '2023-11-14T22:13:20.25Z'],
  ['time.format(1700000000, "America/New_York")', '2023-11-14T17:13:20-05:00'],
  ['time.format(-0.5)', '1969-12-31T23:59:59.5Z'],
  ['time.parse("2023-11-14T22:13:20.25Z")', 1700000000.25],
  ['time.parse("2023-11-14T17:13:20-05:00")', 1700000000],
  ['sys.now()', Date.UTC(2026, 0, 1) / 1000],
  ['get_type(sys.now())', 'double'],
  ['len(uuid.generate())', 36],
];
for (const [expression, value, v] of values)
  test(`${expression} is ${JSON.stringify(value)}`, async () =>
    assert.equal(await evaluated(expression, v), value));

const raised: [expression: string, tag: string, message: RegExp, v?: unknown][] = [
  ['double("x")', 'ValueError', /could not convert string to double: 'x'/],
  ['double(null)', 'TypeError', /'null' can't become a double/],
  ['int("2.5")', 'ValueError', /could not convert string to integer: '2.5'/],
  ['int("99999999999999999999")', 'ValueError', /overflow/],
  ['int(true)', 'TypeError', /'boolean' can't become an integer/],
  ['string(null)', 'TypeError', /'null' can't become a string/],
  ['string([1])', 'TypeError', /'list' can't become a string/],
  ['if(1, 2, 3)', 'TypeError', /'condition' must be a boolean; got: integer/],
  ['if(true, 1, v.nope)', 'KeyError', /key not found: nope/, {}],
  ['keys([1])', 'TypeError', /'map' must be a map; got: list/],
  ['len(1)', 'TypeError', /'integer' has no length/],
  ['base64.decode("a!")', 'ValueError', /not valid Base64/],
  ['base64.decode("aGk/Pg")', 'ValueError', /not valid Base64/],
  ['base64.encode("text")', 'TypeError', /'data' must be bytes; got: string/],
  ['hash.compute_checksum("a", "CRC32")', 'ValueError', /unknown algorithm 'CRC32'/],
  ['json.decode("{a}")', 'ValueError', /invalid JSON: expected a key in quotes at offset 1/],
  ['json.decode(1)', 'TypeError', /'data' must be bytes; got: integer/],
  ['json.encode(text.encode("a"))', 'TypeError', /bytes can't be encoded as JSON/],
  ['list.concat("a", 1)', 'TypeError', /'objs' must be a list; got: string/],
  ['map.get(null, "a")', 'TypeError', /'map' must be a map; got: null/],
  ['map.get(v, 1)', 'TypeError', /a key must be a string; got: integer/, {}],
  ['map.merge(v, null)', 'TypeError', /'second' must be a map; got: null/, {}],
  ['math.abs("1")', 'TypeError', /'x' must be a number; got: string/],
  ['text.decode(base64.decode("/w=="))', 'ValueError', /not valid in this charset/],
  ['text.decode(text.encode("a"), "nope")', 'ValueError', /unknown charset 'nope'/],
  ['text.match_regex("a", "(")', 'ValueError', /'\(' is not a regular expression/],
  ['text.match_regex("a", "a(?=b)")', 'ValueError', /lookaround is not supported/],
  ['text.match_regex("a", "(a)\\\\1")', 'ValueError', /backreferences are not supported/],
  ['text.split(1, "a")', 'TypeError', /'source' must be a string; got: integer/],
  ['text.substring("abc", 2, 1)', 'IndexError', /2 to 1 is no part of a string of 3 characters/],
  ['text.substring("abc", -1, 1)', 'IndexError', /-1 to 1/],
  ['text.substring("abc", 4, 5)', 'IndexError', /4 to 5/],
  ['text.url_decode("100%")', 'ValueError', /two hexadecimal digits/],
  ['time.format("now")', 'TypeError', /'seconds' must be a number/],
  ['time.format(0, "Mars/Base")', 'ValueError', /unknown time zone 'Mars\/Base'/],
  ['time.format(1e15)', 'ValueError', /out of range/],
  ['time.parse("yesterday")', 'ValueError', /not an RFC 3339 timestamp/],
  ['time.parse("2023-13-01T00:00:00Z")', 'ValueError', /not an RFC 3339 timestamp/],
];
for (const [expression, tag, message, v] of raised)
  test(`${expression} raises ${tag}`, async () => {
    const error = (await evaluated(expression, v)) as { tags: string[]; message: string };
    assert.equal(error.tags, [tag]);
    assert.match(error.message, message);
  });

test('functions can be called by a call step, with arguments by name', async () => {
  const { value } = await bed().run(
    '- a:\n    call: text.split\n    args: {source: a b, separator: " "}\n    result: parts\n- b:\n    call: text.encode\n    args: {data: x}\n    result: bytes\n- c:\n    call: text.encode\n    args: {text: x}\n    result: same\n- r:\n    return: ${[parts, bytes == same]}\n',
  );
  assert.equal(value, [['a', 'b'], true]);
});

test('sys.sleep and sys.sleep_until', async () => {
  const { value, execution } = await bed().run(
    '- a:\n    call: sys.sleep\n    args: {seconds: 1.5}\n- b:\n    call: sys.sleep_until\n    args: {time: "2026-01-01T01:00:10+01:00"}\n- c:\n    call: sys.sleep_until\n    args: {time: "2025-01-01T00:00:00Z"}\n- r:\n    return: ${time.format(int(sys.now()))}\n',
  );
  assert.is(value, '2026-01-01T00:00:10Z');
  assert.is(execution.toResource().duration, '10s');
  const wrong = await bed().run('- a:\n    call: sys.sleep\n    args: {seconds: -1}\n');
  assert.match(
    (wrong.value as { message: string }).message,
    /ValueError: sys.sleep: 'seconds' must be between 0 and 31536000; got: -1/,
  );
});

test('sys.log: text, json, data, severities', async () => {
  const { execution, value } = await bed().run(
    '- a:\n    call: sys.log\n    args: {text: "${1 + 1}", severity: info}\n- b:\n    call: sys.log\n    args: {json: {k: [1]}, severity: ERROR}\n- c:\n    call: sys.log\n    args: {data: {k: 1}}\n- d:\n    call: sys.log\n    args: {data: [1]}\n- e:\n    call: sys.log\n    args: {text: x, severity: LOUD}\n',
  );
  assert.equal(
    execution.logs.map(({ severity, payload, step }) => [step, severity, payload]),
    [
      ['a', 'INFO', { textPayload: '2' }],
      ['b', 'ERROR', { jsonPayload: { k: [1] } }],
      ['c', 'DEFAULT', { jsonPayload: { k: 1 } }],
      ['d', 'DEFAULT', { textPayload: '[1]' }],
    ],
  );
  assert.match((value as { message: string }).message, /unknown severity 'LOUD'/);
});

test('every function has a case', () => {
  const source = [...values, ...raised].map(([expression]) => expression).join('\n');
  // In http.test.ts and in test/workflows-services.test.ts.
  const elsewhere = [
    'events.create_callback_endpoint',
    'events.await_callback',
    'sys.get_env',
    'sys.log',
    'sys.sleep',
    'sys.sleep_until',
  ];
  const missing = [...library.keys()].filter(
    (name) => !name.startsWith('http.') && !elsewhere.includes(name) && !source.includes(`${name}(`),
  );
  assert.equal(missing, []);
});

test.run();
