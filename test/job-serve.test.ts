import { request as httpRequest } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Answered } from '../emulator/answer.ts';
import { seed } from '../emulator/registry/seed.ts';
import { type Emulator, startEmulator } from '../emulator/server.ts';
import { entriesOf, type Running, startJob, startQuickEmulator } from './job-cli-process.ts';
import { type Answer, send } from './rest.ts';

const name = (location: string) => `projects/acme/locations/${location}/repositories/prod`;
const leader = name('europe-west1');
const [one, two] = [name('us-central1'), name('asia')];
const old = Date.now() - 7 * 24 * 3600 * 1000;
const content = (...ids: string[]) => ({
  format: 'GENERIC',
  packages: { app: ids.map((id) => ({ id, createTime: old, files: { 'a.txt': `content of ${id}` } })) },
});
const json = { 'content-type': 'application/json' };
const quick = ['--initial-delay', '1', '--max-delay', '1'];

function fill({ registry }: Emulator): void {
  seed(registry, leader, content('1', '2', '3'));
  seed(registry, one, content('1'));
  seed(registry, two, content());
}

/** A server that listens. */
interface Served extends Running {
  readonly url: string;
  post(body?: unknown, headers?: Record<string, string>): Promise<Answer>;
  stop(): Promise<void>;
}

async function serve(
  emulator: Emulator,
  args: readonly string[] = [],
  env: Record<string, string> = {},
): Promise<Served> {
  const running = startJob(
    ['serve', '--source', leader, '--destination', one, '--destination', two, '--port', '0', ...args],
    { REPLICATOR_EMULATOR_HOST: emulator.host, LISTEN_HOST: '127.0.0.1', AUTH: 'none', ...env },
  );
  const [, url = ''] = await running.said(/listening on (http:\/\/[\d.]+:\d+)/);
  return {
    ...running,
    url,
    post: (body, headers = json) => send(`${url}/copy`, 'POST', body, body === undefined ? {} : headers),
    async stop() {
      running.child.kill('SIGKILL');
      await running.ended;
    },
  };
}

const http = suite('POST /copy');
let requests: Answered[] = [];
let emulator: Emulator;
let server: Served;

http.before(async () => {
  emulator = await startQuickEmulator({ onRequest: (answered) => requests.push(answered) });
  fill(emulator);
  server = await serve(emulator, quick);
});
http.before.each(() => {
  requests = [];
  emulator.faults.set([]);
});
http.after(async () => {
  await server.stop();
  await emulator.close();
});

