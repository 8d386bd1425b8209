import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { refused, repository, type Scripted, scriptedRegistry } from './testing.ts';
import { ConnectionError, type WireRequest } from './transport.ts';

const test = suite('deletion');
const parent = 'projects/acme/locations/us/repositories/prod/packages/a';
const name = 'projects/acme/locations/us/operations/o';
const digests = (count: number) => Array.from({ length: count }, (_, index) => `sha256:${index}`);
const namesIn = ({ body }: WireRequest) => (JSON.parse(body ?? '{}').names ?? []) as string[];
const lost = () => Promise.reject(new ConnectionError('socket hang up', true));
const done: Scripted = { body: { name, done: true, response: {} } };

/** A service that has versions, and answers batches as a test says. */
function service(
  batch: (request: WireRequest, delete_: (names: readonly string[]) => void) => Scripted | Promise<Scripted>,
) {
  const gone = new Set<string>();
  const counts = { batches: 0, single: 0, reads: 0, polls: 0 };
  const scripted = scriptedRegistry((request) => {
    const { method, url } = request;
    const version = url.split('/').at(-1)?.split('?')[0] ?? '';
    if (url.endsWith(':batchDelete')) {
      counts.batches++;
      return batch(request, (names) => {
        for (const each of names) gone.add(each.split('/').at(-1) ?? '');
      });
    }
    if (url.includes('/operations/')) {
      counts.polls++;
      return { body: { name, ...(counts.polls % 3 === 0 && { done: true, response: {} }) } };
    }
    if (gone.has(version)) return refused(404);
    if (method === 'GET') {
      counts.reads++;
      return { body: { name: `${parent}/versions/${version}` } };
    }
    counts.single++;
    if (version.includes(':held')) return { body: { name, done: true, error: { message: 'it is held' } } };
    if (version.endsWith('7')) return refused(400, 'GOOGLE_MANIFEST_DANGLING_PARENT_IMAGE: still referenced');
    gone.add(version);
    return done;
  });
  return { ...scripted, gone, counts };
}

test('deletes batch by batch, in order, and waits for each', async () => {
  const batches: number[] = [];
  const { registry, gone, counts } = service((request, remove) => {
    batches.push(namesIn(request).length);
    remove(namesIn(request));
    return { body: { name, metadata: {} } };
  });
  assert.equal([...(await registry.deleteVersions(repository, 'a', digests(120)))], []);
  assert.equal(batches, [50, 50, 20]);
  assert.is(gone.size, 120);
  assert.equal(counts, { batches: 3, single: 0, reads: 0, polls: 9 });
});

test('tells why each that is still there is there', async () => {
  const { registry } = service((request, remove) => {
    const [first = '', ...rest] = namesIn(request);
    remove(rest.filter((each) => !each.endsWith('7')));
    const failedVersions = [first, ...rest.filter((each) => each.endsWith('7'))];
    return { body: { name, done: true, metadata: { failedVersions }, response: {} } };
  });
  const reasons = await registry.deleteVersions(repository, 'a', digests(20));
  assert.equal([...reasons.keys()], ['sha256:7', 'sha256:17']);
  assert.match(reasons.get('sha256:7') ?? '', /DANGLING_PARENT_IMAGE: still referenced/);
});

test('what is gone already counts as deleted', async () => {
  const { registry, gone, counts } = service((request) => ({
    body: { name, done: true, metadata: { failedVersions: namesIn(request) }, response: {} },
  }));
  for (const digest of digests(3)) gone.add(digest);
  assert.is((await registry.deleteVersions(repository, 'a', digests(3))).size, 0);
  assert.is(counts.single, 0);
  // The package too.
  const nothing = scriptedRegistry(() => refused(404)).registry;
  assert.is((await nothing.deleteVersions(repository, 'a', digests(3))).size, 0);
});

test('a batch whose answer was lost is looked at, not sent again', async () => {
  const arrived = service((request, remove) => {
    remove(namesIn(request));
    return lost();
  });
  assert.is((await arrived.registry.deleteVersions(repository, 'a', digests(5))).size, 0);
  assert.equal(arrived.counts, { batches: 1, single: 0, reads: 0, polls: 0 });

  const vanished = service(() => lost());
  const reasons = await vanished.registry.deleteVersions(repository, 'a', digests(8));
  assert.equal([...reasons.keys()], ['sha256:7']);
  assert.equal(vanished.counts, { batches: 1, single: 8, reads: 8, polls: 0 });

  // An answer of 503 may have been given after the work began.
  const slow = service((request, remove) => {
    remove(namesIn(request).slice(0, 3));
    return refused(503);
  });
  assert.is((await slow.registry.deleteVersions(repository, 'a', digests(5))).size, 0);
  assert.is(slow.counts.batches, 1);
});

