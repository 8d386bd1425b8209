import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Sent } from './call.ts';
import { isGoogle, tokenCredentials } from './credentials.ts';
import { failureOf, refused, repository, scriptedRegistry } from './testing.ts';
import { ConnectionError } from './transport.ts';

const test = suite('call');
const facts = { body: { name: 'projects/acme/locations/us/repositories/prod', format: 'DOCKER' } };

test('passing failures are repeated, with waits between', async () => {
  const failures = [
    () => refused(429),
    () => refused(500),
    () => refused(503, 'later', { 'retry-after': '20' }),
    () => Promise.reject(new ConnectionError('socket hang up', true)),
    () => facts,
  ];
  const observed: Sent[] = [];
  const { registry, sent, clock } = scriptedRegistry((_, index) => (failures[index] ?? (() => facts))(), {
    observe: (one) => observed.push(one),
  });
  assert.is((await registry.repository(repository)).format, 'DOCKER');
  assert.is(sent.length, 5);
  assert.equal(
    observed.map(({ status, attempt }) => [status, attempt]),
    [
      [429, 1],
      [500, 2],
      [503, 3],
      [0, 4],
      [200, 5],
    ],
  );
  assert.ok(clock.slept.includes(20_000));
});

test('gives up after so many, and says what the last answer was', async () => {
  const { registry, sent } = scriptedRegistry(() => refused(503, 'The service is currently unavailable.'));
  const error = await failureOf(registry.repository(repository));
  assert.is(sent.length, 8);
  assert.is(error.kind, 'unavailable');
  assert.is(
    error.message,
    'cannot read projects/acme/locations/us/repositories/prod (sent 8 times): 503: The service is currently unavailable.',
  );
  const lost = scriptedRegistry(() => Promise.reject(new ConnectionError('connect ECONNREFUSED', false)));
  const none = await failureOf(lost.registry.repository(repository));
  assert.equal([none.kind, none.status], ['unavailable', 0]);
  assert.match(none.message, /connect ECONNREFUSED \(sent 8 times\)/);
  // The job has the flag, a person's `npm run plan` has not.
  const busy = await failureOf(scriptedRegistry(() => refused(429)).registry.repository(repository));
  assert.match(busy.message, /Try again in a minute, lower the job's --requests-per-minute, or ask for/);
});

test('a refusal is told at once, with what to do', async () => {
  const cases: [number, string, RegExp][] = [
    [400, 'refused', /400: because/],
    [401, 'permission', /gcloud auth application-default login/],
    [
      403,
      'permission',
      /grant roles\/artifactregistry\.reader on projects\/acme\/locations\/us\/repositories\/prod to whoever asks \(you, or/,
    ],
    [404, 'not-found', /does not exist/],
    [409, 'refused', /409/],
    [501, 'refused', /501/],
  ];
  for (const [status, kind, text] of cases) {
    const { registry, sent } = scriptedRegistry(() => refused(status));
    const error = await failureOf(registry.repository(repository));
    assert.equal([error.kind, error.status, sent.length], [kind, status, 1]);
    assert.match(error.message, text);
  }
});

test('roles are those that the call needs', async () => {
  const { registry } = scriptedRegistry(() => refused(403));
  const roles: [() => Promise<unknown>, RegExp][] = [
    [() => registry.version(repository, 'a', 'sha256:1'), /artifactregistry\.reader/],
    [() => registry.createTag(repository, 'a', 't', 'sha256:1'), /artifactregistry\.writer/],
    [() => registry.moveTag(repository, 'a', 't', 'sha256:1'), /artifactregistry\.writer/],
    [() => registry.deleteTag(repository, 'a', 't'), /artifactregistry\.repoAdmin/],
    [() => registry.setLabels(repository, { a: 'b' }), /artifactregistry\.reader/],
    [
      () => registry.copy(repository, { ...repository, location: 'eu' }, {}),
      /writer on .*locations\/eu.*\.reader on .*locations\/us/,
    ],
  ];
  for (const [work, role] of roles) {
    const error = await failureOf(work());
    assert.is(error.kind, 'permission');
    assert.match(error.message, role);
  }
});

test('pages that are not the service’s are told apart from what it says', async () => {
  const html = { status: 404, body: '<html><title>Error 404</title>\n<p>Not here.</html>' };
  const { registry } = scriptedRegistry(() => html);
  const error = await failureOf(registry.version(repository, 'a', 'sha256:1'));
  assert.equal([error.kind, error.status], ['malformed', 404]);
  assert.match(error.message, /not the service's own: Error 404 Not here\./);
});

test('messages are one short line, whatever the service says', async () => {
  const { registry } = scriptedRegistry(() => refused(400, `\u001b[31mred\n\n${'long '.repeat(1000)}`));
  const { message } = await failureOf(registry.repository(repository));
  assert.ok(message.length < 700);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not be there
  assert.not.match(message, /[\u0000-\u001f]/);
});

test('a token that is refused is renewed once', async () => {
  let count = 0;
  const credentials = tokenCredentials(
    async () => ({ value: `secret-${++count}`, expires: undefined }),
    isGoogle,
  );
  const good = scriptedRegistry(
    ({ headers }) => (headers.authorization === 'Bearer secret-2' ? facts : refused(401)),
    {
      credentials,
    },
  );
  await good.registry.repository(repository);
  await good.registry.repository(repository);
  assert.is(good.sent.length, 3);
  const bad = scriptedRegistry(() => refused(401), { credentials });
  const error = await failureOf(bad.registry.repository(repository));
  assert.is(error.kind, 'permission');
  assert.is(bad.sent.length, 2);
  assert.not.match(error.message, /secret/);
});

test('a 429 holds up everybody', async () => {
  const times: number[] = [];
  const { registry, clock } = scriptedRegistry((_, index) => {
    times.push(clock.now());
    return index === 0 ? refused(429, 'quota', { 'retry-after': '30' }) : facts;
  });
  const first = registry.repository(repository);
  await new Promise((resolve) => setTimeout(resolve, 5));
  await Promise.all([first, registry.repository(repository), registry.repository(repository)]);
  const [start = 0, ...later] = times;
  assert.is(later.length, 3);
  for (const time of later) assert.ok(time - start >= 30_000);
});

test('labels of others stay, and nothing is written that is there', async () => {
  const { registry, sent } = scriptedRegistry(() => ({
    body: { ...facts.body, labels: { team: 'x', mine: 'old' } },
  }));
  await registry.setLabels(repository, { mine: 'old' });
  assert.is(sent.length, 1);
  await registry.setLabels(repository, { mine: 'new' });
  const patch = sent.at(-1);
  assert.match(patch?.url ?? '', /prod\?updateMask=labels$/);
  assert.equal(JSON.parse(patch?.body ?? ''), {
    name: 'projects/acme/locations/us/repositories/prod',
    labels: { team: 'x', mine: 'new' },
  });
});

test('a repository shows what a mirror must know', async () => {
  const resource = {
    ...facts.body,
    format: 'BRAND_NEW',
    mode: 'ASSURED_OSS_REPOSITORY',
    labels: { a: 'b', odd: 5 },
    dockerConfig: { immutableTags: true },
    cleanupPolicies: { old: { action: 'DELETE' }, keep: { action: 'KEEP' }, odd: null },
    something: { new: [] },
  };
  const { registry } = scriptedRegistry((_, index) => ({
    body:
      index === 0 ? resource : { ...resource, cleanupPolicyDryRun: true, mode: undefined, dockerConfig: {} },
  }));
  assert.equal(await registry.repository(repository), {
    name: repository,
    format: 'BRAND_NEW',
    mode: 'ASSURED_OSS_REPOSITORY',
    labels: { a: 'b' },
    immutableTags: true,
    deletingPolicies: ['old'],
  });
  const other = await registry.repository(repository);
  assert.equal([other.deletingPolicies, other.mode, other.immutableTags], [[], 'STANDARD_REPOSITORY', false]);
});

test.run();