http('as configured, without a body: one result for each destination', async () => {
  const { status, body, headers } = await server.post();
  assert.is(status, 200, JSON.stringify(body));
  assert.is(headers.get('cache-control'), 'no-store');
  assert.equal(
    [body.state, body.source, body.copied, body.deleted, body.dryRun],
    ['succeeded', leader, 6, 0, false],
  );
  assert.equal(
    body.results.map((row: { destination: string; state: string; copied: number }) => [
      row.destination,
      row.state,
      row.copied,
    ]),
    [
      [one, 'succeeded', 3],
      [two, 'succeeded', 3],
    ],
  );
  assert.match(body.results[0].operation, /^projects\/acme\/locations\/us-central1\/operations\//);
  assert.match(body.results[0].copyStartTime, /^\d{4}-/);
});

http('a subset, in a dry run: nothing is written', async () => {
  const { status, body } = await server.post({
    destinations: [two],
    dryRun: true,
    copy: { maxVersionAgeDays: 3 },
  });
  assert.is(status, 200);
  assert.is(body.state, 'dryRun');
  assert.equal(
    body.results.map(({ destination, state }: { destination: string; state: string }) => [
      destination,
      state,
    ]),
    [[two, 'dryRun']],
  );
  assert.equal(body.results[0].request.body, {
    sourceRepository: leader,
    behavior: { maxVersionAgeDays: 3 },
  });
  assert.equal(
    requests.filter(({ method }) => method !== 'GET'),
    [],
  );
});

http('not waited for: 202, and the operations by name', async () => {
  const { status, body } = await server.post({ wait: false });
  assert.is(status, 202);
  assert.is(body.state, 'started');
  assert.match(body.results[1].operation, /operations/);
});

http('some fail: 207; all fail: 502; the reason is there', async () => {
  const denied = { error: { code: 403, message: 'Permission denied.', status: 'PERMISSION_DENIED' } };
  emulator.faults.set([{ method: 'POST', path: `*${one}:copyRepository`, status: 403, body: denied }]);
  const some = await server.post({});
  assert.is(some.status, 207);
  assert.is(some.body.state, 'partlyFailed');
  assert.match(some.body.message, /1 of 2 destinations failed; .*Permission denied/);
  assert.equal(
    some.body.results.map(({ state }: { state: string }) => state),
    ['failed', 'succeeded'],
  );
  emulator.faults.set([{ copy: two, skip: 'app@1' }]);
  const skipped = await server.post({ destinations: [two], copy: { continueOnSkippedVersion: true } });
  assert.is(skipped.status, 207);
  assert.is(skipped.body.skipped, 1);
  emulator.faults.set([{ method: 'POST', path: '*:copyRepository', status: 403, body: denied }]);
  const all = await server.post({});
  assert.is(all.status, 502);
  assert.is(all.body.state, 'failed');
});

http('a body that is wrong: 400 with every fault, and nothing is done', async () => {
  const { status, body } = await server.post({
    destinatons: [],
    mirror: { maxDeletions: 1e6 },
    copy: { maxVersionAgeDays: -1 },
  });
  assert.is(status, 400);
  assert.equal(
    body.error.faults.map(({ text }: { text: string }) => text),
    [
      'copy.maxVersionAgeDays: -1 is below 0; write a whole number from 0 to 36500',
      'destinatons: unknown field; did you mean destinations?',
    ],
  );
  const wide = await server.post({ source: one, mirror: true, poll: { initialDelay: 60 } });
  assert.is(wide.status, 400);
  assert.equal(wide.body.error.faults.map(({ at }: { at: string }) => at).sort(), ['mirror', 'source']);
  const across = await server.post({ poll: { initialDelay: 60 } });
  assert.match(across.body.error.faults[0].text, /^poll\.initialDelay: 60 s is above poll\.maxDelay, 1 s/);
  for (const text of ['{', '{} {}']) assert.is((await server.post(text)).status, 400, text);
  // None at all is not a wrong one, whatever its type.
  assert.is((await server.post('')).status, 200);
  assert.is((await server.post(new Uint8Array([0x22, 0xff, 0x22]))).status, 400);
  assert.is((await server.post('[]')).status, 400);
});

http('other kinds of body, too long a body, other methods and paths', async () => {
  assert.is((await server.post('dryRun: true', { 'content-type': 'text/yaml' })).status, 415);
  assert.is((await server.post('{}', {})).status, 415);
  assert.is(
    (await server.post('{"dryRun":true}', { 'content-type': 'Application/JSON; charset=utf-8' })).status,
    200,
  );
  const long = JSON.stringify({ destinations: ['x'.repeat(70_000)] });
  assert.is((await server.post(long)).status, 413);
  assert.is(await chunked(`${server.url}/copy`, long), 413);
  const method = await send(`${server.url}/copy`);
  assert.equal([method.status, method.headers.get('allow')], [405, 'POST']);
  assert.is((await send(`${server.url}/healthz`, 'POST')).status, 405);
  assert.is((await send(`${server.url}/`)).status, 404);
  const page = await server.post({}, { ...json, origin: 'https://evil.example' });
  assert.is(page.status, 403);
});

/** Without a length that could be looked at beforehand. */
function chunked(url: string, body: string): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const outgoing = httpRequest(url, { method: 'POST', headers: json }, (answer) => {
      answer.resume();
      resolve(answer.statusCode);
    });
    outgoing.on('error', reject);
    for (let at = 0; at < body.length; at += 10_000) outgoing.write(body.slice(at, at + 10_000));
    outgoing.end();
  });
}

