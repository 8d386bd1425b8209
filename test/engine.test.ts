/** The job's own engine on the emulator and on real registries, with skopeo to look at what came of it. */
import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Answered } from '../emulator/answer.ts';
import type { Behavior } from '../emulator/behavior.ts';
import { seed } from '../emulator/registry/seed.ts';
import { type Emulator, startEmulator } from '../emulator/server.ts';
import type { RepositoryName } from '../generator/plan.ts';
import { type EngineOptions, runEngine } from '../job/engine/open.ts';
import { type EngineRequest, type Filters, noFilters } from '../job/engine/request.ts';
import { copyAll, imageIn } from '../job/engine/testing.ts';
import { withTwoRegistries } from '../job/oci/testing.ts';
import { startDockerRegistry } from './docker-registry.ts';
import { type Artifact, attachment, digestOf, image, index, push } from './images.ts';
import { testWith } from './parts.ts';
import { listAll, send } from './rest.ts';

const test = suite('engine');
const run = promisify(execFile);
const skopeo = async (...args: string[]) => (await run('skopeo', ['--insecure-policy', ...args])).stdout;

const leader: RepositoryName = { project: 'p', location: 'us', repository: 'leader' };
const follower: RepositoryName = { project: 'example.com:q', location: 'europe', repository: 'follower' };
const nameOf = ({ project, location, repository }: RepositoryName) =>
  `projects/${project}/locations/${location}/repositories/${repository}`;
const many = { requests: 1e9, writes: 1e9, deletes: 1e9 };

type Change = Partial<Omit<EngineRequest, 'filters'>> & { filters?: Partial<Filters> };

async function withEmulator(
  body: (
    emulator: Emulator,
    copy: (change?: Change) => ReturnType<typeof runEngine>,
    requests: Answered[],
  ) => Promise<void>,
  behavior: Partial<Behavior> = {},
): Promise<void> {
  const requests: Answered[] = [];
  const emulator = await startEmulator({ behavior, onRequest: (answered) => requests.push(answered) });
  const options: EngineOptions = { env: { REPLICATOR_EMULATOR_HOST: emulator.host }, limits: many };
  const copy = ({ filters, ...change }: Change = {}) =>
    runEngine(
      {
        source: { is: 'artifact-registry', name: leader },
        destination: { is: 'artifact-registry', name: follower },
        filters: { ...noFilters, ...filters },
        moved: 'update',
        foreignLayers: false,
        dryRun: false,
        task: { index: 0, count: 1 },
        ...change,
      },
      options,
    );
  try {
    seed(emulator.registry, nameOf(leader));
    seed(emulator.registry, nameOf(follower));
    await body(emulator, copy, requests);
  } finally {
    await emulator.close();
  }
}

/** Every version of a repository with its tags. */
async function listed(emulator: Emulator, name: RepositoryName): Promise<Record<string, string[]>> {
  const { items } = await listAll(`${emulator.url}/v1/${nameOf(name)}/dockerImages`, 'dockerImages');
  return Object.fromEntries(
    items
      .map(({ name: full, tags = [] }): [string, string[]] => [
        full.slice(full.lastIndexOf('/') + 1),
        [...tags].sort(),
      ])
      .sort(([one], [other]) => (one < other ? -1 : 1)),
  );
}

const writes = (requests: readonly Answered[]) =>
  requests.filter(({ method }) => !['GET', 'HEAD'].includes(method));

async function fill(emulator: Emulator): Promise<Record<string, Artifact>> {
  const at = (app: string) => `us/p/leader/${app}`;
  const single = image('single');
  const multi = index([image('multi'), index([image('multi', { architecture: 'arm64' })])]);
  const untagged = image('untagged');
  const sbom = attachment(single, 'sbom');
  const nested = attachment(sbom, 'signature of the sbom');
  await push(emulator.url, at('team/app'), single, '1.0');
  await push(emulator.url, at('team/app'), single, 'latest');
  await push(emulator.url, at('team/app'), multi, 'multi');
  await push(emulator.url, at('other'), image('single'), 'same');
  await push(emulator.url, at('other'), untagged);
  await push(emulator.url, at('team/app'), sbom);
  await push(emulator.url, at('team/app'), nested);
  return { single, multi, untagged, sbom, nested };
}

for (const behavior of [{}, { blobRedirect: true, pages: 'short' as const, imageSubjectDigest: true }])
  test(`Artifact Registry: everything comes over, ${JSON.stringify(behavior)}`, () =>
    withEmulator(async (emulator, copy, requests) => {
      await fill(emulator);
      const outcome = await copy();
      assert.is(outcome.error, undefined);
      assert.is(outcome.state, 'succeeded');
      assert.equal(await listed(emulator, follower), await listed(emulator, leader));
      requests.length = 0;
      const again = await copy();
      assert.is(again.counts.equal, again.counts.found);
      assert.equal(writes(requests), []);
      assert.not.ok(
        requests.some(({ path }) => path.startsWith('/v2/')),
        'nothing is asked for each image',
      );
    }, behavior));

