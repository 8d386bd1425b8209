import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { FileFault, Place, Problem } from './fault.ts';
import { placeProblems } from './faults.ts';

const place = (line: number, column: number): Place => ({ file: '/x.ts', line, column, length: 1, text: '' });
const about = (from: [number, number], to: [number, number]) => {
  return [{ file: '/x.ts', from: { line: from[0], column: from[1] }, to: { line: to[0], column: to[1] } }];
};
const typeFault = (extents?: FileFault['about']): FileFault => {
  const fault: FileFault = { code: 'type', path: '', message: 'type', hint: '', place: place(1, 1) };
  return extents ? { ...fault, about: extents } : fault;
};
const problem = (code: Problem['code']): Problem => ({ code, path: 'a', message: code, hint: '' });
const locate = (path: string, part?: string): Place =>
  part === 'key' ? place(2, 1) : place(2, path === 'b' ? 9 : 5);

function codes(faults: FileFault[], problems: Problem[]): string[] {
  return placeProblems({ faults, locate }, problems).map(({ code }) => code);
}

test('keeps the words of the check where the compiler objects to the same value', () => {
  assert.equal(codes([typeFault(about([1, 1], [3, 1]))], [problem('shape')]), ['shape']);
  assert.equal(codes([typeFault(about([2, 5], [2, 6]))], [problem('unknown-field')]), ['unknown-field']);
});

test('keeps both where they are about different things', () => {
  assert.equal(codes([typeFault(about([2, 6], [3, 1]))], [problem('shape')]), ['type', 'shape']);
  assert.equal(codes([typeFault(about([1, 1], [2, 5]))], [problem('shape')]), ['type', 'shape']);
  assert.equal(codes([typeFault()], [problem('shape')]), ['type', 'shape']);
  // The compiler knows nothing of locations.
  assert.equal(codes([typeFault(about([1, 1], [3, 1]))], [problem('location')]), ['type', 'location']);
});

test('places fields by their names and second places by their values', () => {
  const [field] = placeProblems({ faults: [], locate }, [{ ...problem('behavior'), isField: true }]);
  assert.is(field?.place?.column, 1);
  const also = { at: 'b', note: 'first here' };
  const [twice] = placeProblems({ faults: [], locate }, [{ ...problem('duplicate-destination'), also }]);
  assert.is(twice?.also?.at.column, 9);
  // Of a value in a loop there is only one place.
  const [loop] = placeProblems({ faults: [], locate }, [
    { ...problem('duplicate-destination'), also: { at: 'a', note: '' } },
  ]);
  assert.is(loop?.also, undefined);
});

test.run();
