import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { seed } from '../registry/seed.ts';
import { comparePackages } from './compare.ts';
import { withEmulator } from './testing.ts';

const test = suite('console: packages compared');

const nameOf = (id: string) => `projects/p/locations/europe-west1/repositories/${id}`;
const version = { id: `sha256:${'a'.repeat(64)}`, tags: ['v1', 'latest'], image: {} };

test('a comparison goes with each change, of the leader and of a follower, whoever is the leader', () =>
  withEmulator(async ({ registry }) => {
    const ids = ['leader', 'one', 'other'];
    for (const id of ids) seed(registry, nameOf(id), { packages: { app: [version] } });
    const missing = (...names: string[]) =>
      comparePackages(names.map((id) => registry.repository(nameOf(id)))).map(({ cells }) =>
        cells.map((cell) => cell?.missing),
      );
    const untag = (id: string, tag: string) =>
      registry.repository(nameOf(id)).record({ is: 'tag gone', package: 'app', tag });
    assert.equal(missing(...ids), [[0, 0, 0]]);
    untag('one', 'v1');
    assert.equal(missing(...ids), [[0, 1, 0]]);
    assert.equal(missing('one', 'leader', 'other'), [[0, 0, 0]]);
    assert.equal(missing('other', 'one'), [[0, 1]]);
    untag('leader', 'v1');
    assert.equal(missing(...ids), [[0, 0, 0]]);
    registry.delete(nameOf('other'));
    seed(registry, nameOf('other'));
    assert.equal(missing(...ids), [[0, 0, 2]]);
  }));

test.run();