test('a batch that was turned away is sent again', async () => {
  let times = 0;
  const { registry, counts } = service((request, remove) => {
    if (++times === 1) return refused(429);
    if (times === 2) return Promise.reject(new ConnectionError('ECONNREFUSED', false));
    remove(namesIn(request));
    return done;
  });
  assert.is((await registry.deleteVersions(repository, 'a', digests(5))).size, 0);
  assert.equal(counts, { batches: 3, single: 0, reads: 0, polls: 0 });
});

test('a batch that is refused as a whole is tried one by one', async () => {
  for (const answer of [
    refused(400, 'one of them is tagged'),
    refused(501),
    { body: { name, done: true, error: { code: 9 } } },
  ]) {
    const { registry, counts } = service(() => answer);
    assert.equal([...(await registry.deleteVersions(repository, 'a', digests(8))).keys()], ['sha256:7']);
    assert.is(counts.single, 8);
  }
});

test('a reason of its own has the name of the version, wherever it came from', async () => {
  const { registry } = service(() => refused(400, 'not all of them'));
  const ids = ['sha256:held', 'sha256:held2', 'sha256:7'];
  const reasons = await registry.deleteVersions(repository, 'a', ids);
  assert.equal([...reasons.keys()], ids);
  for (const [version, why] of reasons) assert.ok(why.includes(`/versions/${version}: `), why);
});

test('whoever wants the rest deleted is asked again before each one', async () => {
  const { registry, gone, counts } = service((request, remove) => {
    remove(namesIn(request).slice(0, 2));
    return { body: { name, done: true, error: { code: 4 } } };
  });
  const asked: string[] = [];
  const stays = async (version: string) => {
    asked.push(version);
    return version === 'sha256:3' ? 'it is wanted by now' : undefined;
  };
  const reasons = await registry.deleteVersions(repository, 'a', digests(5), stays);
  assert.equal([...reasons], [['sha256:3', 'it is wanted by now']]);
  assert.equal(asked, digests(5));
  assert.not(gone.has('sha256:3'));
  assert.is(counts.single, 2);
});

test('a failure that cannot be told apart makes each one looked at', async () => {
  const { registry, counts } = service(() => ({
    body: { name, done: true, metadata: { failedVersions: ['projects/1/x/versions/another'] }, response: {} },
  }));
  assert.equal([...(await registry.deleteVersions(repository, 'a', digests(8))).keys()], ['sha256:7']);
  assert.is(counts.single, 8);
});

test('a missing role ends it', async () => {
  const { registry, counts } = service(() => refused(403));
  const reasons = await registry.deleteVersions(repository, 'a', digests(120));
  assert.is(reasons.size, 120);
  assert.match(reasons.get('sha256:119') ?? '', /grant roles\/artifactregistry\.repoAdmin/);
  assert.is(counts.batches, 1);
});

test('a batch that began and cannot be followed is looked at', async () => {
  for (const status of [403, 404, 500]) {
    const { registry, sent } = scriptedRegistry(({ method, url }) => {
      if (url.endsWith(':batchDelete')) return { body: { name } };
      if (url.includes('/operations/')) return refused(status);
      return method === 'GET' ? refused(404) : refused(400, 'sent although it is gone');
    });
    assert.equal([...(await registry.deleteVersions(repository, 'a', digests(5)))], [], `${status}`);
    assert.is(sent.filter(({ method }) => method !== 'GET').length, 1);
  }
});

test('what was deleted before an outage counts as deleted', async () => {
  let batches = 0;
  const { registry, gone } = service((request, remove) => {
    if (++batches > 1) return refused(429);
    const [kept = '', ...rest] = namesIn(request);
    remove(rest);
    return { body: { name, done: true, metadata: { failedVersions: [kept] }, response: {} } };
  });
  const reasons = await registry.deleteVersions(repository, 'a', digests(70));
  assert.is(gone.size, 50);
  assert.equal([...reasons.keys()], digests(70).slice(50));
  assert.match(reasons.get('sha256:50') ?? '', /the quota is used up/);
});

test.run();
