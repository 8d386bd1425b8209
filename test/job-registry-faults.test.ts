/** The job's client against the emulator: every call under faults, and a quota. */
import { setTimeout as pause } from 'node:timers/promises';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Fault } from '../emulator/faults.ts';
import { bareImages, digestOf, seed } from '../emulator/registry/seed.ts';
import type { Emulator, EmulatorOptions } from '../emulator/server.ts';
import { openRegistry } from '../job/registry/open.ts';
import type { Registry } from '../job/registry/registry.ts';
import { all, failureOf } from '../job/registry/testing.ts';
import { image, push } from './images.ts';
import { clientOf, full, leader, team, type World, withEmulator } from './job-registry-world.ts';

const test = suite('the job’s registry under faults');
const on = (name: string, options: EmulatorOptions, body: (world: World) => Promise<void>) =>
  withEmulator(test, name, options, body);

/** Every call, what it must have brought about, and what it gives. */
const calls: Record<string, (registry: Registry) => Promise<unknown>> = {
  repository: async (registry) => (await registry.repository(leader)).format,
  permissions: async (registry) => [
    ...(await registry.permissions(leader, ['artifactregistry.tags.create'])),
  ],
  setLabels: async (registry) => {
    await registry.setLabels(leader, { a: 'b' });
    return (await registry.repository(leader)).labels;
  },
  versions: async (registry) => (await all(registry.versions(leader, 'DOCKER'))).length,
  packages: async (registry) =>
    (await all(registry.versions({ ...leader, repository: 'maven' }, 'MAVEN'))).length,
  files: async (registry) => (await all(registry.files(leader))).length,
  attachments: async (registry) => (await all(registry.attachments(leader))).length,
  version: async (registry) => (await registry.version(leader, team, digestOf('image 1')))?.tags,
  absent: (registry) => registry.version(leader, team, digestOf('nothing')),
  tag: (registry) => registry.tag(leader, team, 'v1'),
  manifest: async (registry) => (await registry.manifest(leader, 'pushed', image('one').digest))?.mediaType,
  createTag: async (registry) => {
    await registry.createTag(leader, team, 'new', digestOf('image 1'));
    return registry.tag(leader, team, 'new');
  },
  moveTag: async (registry) => {
    await registry.moveTag(leader, team, 'v1', digestOf('image 2'));
    return registry.tag(leader, team, 'v1');
  },
  deleteTag: async (registry) => {
    await registry.deleteTag(leader, team, 'v1');
    return registry.tag(leader, team, 'v1');
  },
  deleteVersions: async (registry) => {
    const doomed = Array.from({ length: 60 }, (_, at) => digestOf(`doomed ${at}`));
    const reasons = await registry.deleteVersions(leader, 'doomed', doomed);
    return [reasons.size, await registry.version(leader, 'doomed', digestOf('doomed 59'))];
  },
  copyProgress: async (registry) => {
    const operation = await registry.copy(leader, { ...leader, repository: 'follower' }, {});
    return (await registry.copyProgress(operation)).error;
  },
};

/** Faults that a client gets over, by what is done to the request. */
const faults: Record<string, Partial<Fault>> = {
  '429 with seconds': { status: 429, headers: { 'retry-after': '7' } },
  '429 with a date': { status: 429, headers: { 'retry-after': 'Thu, 01 Jan 2099 00:00:00 GMT' } },
  500: { status: 500 },
  502: { status: 502, body: '<html>Bad Gateway</html>' },
  503: { status: 503, headers: { 'retry-after': '1' } },
  reset: { reset: true },
  truncate: { truncate: 1 },
  slow: { delay: 1 },
};

