/** How many steps a workflow takes at worst. */
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { ex } from '../expression/parse.ts';
import {
  assign,
  attempt,
  call,
  check,
  choose,
  countTo,
  give,
  otherwise,
  raise,
  routine,
  when,
} from './build.ts';
import { worstCaseSteps } from './count.ts';
import type { Routine, Step } from './steps.ts';

const some = (prefix: string, count: number): Step[] =>
  Array.from({ length: count }, (_, index) => assign(`${prefix}${index}`, { x: index }));

const count = (steps: Step[], ...more: Routine[]) =>
  worstCaseSteps({ routines: [routine('main', [], '', steps), ...more] });

test('one after the other, and through calls', () => {
  assert.is(count(some('s', 3)), 3);
  const called = routine('called', [], '', some('s', 4));
  assert.is(count([call('one', 'called', {}), call('two', 'called', {})], called), 10);
  assert.is(count([{ ...call('wait', 'a.connector', {}), moreSteps: 50 }]), 51);
});

test('the longest case', () => {
  assert.is(count([choose('s', when(ex`x`, ...some('a', 2)), when(ex`y`, ...some('b', 5)))]), 6);
});

test('what ends is not counted with what comes after it', () => {
  const rest = some('r', 10);
  assert.is(count([check('dry_run', ex`x`, ...some('a', 4), give('g', null)), ...rest]), 11);
  assert.is(count([check('dry_run', ex`x`, ...some('a', 20), give('g', null)), ...rest]), 22);
  assert.is(count([choose('sure', when(ex`x`, give('g', null)), otherwise(raise('r', 'no')))]), 2);
});

test('loops, tries and what they retry', () => {
  assert.is(count([countTo('l', 'i', 10, some('a', 2))]), 31);
  const body = [...some('a', 3), check('c', ex`x`, raise('r', 'no'))];
  assert.is(count([attempt('t', body, { except: some('e', 5) })]), 1 + 5 + 5);
  const retry = { predicate: 'p', maxRetries: 2, backoff: { initialDelay: 1, maxDelay: 1, multiplier: 2 } };
  const predicate = routine('p', ['error'], '', [give('yes', true)]);
  assert.is(count([attempt('t', some('a', 3), { retry })], predicate), 1 + 3 + 2 * (3 + 1));
  // A return within a try leaves the routine, not for `except`.
  assert.is(count([attempt('t', [give('g', null)], { except: some('e', 5) }), ...some('r', 3)]), 9);
});

test('a circle cannot be counted', () => {
  assert.throws(
    () => count([call('c', 'a', {})], routine('a', [], '', [call('again', 'a', {})])),
    /^a calls itself$|a calls itself/,
  );
});

test.run();
