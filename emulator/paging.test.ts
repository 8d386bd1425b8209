import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { page } from './paging.ts';
import { listPage } from './rest.ts';

const test = suite('pages of lists');

const options = { size: 2, token: '', query: ['a'], defaultSize: 10, maxSize: 3 };
const first = (items: readonly string[], more: Partial<typeof options> = {}) =>
  page(items, (item) => item, { ...options, ...more });

test('a token goes on after the last item, whatever has come in front', () => {
  const { items, nextPageToken = '' } = first(['d', 'c', 'b', 'a']);
  assert.equal(items, ['d', 'c']);
  const next = first(['f', 'e', 'd', 'c', 'b', 'a'], { token: nextPageToken });
  assert.equal(next, { items: ['b', 'a'] });
});

test('no size is the default, and no page is larger than the most', () => {
  const all = ['a', 'b', 'c', 'd'];
  assert.equal(first(all, { size: 0 }).items, ['a', 'b', 'c']);
  assert.equal(first(all, { size: 0, defaultSize: 1 }).items, ['a']);
});

test('a token of another request is refused, and one that is none', () => {
  const { nextPageToken = '' } = first(['a', 'b', 'c']);
  for (const [token, query] of [
    [nextPageToken, ['b']],
    ['x', ['a']],
  ] as const)
    assert.throws(() => first(['a', 'b', 'c'], { token, query: [...query] }), /Invalid page token/);
});

test('a list by names, with what a request says of pages', () => {
  const things = ['a', 'b', 'c'].map((name) => ({ name }));
  const list = (query: string) => listPage('things', things, new URLSearchParams(query));
  assert.equal(list(''), { things });
  const { nextPageToken, ...answer } = list('pageSize=2');
  assert.equal(answer, { things: things.slice(0, 2) });
  assert.equal(list(`pageSize=2&pageToken=${nextPageToken}`), { things: things.slice(2) });
  assert.equal(listPage('things', [], new URLSearchParams()), {});
  assert.throws(() => list('pageSize=many'), /Invalid page size: many/);
  assert.throws(() => list('pageToken=a'), /Invalid page token/);
});

test.run();
