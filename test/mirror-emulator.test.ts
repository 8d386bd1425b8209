/**
 * The mirror through its real client, on an emulated registry with real manifests: on both sides of every behaviour
 * that nobody has confirmed, with answers that go wrong, and killed as a process.
 */
import { execFile, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type Emulator, type EmulatorOptions, startEmulator } from '../emulator/server.ts';
import { resourceName } from '../generator/plan.ts';
import { silent } from '../job/log/log.ts';
import { claimDestination } from '../job/mirror/claim.ts';
import { mirrorDestination } from '../job/mirror/mirror.ts';
import { systemClock } from '../job/registry/clock.ts';
import { openRegistry } from '../job/registry/open.ts';
import { RegistryError } from '../job/registry/registry.ts';
import { verifyDestination } from '../job/verify/verify.ts';
import { request } from './harness.ts';
import { attachment, image, index, push } from './images.ts';
import { destination, requestWith, source } from './mirror-world.ts';
import { testWith } from './parts.ts';

const test = suite('mirror on the emulator');
const run = promisify(execFile);
const root = fileURLToPath(new URL('..', import.meta.url));

const leaderPath = `${source.location}/${source.project}/${source.repository}`;
const followerPath = `${destination.location}/${destination.project}/${destination.repository}`;

const shared = image('shared');
const child = image('child of both');
const multi = index([child, image('arm', { architecture: 'arm64' })]);
const signed = image('signed');
const extraMulti = index([child, image('only here', { architecture: 'arm64' })]);
const nested = index([extraMulti, image('deep')]);
const stale = image('stale');
const staleSignature = attachment(stale, 'signature of stale');

/** Repositories, and a follower that has diverged in every way. */
async function fill(emulator: Emulator): Promise<void> {
  const { url } = emulator;
  for (const { project, location, repository } of [source, destination])
    await request(
      emulator,
      'POST',
      `projects/${project}/locations/${location}/repositories?repositoryId=${repository}`,
      { format: 'DOCKER' },
    );
  await push(url, `${leaderPath}/team/app`, shared, 'latest');
  await push(url, `${leaderPath}/team/app`, multi, 'multi');
  await push(url, `${leaderPath}/tool`, signed, 'v1');
  await push(url, `${leaderPath}/tool`, attachment(signed, 'sbom'));

  await push(url, `${followerPath}/team/app`, shared);
  await push(url, `${followerPath}/team/app`, multi, 'multi');
  await push(url, `${followerPath}/team/app`, stale, 'latest');
  await push(url, `${followerPath}/team/app`, staleSignature);
  await push(url, `${followerPath}/team/app`, nested, 'nested');
  await push(url, `${followerPath}/tool`, signed, 'v1');
  await push(url, `${followerPath}/tool`, attachment(signed, 'sbom'));
  await push(url, `${followerPath}/gone`, image('gone'), 'v1');
}

function registryOf(emulator: Emulator) {
  return openRegistry({
    env: { REPLICATOR_EMULATOR_HOST: emulator.host },
    limits: { requests: 1e6, writes: 1e6, deletes: 1e6 },
    // Waits are not what is tested here.
    clock: { ...systemClock, sleep: (milliseconds) => systemClock.sleep(Math.min(milliseconds, 5)) },
    timeout: 2000,
  });
}

/** Everything a repository holds, by package. */
async function contents(emulator: Emulator, path: string): Promise<string> {
  const { dockerImages = [] } = await request<{ dockerImages?: { name: string; tags?: string[] }[] }>(
    emulator,
    'GET',
    `${path}/dockerImages?pageSize=1000`,
  );
  return dockerImages
    .map(({ name, tags = [] }) => `${name.slice(name.lastIndexOf('/') + 1)} ${[...tags].sort()}`)
    .sort()
    .join('\n');
}

async function withWorld(
  options: EmulatorOptions,
  body: (emulator: Emulator) => Promise<void>,
): Promise<void> {
  const emulator = await startEmulator(options);
  try {
    await fill(emulator);
    await body(emulator);
  } finally {
    await emulator.close();
  }
}

/** Without a time, so that what was pushed a moment ago is not newer than the copy. */
const later = (policy: Parameters<typeof requestWith>[0] = {}) =>
  requestWith(policy, { copyStartTime: Date.now() + 60_000 });

const claim = (emulator: Emulator) =>
  claimDestination(registryOf(emulator), later(), destination, { log: silent, show: () => {} });