test('several tasks end in the same place as one', async () => {
  for (const count of [1, 3, 8])
    await withEmulator(async (emulator, copy) => {
      for (let i = 0; i < 12; i++) await push(emulator.url, `us/p/leader/app-${i}`, image(`${i}`), 'v');
      const outcomes = [];
      for (let index = 0; index < count; index++) outcomes.push(await copy({ task: { index, count } }));
      assert.is(
        outcomes.reduce((sum, { counts }) => sum + counts.found, 0),
        12,
      );
      assert.equal(await listed(emulator, follower), await listed(emulator, leader));
    });
});

test('tags that are elsewhere at the destination are moved, kept, or named', () =>
  withEmulator(async (emulator, copy) => {
    await push(emulator.url, 'us/p/leader/app', image('new'), 'stable');
    await push(emulator.url, 'us/p/leader/app', image('other'), 'other');
    const old = await push(emulator.url, 'europe/example.com/q/follower/app', image('old'), 'stable');
    const kept = await copy({ moved: 'keep' });
    assert.is(kept.state, 'succeeded');
    assert.is(kept.counts.kept, 1);
    assert.equal((await listed(emulator, follower))[`app@${old}`], ['stable']);
    const failed = await copy({ moved: 'fail' });
    assert.is(failed.state, 'partlyFailed');
    assert.match(failed.error ?? '', /stable is on sha256:.* at the destination, on sha256:.* at the source/);
    assert.is((await copy()).state, 'succeeded');
    assert.equal((await listed(emulator, follower))[`app@${old}`], []);
  }));

for (const moved of ['keep', 'fail'] as const)
  test(`a tag that somebody puts on another image while the copy runs is not overwritten: ${moved}`, () =>
    withTwoRegistries(async (one, two) => {
      const from = one.repository('from/app');
      const digest = imageIn(from, ['new'], { tag: 'stable' });
      from.tags.set('v2', digest);
      const to = two.repository('to/app');
      to.tags.set('other', imageIn(to, ['other']));
      const theirs = imageIn(to, ['theirs']);
      two.hook = ({ method, url }) => {
        if (method === 'PUT' && url.includes('/blobs/')) to.tags.set('stable', theirs).set('v2', theirs);
        return false;
      };
      const outcome = await copyAll(one, two, { moved });
      assert.is(to.tags.get('stable'), theirs);
      assert.is(to.tags.get('v2'), theirs);
      assert.ok(to.manifests.has(digest));
      if (moved === 'keep') assert.equal([outcome.state, outcome.counts.kept], ['succeeded', 2]);
      else {
        assert.is(outcome.state, 'failed');
        assert.match(outcome.error ?? '', /(stable|v2) is on sha256:.* at the destination, on sha256:/);
      }
    }));

