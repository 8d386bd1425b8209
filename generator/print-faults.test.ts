import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { Fault, Place } from './fault.ts';
import { printFaults } from './print-faults.ts';

/** A place at the first `marked` in `text`. */
function at(text: string, marked: string, line = 12, file = '/home/me/replicator.config.ts'): Place {
  return { file, line, column: text.indexOf(marked) + 1, length: marked.length, text };
}

function fault(place: Place | undefined, message = 'unknown location "europe-west11"'): Fault {
  return { code: 'location', path: 'source', message, hint: 'did you mean "europe-west1"?', place };
}

const options = { cwd: '/home/me' };
const line = "      location: 'europe-west11',";

test('prints as a compiler does', () => {
  assert.is(
    printFaults([fault(at(line, "'europe-west11'"))], options),
    `replicator.config.ts:12:17 error location: unknown location "europe-west11"
   12 |       location: 'europe-west11',
      |                 ^^^^^^^^^^^^^^^ did you mean "europe-west1"?

1 fault in replicator.config.ts; nothing was written.
`,
  );
});

test('sorts by place and says nothing twice', () => {
  const first = fault(at(line, 'location', 3), 'first');
  const second = fault(at(line, "'europe", 3), 'second');
  const third = fault(at(line, 'location', 10), 'third');
  const text = printFaults([third, second, first, second, fault(undefined, 'nowhere')], options);
  assert.equal(
    [...text.matchAll(/location: (\w+)$/gm)].map(([, word]) => word),
    ['nowhere', 'first', 'second', 'third'],
  );
  assert.match(text, /\n4 faults in replicator\.config\.ts; nothing was written\.\n$/);
});

test('shows the second place of a fault', () => {
  const also = { at: at(line, 'location', 9), note: 'first here' };
  assert.is(
    printFaults([{ ...fault(at(line, "'europe-west11'")), also }], options)
      .split('\n')
      .slice(3, 6)
      .join('\n'),
    `   replicator.config.ts:9:7
    9 |       location: 'europe-west11',
      |       ^^^^^^^^ first here`,
  );
});

test('names files outside the folder in full', () => {
  const outside = fault(at(line, 'location', 1, '/etc/replicator.config.ts'));
  assert.match(printFaults([outside], options), /^\/etc\/replicator\.config\.ts:1:7 /);
  assert.match(printFaults([outside], options), /1 fault in \/etc\/replicator\.config\.ts;/);
});

/** The characters of the source line that stand over the carets, by columns of a terminal. */
function over(text: string, wide: RegExp): string {
  const [, source = '', carets = ''] = text.split('\n');
  const cells = [...source].flatMap((character) => (wide.test(character) ? [character, ''] : [character]));
  return cells.slice(carets.indexOf('^'), carets.lastIndexOf('^') + 1).join('');
}

test('aligns the caret below tabs, wide and combining characters', () => {
  for (const before of ['\t', '  \t', '東京 ', '🚀 ', '\t東\t🚀 ', 'plain ']) {
    const text = printFaults([fault(at(`${before}here,`, 'here'))], options);
    assert.is(over(text, /[東京🚀]/u), 'here', JSON.stringify(before));
  }
  const combining = printFaults([fault(at('e\u0301 here', 'here'))], options).split('\n');
  assert.is(combining[2]?.indexOf('^'), '   12 | '.length + 2);
});

test('underlines wide characters as wide as they are', () => {
  const [, , carets = ''] = printFaults([fault(at("x '東京'", "'東京'"))], options).split('\n');
  assert.match(carets, /\| {3}\^{6} did/);
});

test('cuts long lines around the caret, to any width', () => {
  const long = `${'a'.repeat(300)} here ${'b'.repeat(300)}`;
  for (const width of [0, 60, 80, 117, 200]) {
    const text = printFaults([fault(at(long, 'here'), 'short')], { ...options, width });
    for (const printed of text.split('\n')) assert.ok(printed.length <= Math.max(60, width), printed);
    assert.is(over(text, /(?!)/), 'here');
    assert.match(text, /…a+ here b+…/);
  }
});

test('cuts what is marked where it is longer than the line', () => {
  const text = printFaults([fault(at(`x: ${'y'.repeat(300)},`, 'y'.repeat(300)), 'short')], {
    ...options,
    width: 60,
  });
  for (const printed of text.split('\n')) assert.ok(printed.length <= 60, printed);
  assert.match(text, /y…,?/);
});

test('colours only when asked, and adds nothing but colours', () => {
  const faults = [fault(at(line, "'europe-west11'"))];
  const colored = printFaults(faults, { ...options, color: true });
  const colors = new RegExp(`${String.fromCharCode(27)}\\[\\d+m`, 'g');
  assert.match(colored, colors);
  assert.is(colored.replace(colors, ''), printFaults(faults, options));
});

test('lets no config move the cursor', () => {
  const evil = '\u001b[2Jlocation: \u0007\u202e';
  const text = printFaults([fault(at(evil, 'location'), 'bad \u001b[31m\nname')], options);
  for (const code of [27, 7, 0x202e]) assert.not.ok(text.includes(String.fromCharCode(code)));
});

test('prints nothing to see for no faults', () => {
  assert.is(printFaults([], options), '0 faults; nothing was written.\n');
});

test.run();