for (const behavior of [
  {},
  { imageSubjectDigest: true },
  { pages: 'short' },
  { indexDeleteTakesChildren: true },
  { subjectDelete: 'allowed' },
  { emptyPackage: 'removed' },
  { operationSeconds: 0.01 },
  { blobRedirect: true, imageSubjectDigest: true, pages: 'short' },
] as const)
  test(`the follower becomes equal: ${JSON.stringify(behavior)}`, () => {
    const writes: string[] = [];
    const onRequest = ({ method, path }: { method: string; path: string }) => {
      if (method !== 'GET' && method !== 'HEAD' && !path.endsWith(':testIamPermissions'))
        writes.push(`${method} ${path}`);
    };
    return withWorld({ behavior, onRequest }, async (emulator) => {
      await claim(emulator);
      const registry = registryOf(emulator);
      const outcome = await mirrorDestination(registry, later(), destination, { log: silent });
      assert.is(outcome.state, 'succeeded', JSON.stringify([outcome.notDone, outcome.refusals]));
      assert.is(
        await contents(emulator, resourceName(destination)),
        await contents(emulator, resourceName(source)),
      );
      assert.is((await verifyDestination(registry, later(), destination)).state, 'equal');

      writes.length = 0;
      assert.is(
        (await mirrorDestination(registry, later(), destination, { log: silent })).state,
        'succeeded',
      );
      assert.equal(writes, [], 'case 24: with nothing to do, nothing is written');
    });
  });

test('other formats: versions alone, and files by their content', async () => {
  const emulator = await startEmulator();
  try {
    const { seed } = await import('../emulator/registry/seed.ts');
    const pack = (name: string, text: string) => ({ id: name, files: { [`lib-${name}.jar`]: text } });
    seed(emulator.registry, resourceName(source), {
      format: 'MAVEN',
      packages: { 'com.acme:lib': [pack('1.0', 'one'), pack('1.1', 'two')] },
    });
    seed(emulator.registry, resourceName(destination), {
      format: 'MAVEN',
      packages: { 'com.acme:lib': [pack('1.0', 'one'), pack('1.1', 'CHANGED'), pack('0.9', 'old')] },
    });
    await claim(emulator);
    const registry = registryOf(emulator);
    const outcome = await mirrorDestination(registry, later(), destination, { log: silent });
    assert.is(outcome.deleted, 1, JSON.stringify([outcome.notDone, outcome.refusals]));
    const report = await verifyDestination(registry, later(), destination);
    assert.is(report.state, 'different');
    assert.equal(
      report.files.map(({ kind, owner }) => [kind, owner]),
      [['differs', 'com.acme:lib@1.1']],
    );
  } finally {
    await emulator.close();
  }
});

test('pipelines have tags: what a protected one is on stays, the others are mirrored', async () => {
  const emulator = await startEmulator();
  try {
    const { digestOf, seed } = await import('../emulator/registry/seed.ts');
    const template = (text: string, tags: string[]) => ({ id: digestOf(text), tags, files: { yaml: text } });
    const both = [template('one', []), template('two', [])];
    seed(emulator.registry, resourceName(source), {
      format: 'KFP',
      packages: { train: both.map((each) => ({ ...each, tags: each === both[1] ? ['latest'] : ['v1'] })) },
    });
    seed(emulator.registry, resourceName(destination), {
      format: 'KFP',
      packages: { train: [...both, template('own', ['keep-me']), template('stale', ['latest'])] },
    });
    await claim(emulator);
    const policy = { protect: { tags: ['keep-*'], packages: [], newerThanDays: 0 } };
    const outcome = await mirrorDestination(registryOf(emulator), later(policy), destination, {
      log: silent,
    });
    assert.equal(
      [outcome.state, outcome.created, outcome.moved, outcome.deleted, outcome.notDone],
      ['succeeded', 1, 1, 1, []],
    );
    const packages = `${resourceName(destination)}/packages/train`;
    const { tags } = await request<{ tags: { name: string; version: string }[] }>(
      emulator,
      'GET',
      `${packages}/tags`,
    );
    assert.equal(
      tags.map(({ name, version }) => [name, version].map((each) => each.slice(packages.length + 1))),
      [
        ['tags/keep-me', `versions/${digestOf('own')}`],
        ['tags/latest', `versions/${digestOf('two')}`],
        ['tags/v1', `versions/${digestOf('one')}`],
      ],
    );
  } finally {
    await emulator.close();
  }
});

