/** The job's client against the emulator: every call, when all is well. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { bareImages, digestOf, seed } from '../emulator/registry/seed.ts';
import type { EmulatorOptions } from '../emulator/server.ts';
import type { RepositoryName } from '../generator/plan.ts';
import { openRegistry } from '../job/registry/open.ts';
import { all, failureOf } from '../job/registry/testing.ts';
import { image, index, push } from './images.ts';
import { full, leader, team, type World, withEmulator } from './job-registry-world.ts';

const test = suite('the job’s registry');
const on = (name: string, options: EmulatorOptions, body: (world: World) => Promise<void>) =>
  withEmulator(test, name, options, body);

for (const pages of ['full', 'short'] as const)
  on(`lists 3,000 versions of two packages, pages ${pages}`, { behavior: { pages } }, async (world) => {
    const { emulator, registry, requests } = world;
    const packages = { 'team/app': bareImages(1500, 'one', 2), other: bareImages(1500, 'two') };
    seed(emulator.registry, full, { packages });
    const found = await all(registry.versions(leader, 'DOCKER'));
    assert.is(new Set(found.map((each) => `${each.package} ${each.version}`)).size, 3000);
    assert.equal(new Set(found.map((each) => each.package)), new Set(['other', team]));
    const one = found.find(({ version }) => version === digestOf('one 7'));
    assert.equal(one?.tags, ['v7', 'v7-1']);
    assert.is(one?.bytes, 1007);
    if (pages === 'full') assert.is(requests.length, 3);
    const files = await all(registry.files(leader));
    assert.is(new Set(files.map(({ file }) => file)).size, 3000);
    assert.equal(
      files.find(({ file }) => file === digestOf('one 7')),
      {
        file: digestOf('one 7'),
        package: team,
        version: digestOf('one 7'),
        hashes: [`SHA256:${Buffer.from(digestOf('one 7').slice(7), 'hex').toString('base64')}`],
        bytes: 1007,
        updateTime: one?.createTime,
      },
    );
  });

on('lists 100,000 versions with 100 requests', {}, async ({ emulator, registry, requests }) => {
  const packages = Object.fromEntries(
    Array.from({ length: 10 }, (_, at) => [`p${at}`, bareImages(10_000, `p${at}`)]),
  );
  seed(emulator.registry, full, { packages });
  assert.is((await all(registry.versions(leader, 'DOCKER'))).length, 100_000);
  assert.is(requests.length, 100);
});

on(
  'lists other formats package by package',
  { behavior: { pages: 'short' } },
  async ({ emulator, registry }) => {
    for (const format of ['MAVEN', 'NPM', 'GENERIC', 'PYTHON']) {
      const name = { ...leader, repository: format.toLowerCase() };
      const packages = Object.fromEntries(
        Array.from({ length: 30 }, (_, at) => [
          `@scope/p${at}+x`,
          Array.from({ length: at }, (_, id) => ({
            id: `1.0.${id}+build`,
            tags: format === 'NPM' ? [`tag-${id}`] : [],
            files: { 'file.tgz': `${at} ${id}` },
          })),
        ]),
      );
      seed(emulator.registry, `projects/acme/locations/us/repositories/${name.repository}`, {
        format,
        packages,
      });
      const found = await all(registry.versions(name, format));
      assert.is(found.length, 435);
      assert.is(found.filter(({ tags }) => tags.length > 0).length, format === 'NPM' ? 435 : 0);
      // The ids name the same things when they are used.
      const [one] = found;
      assert.equal(await registry.version(name, one?.package ?? '', one?.version ?? ''), one);
      const files = await all(registry.files(name));
      assert.is(files.length, 435);
      const ids = new Set(found.map((each) => `${each.package} ${each.version}`));
      assert.ok(files.every((each) => ids.has(`${each.package} ${each.version}`)));
    }
  },
);

on(
  'names of both APIs are the same',
  { behavior: { imageSubjectDigest: true } },
  async ({ emulator, registry }) => {
    const domain: RepositoryName = { project: 'example.com:acme', location: 'europe-west1', repository: 'r' };
    seed(emulator.registry, 'projects/example.com:acme/locations/europe-west1/repositories/r');
    const path = 'europe-west1/example.com/acme/r/team/app';
    const [one, two] = [image('one'), image('two')];
    const both = index([one, two]);
    await push(emulator.url, path, both, 'latest');
    const attached = image('signature', { subject: one });
    await push(emulator.url, path, attached);
    const found = await all(registry.versions(domain, 'DOCKER'));
    assert.is(found.length, 4);
    assert.ok(found.every((each) => each.package === team));
    const listed = (digest: string) => found.find(({ version }) => version === digest);
    assert.equal(listed(both.digest)?.children, [one.digest, two.digest]);
    assert.is(listed(attached.digest)?.subject, one.digest);
    const asked = await registry.version(domain, team, both.digest);
    assert.equal({ ...asked, children: [one.digest, two.digest] }, listed(both.digest));
    assert.equal(await registry.manifest(domain, team, both.digest), {
      mediaType: both.mediaType,
      children: [one.digest, two.digest],
      subject: undefined,
    });
    assert.is((await registry.manifest(domain, team, attached.digest))?.subject, one.digest);
    assert.is(await registry.manifest(domain, team, digestOf('nothing')), undefined);
    assert.equal(await all(registry.attachments(domain)), [{ package: team, version: attached.digest }]);
  },
);

on('a tag among 10,000 is one request (case 25)', {}, async ({ emulator, registry, requests }) => {
  seed(emulator.registry, full, { packages: { 'team/app': bareImages(10_000) } });
  assert.is(await registry.tag(leader, team, 'v9999'), digestOf('image 9999'));
  assert.is(await registry.tag(leader, team, 'v10000'), undefined);
  assert.is(requests.length, 2);
});

on('tags and versions are changed, and refusals told', {}, async ({ emulator, registry, requests }) => {
  seed(emulator.registry, full, { packages: { 'team/app': bareImages(200) } });
  const digest = (number: number) => digestOf(`image ${number}`);
  await registry.createTag(leader, team, 'new', digest(1));
  await registry.moveTag(leader, team, 'new', digest(2));
  assert.is(await registry.tag(leader, team, 'new'), digest(2));
  await registry.deleteTag(leader, team, 'new');
  await registry.deleteTag(leader, team, 'new');
  assert.is((await failureOf(registry.createTag(leader, team, 'v1', digest(2)))).kind, 'refused');
  for (let number = 0; number < 120; number++) await registry.deleteTag(leader, team, `v${number}`);
  const before = requests.length;
  const wanted = Array.from({ length: 121 }, (_, number) => digest(number));
  const reasons = await registry.deleteVersions(leader, team, [...wanted, digestOf('never there')]);
  assert.equal([...reasons.keys()], [digest(120)]);
  assert.match(reasons.get(digest(120)) ?? '', /DANGLING_TAG: Manifest is still referenced by tag: v120/);
  // Three batches; one look at each of the two that were left.
  assert.is(requests.length - before, 5);
  assert.is((await all(registry.versions(leader, 'DOCKER'))).length, 80);
});

on('waits for a delete that takes its time', { behavior: { operationSeconds: 0.05 } }, async (world) => {
  const { emulator, registry, requests } = world;
  seed(emulator.registry, full, { packages: { 'team/app': bareImages(2, 'x', 0) } });
  assert.is((await registry.deleteVersions(leader, team, [digestOf('x 0')])).size, 0);
  assert.ok(requests.some(({ path }) => path.includes('/operations/')));
});

on('an index goes before its children, in one call', {}, async ({ emulator, registry }) => {
  seed(emulator.registry, full);
  const [one, two] = [image('one'), image('two')];
  const both = index([one, two]);
  await push(emulator.url, 'us/acme/prod/team/app', both);
  const wrong = await registry.deleteVersions(leader, team, [one.digest]);
  assert.match(wrong.get(one.digest) ?? '', /DANGLING_PARENT_IMAGE/);
  assert.is((await registry.deleteVersions(leader, team, [both.digest, one.digest, two.digest])).size, 0);
});

on('immutable tags are refused in the service’s words', {}, async ({ emulator, registry }) => {
  const resource = { dockerConfig: { immutableTags: true }, labels: { a: 'b' } };
  seed(emulator.registry, full, { resource, packages: { 'team/app': bareImages(3) } });
  assert.is((await registry.repository(leader)).immutableTags, true);
  const error = await failureOf(registry.moveTag(leader, team, 'v1', digestOf('image 2')));
  assert.is(error.kind, 'refused');
  assert.match(error.message, /tag immutability/);
  await registry.setLabels(leader, { 'replicator-leader': 'x' });
  assert.equal((await registry.repository(leader)).labels, { a: 'b', 'replicator-leader': 'x' });
});

test('the emulator’s host is checked', () => {
  for (const host of ['127.0.0.1:99999', 'nonsense', '127.0.0.1', 'http://127.0.0.1:1', 'a b:1'])
    assert.throws(() => openRegistry({ env: { REPLICATOR_EMULATOR_HOST: host } }), /write HOST:PORT/);
});

test.run();
