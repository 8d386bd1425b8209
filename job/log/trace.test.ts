/** Which trace a request's headers name. */
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { jsonLog } from './logger.ts';
import { traceOf } from './trace.ts';

const trace = '4bf92f3577b34da6a3ce929d0e0e4736';
const span = '00f067aa0ba902b7';
const of = (headers: Readonly<Record<string, string>>, project: string | undefined = 'acme') =>
  traceOf((name) => headers[name], project);

test('traceparent names trace, span and whether it is sampled', () => {
  const expected = { name: `projects/acme/traces/${trace}`, spanId: span, isSampled: true };
  assert.equal(of({ traceparent: `00-${trace}-${span}-01` }), expected);
  assert.equal(of({ traceparent: `00-${trace}-${span}-02` }), { ...expected, isSampled: false });
  assert.equal(of({ traceparent: `cc-${trace}-${span}-01-more` }), expected);
  const other = `105445aa7843bc8bf206b12000100000/1;o=0`;
  assert.equal(of({ traceparent: `00-${trace}-${span}-01`, 'x-cloud-trace-context': other }), expected);
});

test("Google's own header is read where there is no other", () => {
  const at = (value: string) => of({ 'x-cloud-trace-context': value });
  const name = `projects/acme/traces/${trace}`;
  assert.equal(at(`${trace.toUpperCase()}/255;o=1`), { name, spanId: '00000000000000ff', isSampled: true });
  assert.equal(at(`${trace}/18446744073709551615`), {
    name,
    spanId: 'ffffffffffffffff',
    isSampled: undefined,
  });
  assert.equal(at(`${trace};o=0`), { name, spanId: undefined, isSampled: false });
  assert.equal(at(`${trace}/99999999999999999999`)?.spanId, undefined);
  assert.is(of({ traceparent: 'nonsense', 'x-cloud-trace-context': trace })?.name, name);
});

test('what is malformed is ignored', () => {
  for (const value of [
    '',
    'x',
    `00-${trace}-${span}`,
    `ff-${trace}-${span}-01`,
    `00-${'0'.repeat(32)}-${span}-01`,
    `00-${trace}-${'0'.repeat(16)}-01`,
    `00-${trace.toUpperCase()}-${span}-01`,
    `00-${trace}-${span}-01\n`,
  ])
    assert.is(of({ traceparent: value }), undefined, value);
  for (const value of ['', 'x/1', `${trace}/x`, `${trace}/1;o=x`, `${'0'.repeat(32)}/1`])
    assert.is(of({ 'x-cloud-trace-context': value }), undefined, value);
  assert.is(
    traceOf(() => `00-${trace}-${span}-01`, undefined),
    undefined,
  );
});

test('entries carry the trace in the fields that Cloud Logging takes out', () => {
  const lines: string[] = [];
  const write = (line: string) => lines.push(line);
  const now = () => 0;
  const found = of({ traceparent: `00-${trace}-${span}-01` });
  jsonLog({ command: 'serve' }, write, now, found)('INFO', 'a', { phase: 'serve' });
  jsonLog({ command: 'serve' }, write, now, undefined)('INFO', 'a', { phase: 'serve' });
  const [traced, plain] = lines.map((line) => JSON.parse(line));
  assert.equal(traced, {
    severity: 'INFO',
    message: 'a',
    time: '1970-01-01T00:00:00.000Z',
    'logging.googleapis.com/trace': `projects/acme/traces/${trace}`,
    'logging.googleapis.com/spanId': span,
    'logging.googleapis.com/trace_sampled': true,
    replicator: { command: 'serve', phase: 'serve' },
  });
  assert.equal(Object.keys(plain), ['severity', 'message', 'time', 'replicator']);
});

test.run();