http('health and figures', async () => {
  const health = await send(`${server.url}/healthz`);
  assert.equal([health.status, health.body], [200, { status: 'ok', running: false }]);
  const before = await figures();
  await server.post({ destinations: [one] });
  const denied = { error: { code: 403, message: 'no', status: 'PERMISSION_DENIED' } };
  emulator.faults.set([{ method: 'POST', path: '*:copyRepository', status: 403, body: denied }]);
  await server.post({ destinations: [one] });
  const after = await figures();
  const grown = (name: string) => (after.get(name) ?? 0) - (before.get(name) ?? 0);
  assert.is(grown('replicator_runs_total{state="succeeded"}'), 1);
  assert.is(grown('replicator_runs_total{state="failed"}'), 1);
  assert.is(grown(`replicator_copied_total{destination="${one}"}`), 3);
  assert.is(grown(`replicator_failures_total{destination="${one}"}`), 1);
  for (const state of ['succeeded', 'failed'])
    assert.is(grown(`replicator_duration_count{state="${state}"}`), 1);
  assert.is(grown(`replicator_lag_count{destination="${one}"}`), 1);
  assert.is(after.get('replicator_runs_in_progress'), 0);
  for (const name of ['skipped', 'deleted'])
    assert.ok(after.has(`replicator_${name}_total{destination="${one}"}`));
});

async function figures(): Promise<Map<string, number>> {
  const { status, body, headers } = await send(`${server.url}/metrics`);
  assert.is(status, 200);
  assert.match(headers.get('content-type') ?? '', /^text\/plain; version=0\.0\.4/);
  const lines = (body as string).split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  return new Map(
    lines.map((line) => [
      line.slice(0, line.lastIndexOf(' ')),
      Number(line.slice(line.lastIndexOf(' ') + 1)),
    ]),
  );
}

http.run();

const life = suite('serve');

/** Copies that take a while. */
async function withSlow(
  seconds: number,
  args: readonly string[],
  body: (server: Served, emulator: Emulator) => Promise<void>,
) {
  const slow = await startEmulator({ behavior: { copyMinimumSeconds: seconds, copyStartSeconds: 0 } });
  fill(slow);
  const running = await serve(slow, [...quick, ...args]);
  try {
    await body(running, slow);
  } finally {
    await running.stop();
    await slow.close();
  }
}

life('one run at a time; SIGTERM lets it end, takes no other, and exits 0', () =>
  withSlow(3, [], async (running) => {
    const first = running.post();
    await running.said(/copy started/);
    assert.equal((await send(`${running.url}/healthz`)).body, { status: 'ok', running: true });
    const second = await running.post({});
    assert.is(second.status, 409);
    assert.match((await send(`${running.url}/metrics`)).body, /replicator_runs_in_progress 1/);
    running.child.kill('SIGTERM');
    await running.said(/going down, after the running copy/);
    const refused = await send(`${running.url}/healthz`).catch((error: Error) => error);
    assert.instance(refused, Error, 'no new connection is taken');
    const { status, body } = await first;
    assert.equal([status, body.state, body.copied], [200, 'succeeded', 6]);
    const ended = await running.ended;
    assert.is(ended.code, 0, ended.stderr);
    assert.equal(entriesOf(ended).at(-1)?.message, 'down');
  }),
);

life('a run that outlasts the grace is given up: 503, and exit 0 all the same', () =>
  withSlow(60, ['--grace', '1'], async (running) => {
    const first = running.post();
    await running.said(/copy started/);
    const since = Date.now();
    running.child.kill('SIGTERM');
    const { status, body } = await first;
    assert.is(status, 503);
    assert.match(body.error.message, /goes on in Artifact Registry/);
    const ended = await running.ended;
    assert.is(ended.code, 0, ended.stderr);
    assert.ok(Date.now() - since < 40_000, 'not until the copy is done');
    assert.match(ended.stderr, /its operations go on/);
  }),
);

life('nobody waits: SIGTERM ends it at once, kept connections or not', async () => {
  const quiet = await startQuickEmulator();
  fill(quiet);
  const running = await serve(quiet);
  await send(`${running.url}/healthz`);
  const since = Date.now();
  running.child.kill('SIGTERM');
  assert.is((await running.ended).code, 0);
  assert.ok(Date.now() - since < 3000);
  await quiet.close();
});