for (const [kind, fault] of Object.entries(faults))
  on(`every call gets over: ${kind}`, { behavior: { pages: 'short' } }, async ({ emulator }) => {
    const result = async (name: string, rules: readonly Fault[]) => {
      for (const each of await repositoriesOf(emulator)) emulator.registry.delete(each);
      seed(emulator.registry, full, {
        packages: { 'team/app': bareImages(503), doomed: bareImages(60, 'doomed', 0) },
      });
      await push(emulator.url, 'us/acme/prod/pushed', image('one'));
      seed(emulator.registry, full.replace('prod', 'follower'));
      const packages = { 'a:b': [{ id: '1' }, { id: '2' }], 'c:d': [{ id: '1' }] };
      seed(emulator.registry, full.replace('prod', 'maven'), { format: 'MAVEN', packages });
      emulator.faults.set(rules);
      try {
        return await calls[name]?.(clientOf(emulator, kind === 'slow' ? 250 : 5000));
      } finally {
        emulator.faults.set([]);
      }
    };
    for (const name of Object.keys(calls)) {
      const expected = await result(name, []);
      // A POST that may not be repeated has tests of its own.
      const path = { regex: name === 'copyProgress' ? '/operations/' : '.' };
      for (const after of kind === 'slow' ? [0] : [0, 1, 2]) {
        const found = await result(name, [
          { path, after, times: kind === 'slow' ? 1 : 2, ...fault } as Fault,
        ]);
        assert.equal(found, expected, `${name} after ${after}`);
      }
    }
  });

async function repositoriesOf(emulator: Emulator): Promise<string[]> {
  return [...emulator.registry.list('projects/acme/locations/us')].map(([name]) => name);
}

on('a fault that stays ends every call in one clear line', {}, async ({ emulator }) => {
  seed(emulator.registry, full, { packages: { 'team/app': bareImages(5) } });
  emulator.faults.set([{ path: '*', status: 503 }]);
  for (const [name, call] of Object.entries(calls)) {
    const error = await failureOf(call(clientOf(emulator)));
    assert.ok(['unavailable', 'unclear'].includes(error.kind), name);
    assert.match(error.message, /^[^\n]*503: Fault on order: 503$/);
  }
});

on('an empty listing beside a 403 is no empty repository', {}, async ({ emulator, registry }) => {
  seed(emulator.registry, full, { packages: { 'team/app': bareImages(5) } });
  emulator.faults.set([
    { path: '*/prod/*', status: 200, body: {} },
    { path: '*/prod', status: 403 },
  ]);
  for (const work of [all(registry.versions(leader, 'DOCKER')), all(registry.versions(leader, 'MAVEN'))])
    assert.match((await failureOf(work)).message, /grant roles\/artifactregistry\.reader on .*\/prod/);
});

on('a quota of 20 requests a second is kept', { faults: [] }, async ({ emulator, requests }) => {
  seed(emulator.registry, full, { packages: { 'team/app': bareImages(100) } });
  emulator.faults.set([{ path: '*', perSecond: 20, status: 429, headers: { 'retry-after': '1' } }]);
  // Far above the quota, by many callers at once: all come through.
  const registry = openRegistry({ env: { REPLICATOR_EMULATOR_HOST: emulator.host } });
  const found = await Promise.all(
    Array.from({ length: 60 }, (_, number) => registry.tag(leader, team, `v${number}`)),
  );
  assert.equal(
    found,
    found.map((_, number) => digestOf(`image ${number}`)),
  );
  const refused = requests.filter(({ status }) => status === 429).length;
  assert.ok(refused < 60, `${refused} were turned away`);
  // Within the quota, in seconds of its own: nobody is turned away.
  await pause(1100);
  requests.length = 0;
  const limits = { requests: 1080, writes: 1080, deletes: 1080 };
  const modest = openRegistry({ env: { REPLICATOR_EMULATOR_HOST: emulator.host }, limits });
  await Promise.all(Array.from({ length: 30 }, (_, number) => modest.tag(leader, team, `v${number}`)));
  assert.equal(new Set(requests.map(({ status }) => status)), new Set([200]));
});

test.run();