test('an answer that goes wrong, at any request, loses nothing; the next run ends equal', async () => {
  let requests = 0;
  let expected = '';
  await withWorld({ onRequest: () => requests++ }, async (emulator) => {
    await claim(emulator);
    requests = 0;
    await mirrorDestination(registryOf(emulator), later(), destination, { log: silent });
    expected = await contents(emulator, resourceName(destination));
  });
  assert.ok(requests > 30, `${requests} requests`);
  const kinds = [
    { status: 429, headers: { 'retry-after': '0' } },
    { status: 500 },
    { status: 503 },
    { reset: true as const },
    { truncate: 3 },
    { status: 403 },
    { status: 404 },
    { status: 200, body: {} },
  ];
  // Every request is hit by one kind of fault; which kind goes round, so that all are seen.
  for (let after = 0; after < requests; after += 3)
    await withWorld({}, async (emulator) => {
      await claim(emulator);
      const fault = kinds[(after / 3) % kinds.length] ?? { status: 500 };
      const leader = await contents(emulator, resourceName(source));
      emulator.faults.set([{ path: '*', after, times: after % 2 === 0 ? 1 : 10, ...fault }]);
      const what = `${JSON.stringify(fault)} after ${after}`;
      try {
        await mirrorDestination(registryOf(emulator), later(), destination, { log: silent });
      } catch (error) {
        assert.instance(error, RegistryError, `${what}: ${(error as Error).stack}`);
      }
      emulator.faults.set([]);
      assert.is(await contents(emulator, resourceName(source)), leader, `${what}: the leader is untouched`);
      const there = new Set(
        (await contents(emulator, resourceName(destination))).split('\n').map((line) => line.split(' ')[0]),
      );
      for (const line of leader.split('\n'))
        assert.ok(there.has(line.split(' ')[0]), `${what}: lost ${line}`);
      const again = await mirrorDestination(registryOf(emulator), later(), destination, { log: silent });
      assert.is(again.state, 'succeeded', `${what}: ${JSON.stringify(again.notDone)}`);
      assert.is(await contents(emulator, resourceName(destination)), expected, what);
    });
});

test('killed as a process after any number of requests, and run again, it ends equal', async () => {
  for (const after of [3, 9, 15, 22, 30, 40]) {
    let requests = 0;
    let kill = () => {};
    const onRequest = () => {
      if (++requests === after) kill();
    };
    await withWorld({ onRequest }, async (emulator) => {
      await claim(emulator);
      requests = 0;
      const job = [
        '--import',
        'tsx',
        'job/cli.ts',
        'mirror',
        '--source',
        resourceName(source),
        '--destination',
        resourceName(destination),
        '--max-deletion-share',
        '1',
        '--all-attachments-included',
        '--copy-start-time',
        new Date(Date.now() + 60_000).toISOString(),
      ];
      const env = { ...process.env, REPLICATOR_EMULATOR_HOST: emulator.host };
      const process_ = spawn(process.execPath, job, { cwd: root, env, stdio: 'ignore' });
      kill = () => process_.kill('SIGKILL');
      await new Promise((resolve) => process_.on('close', resolve));
      kill = () => {};
      const { stdout } = await run(process.execPath, job, { cwd: root, env });
      assert.match(stdout, /equal to the source/);
      assert.is(
        await contents(emulator, resourceName(destination)),
        await contents(emulator, resourceName(source)),
      );
    });
  }
});

testWith(test, ['skopeo'], 'skopeo reads everything of a follower after a mirror', () =>
  withWorld({}, async (emulator) => {
    await claim(emulator);
    await mirrorDestination(registryOf(emulator), later(), destination, { log: silent });
    for (const [path, tag, digest] of [
      ['team/app', 'latest', shared.digest],
      ['team/app', 'multi', multi.digest],
      ['tool', 'v1', signed.digest],
    ] as const) {
      const name = `docker://${emulator.host}/${followerPath}/${path}`;
      const { stdout } = await run('skopeo', [
        'inspect',
        '--tls-verify=false',
        '--format',
        '{{.Digest}}',
        `${name}:${tag}`,
      ]);
      assert.is(stdout.trim(), digest);
      const tags = JSON.parse((await run('skopeo', ['list-tags', '--tls-verify=false', name])).stdout);
      assert.equal(tags.Tags, path === 'tool' ? ['v1'] : ['latest', 'multi']);
    }
  }),
);

test.run();