life('a mirror and a verification follow each copy, within limits', async () => {
  const quiet = await startQuickEmulator();
  fill(quiet);
  seed(quiet.registry, one, content('extra'));
  const running = await serve(quiet, [...quick, '--mirror', '--verify', '--max-deletion-share', '0.5']);
  try {
    const refused = await running.post({ destinations: [one] });
    assert.equal([refused.status, refused.body.copied], [207, 3]);
    assert.match(refused.body.results[0].error, /does not carry the label replicator-leader/);
    assert.is(refused.body.results[0].mirror.state, 'refused');
    const claim = startJob(['mirror', '--claim', '--source', leader, '--destination', one], {
      REPLICATOR_EMULATOR_HOST: quiet.host,
    });
    assert.is((await claim.ended).code, 0);
    const dry = await running.post({ destinations: [one], dryRun: true });
    assert.equal([dry.status, dry.body.results[0].mirror.planned], [200, { tags: 0, delete: 1 }]);
    const limited = await running.post({ destinations: [one], mirror: { maxDeletions: 0 } });
    assert.match(limited.body.message, /mirror\.maxDeletions allows 0/);
    const { status, body } = await running.post({ destinations: [one] });
    assert.is(status, 200, JSON.stringify(body));
    assert.equal(
      [body.deleted, body.results[0].mirror.deleted, body.results[0].verify.state],
      [1, 1, 'equal'],
    );
    const left = await running.post({ destinations: [one], mirror: false });
    assert.is(left.body.results[0].mirror, undefined);
    const both = await running.post({ wait: false });
    assert.match(both.body.error.faults[0].text, /^wait: mirror follows a copy that was waited for/);
  } finally {
    await running.stop();
    await quiet.close();
  }
});

life('callers may name repositories where the operator says so', async () => {
  const quiet = await startQuickEmulator();
  fill(quiet);
  const running = startJob(
    [
      'serve',
      '--port',
      '0',
      '--host',
      '127.0.0.1',
      '--auth',
      'none',
      '--allow-override',
      'source',
      '--allow-override',
      'destinations',
      ...quick,
    ],
    { REPLICATOR_EMULATOR_HOST: quiet.host },
  );
  try {
    const [, url = ''] = await running.said(/listening on (http:\/\/[\d.]+:\d+)/);
    const post = (body: unknown) => send(`${url}/copy`, 'POST', body, json);
    assert.equal(
      (await post({})).body.error.faults.map(({ at }: { at: string }) => at),
      ['source', 'destinations'],
    );
    assert.is((await post({ source: leader, destinations: [leader] })).status, 400);
    assert.is((await post({ source: leader, destinations: [two] })).body.copied, 3);
  } finally {
    running.child.kill('SIGKILL');
    await running.ended;
    await quiet.close();
  }
});

life('with identity tokens nothing but the health is open', async () => {
  const quiet = await startQuickEmulator();
  fill(quiet);
  const running = await serve(quiet, [
    '--auth',
    'google',
    '--audience',
    'https://x.run.app',
    '--allowed-email',
    'a@b.c',
  ]);
  try {
    assert.is((await send(`${running.url}/healthz`)).status, 200);
    for (const [path, method] of [
      ['metrics', 'GET'],
      ['copy', 'POST'],
    ] as const) {
      const answer = await send(`${running.url}/${path}`, method);
      assert.equal([answer.status, answer.headers.get('www-authenticate')], [401, 'Bearer'], path);
    }
    const secret = `eyJhbGciOiJSUzI1NiJ9.${Buffer.from('{"aud":"other"}').toString('base64url')}.c2VjcmV0`;
    const answer = await running.post({}, { ...json, authorization: `Bearer ${secret}` });
    assert.is(answer.status, 401);
    assert.match(answer.body.error.message, /its audience is another/);
    await pause(50);
    running.child.kill('SIGTERM');
    const { stderr } = await running.ended;
    assert.match(stderr, /turned away: the identity token is not for this service/);
    assert.not.ok(stderr.includes(secret));
  } finally {
    await running.stop();
    await quiet.close();
  }
});

life('a port that is taken, and a server that anybody could call', async () => {
  const quiet = await startQuickEmulator();
  const args = ['serve', '--source', leader, '--destination', one, '--auth', 'none', '--log', 'text'];
  const taken = await startJob([...args, '--port', String(quiet.port), '--host', '127.0.0.1']).ended;
  await quiet.close();
  assert.is(taken.code, 1);
  assert.match(taken.stderr, /^error: cannot listen on 127\.0\.0\.1:\d+: .*EADDRINUSE/m);
  const open = await startJob(args).ended;
  assert.is(open.code, 64);
  assert.match(open.stderr, /anybody who reaches 0\.0\.0\.0 could start a copy/);
});

life.run();
