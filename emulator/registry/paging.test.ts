import fc from 'fast-check';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { behaviorWith } from '../behavior.ts';
import { listAnswer } from '../paging.ts';
import { OrderedMap } from './ordered.ts';
import { page } from './paging.ts';

const listingOf = (map: OrderedMap<string>, wanted?: (item: string) => boolean) => ({
  after: (position?: string) => map.entries(position),
  wanted,
  scope: 'test',
});

function mapOf(keys: Iterable<string>): OrderedMap<string> {
  const map = new OrderedMap<string>();
  for (const key of keys) map.set(key, key);
  return map;
}

test('any page size yields each item once, in full and in short pages, filtered or not', () => {
  const keys = fc.uniqueArray(fc.string({ minLength: 1 }), { maxLength: 80 });
  const shape = fc.constantFrom('full' as const, 'short' as const);
  fc.assert(
    fc.property(keys, fc.integer({ min: 0, max: 90 }), shape, fc.boolean(), (all, size, pages, filtered) => {
      const wanted = filtered ? (item: string) => item.length % 2 === 1 : undefined;
      const listing = listingOf(mapOf(all), wanted);
      const seen: string[] = [];
      let token: string | undefined;
      for (let turns = 0; ; turns++) {
        assert.ok(turns < 400, 'the list ends');
        const { items, nextPageToken } = page(
          listing,
          { pageSize: String(size), pageToken: token },
          behaviorWith({ pages }),
        );
        assert.ok(items.length <= (size || 100));
        if (pages === 'full' && nextPageToken) assert.is(items.length, size || 100);
        seen.push(...items);
        token = nextPageToken;
        if (!token) break;
      }
      assert.equal(seen, [...all].filter(wanted ?? (() => true)).sort());
    }),
  );
});

test('writes between pages neither repeat nor hide what was there all along', () => {
  const map = mapOf(['a', 'c', 'e', 'g', 'i']);
  const listing = listingOf(map);
  const first = page(listing, { pageSize: '2' }, behaviorWith());
  map.delete('c');
  map.delete('e');
  map.set('b', 'b');
  map.set('h', 'h');
  const rest = page(listing, { pageSize: '9', pageToken: first.nextPageToken }, behaviorWith());
  assert.equal([...first.items, ...rest.items], ['a', 'c', 'g', 'h', 'i']);
});

test('a page holds 1,000 at most; a size that makes no sense is refused', () => {
  const listing = listingOf(mapOf(Array.from({ length: 1500 }, (_, index) => `k${index}`)));
  assert.is(page(listing, { pageSize: '5000' }, behaviorWith()).items.length, 1000);
  assert.is(page(listing, {}, behaviorWith()).items.length, 100);
  for (const pageSize of ['-1', 'x', '1.5'])
    assert.throws(() => page(listing, { pageSize }, behaviorWith()), /Invalid page size/);
});

test("a token that isn't one, or is another list's, is refused", () => {
  const listing = listingOf(mapOf(['a', 'b']));
  const { nextPageToken } = page(listing, { pageSize: '1' }, behaviorWith());
  for (const [scope, pageToken] of [
    ['other', nextPageToken],
    ['test', 'rubbish'],
    ['test', Buffer.from('["x"]').toString('base64url')],
  ] as const)
    assert.throws(() => page({ ...listing, scope }, { pageToken }, behaviorWith()), /Invalid page token/);
});

test('an answer leaves out an empty array and an empty token', () => {
  assert.equal(listAnswer('things', { items: [] }, String), {});
  assert.equal(listAnswer('things', { items: [1], nextPageToken: 't' }, String), {
    things: ['1'],
    nextPageToken: 't',
  });
});

test.run();
