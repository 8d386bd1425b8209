import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { failureOf, refused, repository, type Scripted, scriptedRegistry } from './testing.ts';
import { ConnectionError } from './transport.ts';

const test = suite('copy operation');
const follower = { ...repository, location: 'europe-west1' };
const [source, destination] = ['us', 'europe-west1'].map(
  (place) => `projects/acme/locations/${place}/repositories/prod`,
);
const name = 'projects/acme/locations/europe-west1/operations/o';

test('is asked for with what was set, and nothing else', async () => {
  const { registry, sent } = scriptedRegistry(() => ({ body: { name } }));
  assert.is(await registry.copy(repository, follower, { maxVersionAgeDays: 7 }), name);
  assert.is(sent[0]?.url, `https://artifactregistry.googleapis.com/v1/${destination}:copyRepository`);
  assert.is(sent[0]?.ownConnection, true);
  assert.equal(JSON.parse(sent[0]?.body ?? ''), {
    sourceRepository: source,
    behavior: { maxVersionAgeDays: 7 },
  });
  await registry.copy(repository, follower, {});
  assert.equal(JSON.parse(sent[1]?.body ?? ''), { sourceRepository: source });
});

test('is asked for again only where nothing can have started', async () => {
  const answers: (() => Scripted | Promise<Scripted>)[] = [
    () => refused(429, 'quota', { 'retry-after': '3' }),
    () => Promise.reject(new ConnectionError('ECONNREFUSED', false)),
    () => ({ body: { name } }),
  ];
  const good = scriptedRegistry((_, index) => answers[index]?.() ?? {});
  assert.is(await good.registry.copy(repository, follower, {}), name);
  assert.is(good.sent.length, 3);
  for (const answer of [
    () => refused(503),
    () => Promise.reject(new ConnectionError('socket hang up', true)),
    () => ({ body: 'cut' }),
    () => ({ body: {} }),
  ]) {
    const { registry, sent } = scriptedRegistry(answer);
    assert.is((await failureOf(registry.copy(repository, follower, {}))).kind, 'unclear');
    assert.is(sent.length, 1);
  }
});

test('says so when it is not open to the project', async () => {
  for (const answer of [refused(404), refused(501), { status: 404, body: '<html>not found</html>' }]) {
    const error = await failureOf(scriptedRegistry(() => answer).registry.copy(repository, follower, {}));
    assert.is(error.kind, 'not-available');
    assert.match(error.message, /CopyRepository is not there for .*europe-west1/);
  }
  const rejected = await failureOf(
    scriptedRegistry(() => refused(400, 'bad field')).registry.copy(repository, follower, {}),
  );
  assert.is(rejected.kind, 'refused');
  assert.match(rejected.message, /400: bad field/);
});

test('shows its counts, which come as text or not at all', async () => {
  const samples = Array.from({ length: 9 }, (_, index) => ({
    version: `v${index}`,
    error: { code: 5, message: 'lost\nfile' },
  }));
  const looks: unknown[] = [
    { name },
    {
      name,
      metadata: { versionsCopiedCount: '3', totalVersionsCount: '10', copyStartTime: '2026-01-01T00:00:00Z' },
    },
    {
      name,
      done: true,
      metadata: { versionsCopiedCount: '3', totalVersionsCount: '10', copyStartTime: '2026-01-01T00:00:00Z' },
      response: {
        versionsCopiedCount: '8',
        skippedVersionErrorCount: '2',
        skippedVersionErrorSamples: samples,
      },
    },
    { name, done: true, error: { code: 13, message: 'broke' }, metadata: { versionsCopiedCount: '4' } },
    { name, done: true, error: { code: 13 } },
  ];
  const { registry } = scriptedRegistry((_, index) => ({ body: looks[index] }));
  const nothing = {
    done: false,
    copied: 0,
    skipped: 0,
    total: 0,
    copyStartTime: undefined,
    skippedVersions: [],
    error: undefined,
  };
  assert.equal(await registry.copyProgress(name), nothing);
  const running = { ...nothing, copied: 3, total: 10, copyStartTime: '2026-01-01T00:00:00Z' };
  assert.equal(await registry.copyProgress(name), running);
  assert.equal(await registry.copyProgress(name), {
    ...running,
    done: true,
    copied: 8,
    skipped: 2,
    skippedVersions: [0, 1, 2, 3, 4].map((index) => ({ version: `v${index}`, error: 'lost file' })),
  });
  assert.equal(await registry.copyProgress(name), { ...nothing, done: true, copied: 4, error: 'broke' });
  assert.is((await registry.copyProgress(name)).error, 'code 13');
});

test('is found again by its pair', async () => {
  const since = Date.UTC(2026, 0, 1);
  const operation = (id: string, more: Record<string, unknown>, metadata: Record<string, unknown> = {}) => ({
    name: `projects/acme/locations/europe-west1/operations/${id}`,
    metadata: { sourceRepository: source, destinationRepository: destination, ...metadata },
    ...more,
  });
  const find = (answer: Scripted) =>
    scriptedRegistry(() => answer).registry.findCopy(repository, follower, since);
  const others = [
    { name: 'projects/acme/locations/europe-west1/operations/import', metadata: {} },
    operation('elsewhere', {}, { destinationRepository: 'x' }),
    operation('old', { done: true }, { copyStartTime: '2025-12-31T23:00:00Z' }),
    operation('undated', { done: true }),
    null,
    { odd: true },
  ];
  assert.is(await find({ body: { operations: others } }), undefined);
  assert.match(
    (await find({ body: { operations: [...others, operation('running', {})] } })) ?? '',
    /\/running$/,
  );
  const just = operation('just', { done: true }, { copyStartTime: '2026-01-01T00:00:01Z' });
  assert.match((await find({ body: { operations: [...others, just] } })) ?? '', /\/just$/);
  for (const answer of [refused(501), refused(404), refused(403), { body: 'nonsense' }, { body: {} }])
    assert.is(await find(answer), undefined);
});

test.run();
