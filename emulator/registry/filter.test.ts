import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { parseFilter } from './filter.ts';

const name = 'projects/p/locations/us/repositories/r/packages/my-package';
const item = { name, annotations: { external_link: 'https://example.com/my-package', 'a.b': '1' } };
const holds = (filter: string, fields = ['name', 'version']) => parseFilter(filter, fields)?.(item);

test('names with * before and after, in any case, with = and :', () => {
  for (const filter of [
    `name="${name}"`,
    'name="projects/p/locations/us/repositories/r/packages/my-*"',
    'name="projects/p/locations/us/repositories/r/packages/*package"',
    'name="*/MY-PACKAGE"',
    'name : "*pack*"',
    'name=*pack*',
  ])
    assert.is(holds(filter), true, filter);
  for (const filter of ['name="my-package"', `name="${name}x"`, 'version="1"'])
    assert.is(holds(filter), false, filter);
});

test('annotations by key and value, in backticks where they need it', () => {
  for (const filter of [
    'annotations.external_link',
    '"annotations.external_link"',
    '"annotations.*_link:`*example.com*`"',
    'annotations.`a.b`:`1`',
    'annotations.`a.b`:1 AND name="*"',
  ])
    assert.is(holds(filter), true, filter);
  for (const filter of ['annotations.other', 'annotations.`a.b`:2', 'annotations.`a.b`:1 AND name="x"'])
    assert.is(holds(filter), false, filter);
});

test('an empty filter is none; one that makes no sense is refused', () => {
  assert.is(parseFilter(undefined, ['name']), undefined);
  assert.is(parseFilter('  ', ['name']), undefined);
  assert.throws(() => parseFilter('owner="x"', ['name']), /no field owner/);
  assert.throws(() => parseFilter('name="x" OR name="y"', ['name']), /Invalid filter/);
  assert.throws(() => parseFilter('name>"x"', ['name']), /Invalid filter/);
});

test.run();