test('immutable tags that differ are named, and the rest goes on', () =>
  withEmulator(async (emulator, copy, requests) => {
    await push(emulator.url, 'us/p/leader/app', image('new'), 'stable');
    await push(emulator.url, 'us/p/leader/app', image('other'), 'other');
    await push(emulator.url, 'europe/example.com/q/follower/app', image('old'), 'stable');
    const { url } = emulator;
    const patched = await send(
      `${url}/v1/${nameOf(follower)}?updateMask=dockerConfig.immutableTags`,
      'PATCH',
      { name: nameOf(follower), dockerConfig: { immutableTags: true } },
      { 'content-type': 'application/json' },
    );
    assert.is(patched.status, 200);
    requests.length = 0;
    const outcome = await copy();
    assert.is(outcome.state, 'partlyFailed');
    assert.match(outcome.error ?? '', /the destination's tags are immutable: stable is on/);
    assert.equal(
      outcome.failures.map(({ what }) => what),
      ['app:stable'],
    );
    assert.not.ok(
      requests.some(({ method, path }) => method === 'PUT' && path.endsWith('/manifests/stable')),
    );
    assert.ok(Object.values(await listed(emulator, follower)).some((tags) => tags.includes('other')));
  }));

test('a registry that moves no tags keeps nothing else from its place', () =>
  withTwoRegistries(async (one, two) => {
    const from = one.repository('from/app');
    const digest = imageIn(from, ['new'], { tag: 'stable' });
    from.tags.set('v2', digest);
    const to = two.repository('to/app');
    const old = imageIn(to, ['old'], { tag: 'stable' });
    two.hook = ({ method, url }, response) => {
      if (method !== 'PUT' || !url.endsWith('/manifests/stable')) return false;
      response.writeHead(412);
      response.end(JSON.stringify({ errors: [{ code: 'TAG_IMMUTABLE', message: 'the tag is immutable' }] }));
      return true;
    };
    const outcome = await copyAll(one, two);
    assert.is(outcome.state, 'partlyFailed');
    assert.equal(
      outcome.failures.map(({ what }) => what),
      ['app:stable'],
    );
    assert.match(outcome.error ?? '', /412: the tag is immutable/);
    assert.equal(Object.fromEntries(to.tags), { stable: old, v2: digest });
  }));

test('filters: packages, tags, the newest, attachments, tags at all', () =>
  withEmulator(async (emulator, copy) => {
    const at = 'us/p/leader/team/app';
    const images: Record<string, Artifact> = {};
    for (const tag of ['1.2.0', '1.10.0', '1.9.3', '2.0.0-rc.1', 'nightly']) {
      images[tag] = image(tag);
      await push(emulator.url, at, images[tag] as Artifact, tag);
    }
    const sbom = attachment(images['1.10.0'] as Artifact, 'sbom');
    await push(emulator.url, at, sbom);
    await push(emulator.url, 'us/p/leader/other', image('other'), '1');
    const tags = async () =>
      Object.values(await listed(emulator, follower))
        .flat()
        .sort();

    await copy({ filters: { packages: ['team/*'], newest: { count: 2, by: 'semver' } } });
    assert.equal(await tags(), ['1.10.0', '2.0.0-rc.1']);
    assert.ok(
      Object.keys(await listed(emulator, follower)).some((name) => name.endsWith(sbom.digest)),
      'its sbom too',
    );
    await copy({ filters: { tags: ['night*'] } });
    assert.equal(await tags(), ['1.10.0', '2.0.0-rc.1', 'nightly']);
    await copy({ filters: { packages: ['other'], withTags: false } });
    assert.equal(await tags(), ['1.10.0', '2.0.0-rc.1', 'nightly']);
    assert.ok(Object.keys(await listed(emulator, follower)).some((name) => name.startsWith('other@')));
    await copy({ filters: { maxVersionAgeDays: 1 } });
    assert.is((await tags()).length, 6);
  }));

test('without attachments none is copied', () =>
  withEmulator(async (emulator, copy) => {
    const { sbom, nested } = await fill(emulator);
    assert.is((await copy({ filters: { attachments: false } })).error, undefined);
    const names = Object.keys(await listed(emulator, follower));
    for (const { digest } of [sbom, nested] as Artifact[])
      assert.not.ok(names.some((name) => name.endsWith(digest)));
    assert.is(names.length, Object.keys(await listed(emulator, leader)).length - 2);
  }));

test('a dry run writes nothing and counts what there is to do', () =>
  withEmulator(async (emulator, copy, requests) => {
    await fill(emulator);
    requests.length = 0;
    const outcome = await copy({ dryRun: true });
    assert.is(outcome.state, 'dryRun');
    assert.ok(outcome.counts.copied > 0);
    assert.equal(writes(requests), []);
  }));

test('what is wrong with a repository is said before anything is written', () =>
  withEmulator(async (_emulator, copy) => {
    const missing = { is: 'artifact-registry', name: { ...follower, repository: 'none' } } as const;
    const outcome = await copy({ destination: missing });
    assert.is(outcome.state, 'failed');
    assert.match(
      outcome.error ?? '',
      /there is no repository projects\/example.com:q\/locations\/europe\/repositories\/none/,
    );
  }));

testWith(
  test,
  ['docker-registry', 'skopeo'],
  'two real registries: skopeo finds everything, byte for byte',
  async () => {
    const [one, two] = await Promise.all([startDockerRegistry(), startDockerRegistry()]);
    const folder = mkdtempSync(join(tmpdir(), 'engine-'));
    try {
      const single = image('single');
      const multi = index([image('multi'), image('multi', { architecture: 'arm64' })]);
      const sbom = attachment(single, 'sbom');
      const big = image('big');
      await push(one.url, 'base/team/app', single, '1.0');
      await push(one.url, 'base/team/app', multi, 'multi');
      await push(one.url, 'base/team/app', sbom, 'sbom');
      await push(one.url, 'base/other', big, 'big');
      await push(one.url, 'elsewhere', image('elsewhere'), '1');
      const request: EngineRequest = {
        source: { is: 'registry', host: one.host, path: 'base' },
        destination: { is: 'registry', host: two.host, path: 'copy' },
        filters: noFilters,
        moved: 'update',
        foreignLayers: false,
        dryRun: false,
        task: { index: 0, count: 1 },
      };
      const outcome = await runEngine(request, { env: {} });
      assert.is(outcome.error, undefined);
      assert.is(outcome.counts.tags, 4);
      for (const [name, { digest }] of [
        ['team/app:1.0', single],
        ['team/app:multi', multi],
        ['team/app:sbom', sbom],
        ['other:big', big],
      ] as const) {
        const raw = await skopeo(
          'inspect',
          '--raw',
          '--tls-verify=false',
          `docker://${two.host}/copy/${name}`,
        );
        assert.is(digestOf(Buffer.from(raw)), digest, name);
      }
      await skopeo(
        'copy',
        '--all',
        '--src-tls-verify=false',
        `docker://${two.host}/copy/team/app:multi`,
        `oci:${folder}/down:multi`,
      );
      const { manifests } = JSON.parse(readFileSync(join(folder, 'down', 'index.json'), 'utf8'));
      assert.is(manifests[0].digest, multi.digest);

      const requests: string[] = [];
      const again = await runEngine(request, {
        env: {},
        observe: ({ method, url }) => requests.push(`${method} ${url.pathname}`),
      });
      assert.is(again.counts.equal, 4);
      assert.is(requests.filter((each) => each.startsWith('HEAD')).length, 8, 'one for each tag and side');
      assert.not.ok(requests.some((each) => /^(?:PUT|POST)/.test(each)));
    } finally {
      await Promise.all([one.stop(), two.stop()]);
      rmSync(folder, { recursive: true, force: true });
    }
  },
);

testWith(test, ['docker-registry', 'skopeo'], 'from the emulator to a real registry and back', async () => {
  const real = await startDockerRegistry();
  try {
    await withEmulator(async (emulator, copy) => {
      const { single, multi, sbom } = await fill(emulator);
      const out = await copy({ destination: { is: 'registry', host: real.host, path: 'copy' } });
      assert.is(out.error, undefined);
      const raw = await skopeo(
        'inspect',
        '--raw',
        '--tls-verify=false',
        `docker://${real.host}/copy/team/app:multi`,
      );
      assert.is(digestOf(Buffer.from(raw)), multi?.digest);
      const back = await copy({ source: { is: 'registry', host: real.host, path: 'copy' } });
      assert.is(back.error, undefined);
      const names = await listed(emulator, follower);
      assert.equal(names[`team%2Fapp@${single?.digest}`], ['1.0', 'latest']);
      assert.ok(sbom);
    });
  } finally {
    await real.stop();
  }
});

/** The program itself. */
async function job(...args: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  const program = fileURLToPath(new URL('../job/cli.ts', import.meta.url));
  return run(process.execPath, ['--import', 'tsx', program, ...args], {
    env: { ...process.env, DOCKER_CONFIG: '/' },
  }).then(
    ({ stdout, stderr }) => ({ code: 0, stdout, stderr }),
    ({ code, stdout, stderr }) => ({ code, stdout, stderr }),
  );
}

test('the command: a report, a document, log entries, exit codes', () =>
  withTwoRegistries(async (one, two) => {
    const from = one.repository('base/app');
    imageIn(from, ['good'], { tag: 'good' });
    const copy = (...args: string[]) =>
      job(
        'copy',
        '--engine',
        'job',
        '--source',
        `docker://${one.host}/base/`,
        '--destination',
        `docker://${two.host}/copy`,
        ...args,
      );
    const first = await copy();
    assert.is(first.code, 0, first.stderr);
    assert.match(
      first.stdout,
      /^docker:\/\/127\.0\.0\.1:\d+\/copy: done in .*: 1 image copied, 0 equal already, 1 tag, 2 blobs sent/,
    );
    const last = JSON.parse(first.stderr.trim().split('\n').at(-1) ?? '{}');
    assert.is(last.replicator.state, 'succeeded');
    assert.is(last.replicator.counts.copied, 1);

    const bad = imageIn(from, ['bad'], { tag: 'bad' });
    for (const { digest } of from.read(bad).layers) from.blobs.delete(digest);
    const second = await copy('--json', '--log', 'text');
    assert.is(second.code, 3);
    const [{ state, failures, counts }] = JSON.parse(second.stdout).destinations;
    assert.is(state, 'partlyFailed');
    assert.is(counts.equal, 1);
    assert.is(failures[0].what, 'app:bad');
    assert.match(second.stderr, /warning: app:bad: the source is at fault: it has no blob/);
    assert.is((await copy('--allow-skipped-versions')).code, 0);
    assert.is((await copy('--tag', 'good')).code, 0);
    const none = await copy('--moved', 'sometimes');
    assert.is(none.code, 64);
  }));

test.run();
