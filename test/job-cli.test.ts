import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Answered } from '../emulator/answer.ts';
import { seed, type VersionSeed } from '../emulator/registry/seed.ts';
import type { Emulator } from '../emulator/server.ts';
import { main } from '../job/commands/main.ts';
import { commandNames } from '../job/settings/field.ts';
import { entriesOf, job, startJob, startQuickEmulator } from './job-cli-process.ts';

const cli = suite('job');
const week = 7 * 24 * 3600 * 1000;
const name = (location: string, repository = 'prod') =>
  `projects/acme/locations/${location}/repositories/${repository}`;
const leader = name('europe-west1');
let emulator: Emulator;
let requests: Answered[] = [];

/** Old enough for a mirror, with files to compare. */
function versions(...ids: string[]): VersionSeed[] {
  const createTime = Date.now() - week;
  return ids.map((id) => ({ id, createTime, files: { 'a.txt': `content of ${id}` } }));
}

function fill(repository: string, ...ids: string[]): string {
  seed(emulator.registry, repository, { format: 'GENERIC', packages: { app: versions(...ids) } });
  return repository;
}

const env = (more: Record<string, string> = {}) => ({ REPLICATOR_EMULATOR_HOST: emulator.host, ...more });
const to = (...destinations: string[]) => [
  ...['--source', leader],
  ...destinations.flatMap((destination) => ['--destination', destination]),
];
const quick = ['--initial-delay', '1', '--max-delay', '1'];
const writes = () =>
  requests.filter(({ method, path }) => method !== 'GET' && !path.endsWith(':testIamPermissions'));

/** In this process, for what needs none of its own. */
async function inProcess(args: readonly string[], environment: Record<string, string> = {}) {
  let [stdout, stderr] = ['', ''];
  const code = await main(args, environment, {
    stdout: { write: (text) => (stdout += text) },
    stderr: { write: (text) => (stderr += text) },
  });
  return { code, stdout, stderr };
}

cli.before(async () => {
  emulator = await startQuickEmulator({ onRequest: (answered) => requests.push(answered) });
  fill(leader, '1', '2', '3');
});
cli.before.each(() => {
  requests = [];
  emulator.faults.set([]);
});
cli.after(() => emulator.close());

for (const command of ['', ...commandNames])
  cli(`help of ${command || 'the program'}`, async () => {
    const { code, stdout, stderr } = await inProcess([command, '--help'].filter(Boolean));
    assert.is(code, 0);
    assert.is(stderr, '');
    const folder = new URL('job-cli-help/', import.meta.url);
    const file = new URL(`${command || 'job'}.txt`, folder);
    mkdirSync(folder, { recursive: true });
    if (process.env.UPDATE) writeFileSync(file, stdout);
    assert.fixture(stdout, readFileSync(file, 'utf8'), 'made anew by: UPDATE=1 npm test -- job-cli');
  });

cli('no command, one that there is not, the version', async () => {
  assert.is((await inProcess([])).code, 64);
  const unknown = await inProcess(['mirrow']);
  assert.is(unknown.code, 64);
  assert.is(unknown.stderr, 'job: "mirrow": unknown command; did you mean mirror?\n');
  assert.match((await inProcess(['--version'])).stdout, /^\d+\.\d+\.\d+\n$/);
});

cli('wrong use: 64, every fault, nothing asked, nothing of the environment', async () => {
  const secret = 'hunter2-hunter2';
  const { code, stdout, stderr } = await job(
    ['mirror', '--sorce', leader, '--max-deletion-share', '7'],
    env({
      DESTINATION_REPOSITORY: 'nowhere',
      REPLICATOR_PASSWORD: secret,
      REPLICATOR_EMULATOR_TOKEN: secret,
      OTHER: secret,
    }),
  );
  assert.is(code, 64);
  assert.is(stdout, '');
  assert.is(
    stderr,
    `job: 4 faults
  --sorce: unknown flag; did you mean --source?
  REPLICATOR_PASSWORD: unknown variable; variables are listed in docs/job.md
  DESTINATION_REPOSITORY: malformed repository name "nowhere": it is not the whole name; write "projects/PROJECT/locations/LOCATION/repositories/nowhere"
  --max-deletion-share: 7 is above 1; write a number from 0 to 1
`,
  );
  assert.equal(requests, []);
});

cli('copy: a report on one stream, entries on the other, the last with the counts', async () => {
  const one = fill(name('us-central1'), '1');
  const two = fill(name('us-east1'));
  const ended = await job(['copy', ...to(one, two), ...quick], env({ REPLICATOR_NAME: 'nightly' }));
  assert.is(ended.code, 0, ended.stderr);
  assert.match(ended.stdout, /^destination +state +copied +skipped +time\n/);
  assert.match(ended.stdout, /us-central1\/repositories\/prod +done +3 +0 /);
  const entries = entriesOf(ended);
  assert.equal(entries.at(-1)?.replicator.counts, { copied: 6, skipped: 0 });
  assert.is(entries.at(-1)?.replicator.state, 'succeeded');
  const ends = entries.filter(({ replicator }) => replicator.phase === 'result' && replicator.destination);
  assert.equal(ends.map(({ replicator }) => replicator.destination).sort(), [one, two].sort());
  for (const entry of entries)
    assert.equal(
      [entry.replicator.command, (entry.replicator as { name?: string }).name],
      ['copy', 'nightly'],
    );
});

cli('copy by environment alone, started only', async () => {
  const ended = await job(
    ['copy'],
    env({
      SOURCE_REPOSITORY: leader,
      DESTINATION_REPOSITORIES: JSON.stringify([fill(name('us-west1')), fill(name('us-west2'))]),
      MAX_VERSION_AGE_DAYS: '30',
      ALL_TAGS_EXCLUDED: 'true',
      POLL_OPERATION: 'false',
      OUTPUT_JSON: '1',
    }),
  );
  assert.is(ended.code, 0, ended.stderr);
  const { destinations } = JSON.parse(ended.stdout) as {
    destinations: { state: string; operation: string }[];
  };
  assert.equal(
    destinations.map(({ state }) => state),
    ['started', 'started'],
  );
  assert.match(destinations[0]?.operation ?? '', /^projects\/acme\/locations\/us-west1\/operations\//);
  assert.is(requests.filter(({ path }) => path.includes('/operations/')).length, 0);
});

cli('copy: some fail, and the first real reason is what is read', async () => {
  const one = fill(name('europe-west2'));
  const two = fill(name('europe-west3'));
  const denied = { error: { code: 403, message: 'Permission denied.', status: 'PERMISSION_DENIED' } };
  emulator.faults.set([{ method: 'POST', path: `*${two}:copyRepository`, status: 403, body: denied }]);
  const ended = await job(['copy', ...to(one, two), ...quick, '--log', 'text'], env());
  assert.is(ended.code, 3, ended.stderr);
  const [first = ''] = ended.stderr.split('\n').filter((line) => line.startsWith('error: '));
  assert.match(first, /europe-west3.*Grant roles\/artifactregistry\.writer on .*Permission denied/);
  assert.match(
    ended.stderr,
    /warning: copy: 1 of 2 destinations failed; projects\/acme\/locations\/europe-west3.*Permission denied/,
  );
  assert.not.match(ended.stderr + ended.stdout, /\n\s+at /);
  const all = await job(['copy', ...to(two, name('asia-east1', 'missing'))], env());
  assert.is(all.code, 1, all.stderr);
  assert.match(
    entriesOf(all).at(-1)?.message ?? '',
    /^copy: 2 of 2 destinations failed; .*europe-west3.*Permission denied/,
  );
});

cli('copy: skipped versions are a partial failure, unless they are allowed', async () => {
  const one = fill(name('europe-west4'));
  emulator.faults.set([{ copy: one, skip: 'app@2' }]);
  const args = ['copy', ...to(one), ...quick, '--continue-on-skipped-version'];
  const partly = await job(args, env());
  assert.is(partly.code, 3, partly.stderr);
  assert.match(partly.stdout, /skipped .*app.*2/);
  assert.is((await job([...args, '--allow-skipped-versions'], env())).code, 0);
});

cli('copy: a dry run writes nothing and shows what would be posted', async () => {
  const one = fill(name('europe-west6'));
  const { code, stdout } = await inProcess(
    ['copy', ...to(one), '--dry-run', '--max-version-age-days=7'],
    env(),
  );
  assert.is(code, 0);
  assert.match(
    stdout,
    /would POST https:\/\/artifactregistry\.googleapis\.com\/v1\/projects\/acme\/locations\/europe-west6/,
  );
  assert.match(stdout, /"maxVersionAgeDays":7/);
  assert.equal(writes(), []);
});

cli('copy: tasks share the destinations out', async () => {
  const destinations = ['us-west3', 'us-west4', 'us-south1', 'us-east4', 'us-east5'].map((location) =>
    fill(name(location)),
  );
  const copied: string[] = [];
  for (const index of ['0', '1', '2']) {
    const variables = env({ CLOUD_RUN_TASK_INDEX: index, CLOUD_RUN_TASK_COUNT: '3' });
    const { code, stdout } = await inProcess(['copy', ...to(...destinations), ...quick, '--json'], variables);
    assert.is(code, 0);
    const document = JSON.parse(stdout) as { destinations: { destination: string }[] };
    copied.push(...document.destinations.map(({ destination }) => destination));
  }
  assert.equal(copied.sort(), destinations.sort());
});

cli('copy: stopped by a signal it says so, and exits with the signal', async () => {
  const running = startJob(['copy', ...to(fill(name('europe-west8'))), '--initial-delay', '25'], env());
  await running.said(/copy started/);
  running.child.kill('SIGTERM');
  const { code, stderr } = await running.ended;
  assert.is(code, 143);
  assert.match(stderr, /stopped by SIGTERM\. What was started goes on/);
});

cli('plan, copy, claim, mirror, verify: to an exact copy, and then nothing to do', async () => {
  const one = fill(name('europe-west9'), '1', 'extra-1');
  const run = (command: string, ...args: string[]) => inProcess([command, ...to(one), ...args], env());
  const half = ['--max-deletion-share', '0.5'];

  const planned = await run('plan', '--detailed-exitcode', ...half);
  assert.is(planned.code, 2);
  assert.match(planned.stdout, /To copy: 2 versions/);
  assert.match(planned.stdout, /To delete: 1 version,/);
  assert.match(planned.stdout, /no-claim: [\s\S]*Claim\s+it\s+with\s+"mirror\s+--claim"/);
  assert.is((await run('plan', ...half)).code, 0);

  assert.is((await run('verify')).code, 1);
  assert.is((await run('copy', ...quick)).code, 0);
  const refused = await run('mirror', ...half);
  assert.is(refused.code, 1);
  assert.match(refused.stderr, /does not carry the label replicator-leader/);
  requests = [];
  const shown = await run('mirror', '--claim', '--dry-run', ...half);
  assert.is(shown.code, 0);
  assert.match(shown.stdout, /To delete: 1 version,[\s\S]*dry run: not claimed/);
  assert.equal(writes(), []);
  const claimed = await run('mirror', '--claim', ...half);
  assert.is(claimed.code, 0);
  assert.match(claimed.stdout, /To delete: 1 version,[\s\S]*claimed: a mirror may delete in it/);

  const tooMany = await run('mirror', '--max-deletions', '0', ...half);
  assert.is(tooMany.code, 1);
  assert.match(tooMany.stderr, /1 deletions are needed .*mirror\.maxDeletions allows 0/);
  const dry = await run('mirror', '--dry-run', ...half);
  assert.is(dry.code, 0);
  assert.match(dry.stdout, /dry run: nothing was changed/);
  const mirrored = await run('mirror', ...half);
  assert.is(mirrored.code, 0, mirrored.stderr);
  assert.match(mirrored.stdout, /1 version deleted/);
  assert.equal(entriesOf(mirrored).at(-1)?.replicator.counts, {
    created: 0,
    moved: 0,
    removed: 0,
    deleted: 1,
    notDone: 0,
    kept: 0,
  });

  assert.is((await run('verify')).code, 0);
  assert.is((await run('plan', '--detailed-exitcode')).code, 0);
  requests = [];
  assert.is((await run('mirror')).code, 0);
  assert.equal(writes(), []);
});

cli('plan --json: one document, whatever fails', async () => {
  const one = fill(name('europe-west10'), '1');
  const { code, stdout, stderr } = await inProcess(
    ['plan', ...to(one, name('europe-west12', 'missing')), '--json'],
    env(),
  );
  assert.is(code, 3);
  const document = JSON.parse(stdout) as {
    source: string;
    destinations: {
      destination: string;
      equal?: boolean;
      error?: string;
      difference?: { copy: unknown[] };
    }[];
    totals: { counts: Record<string, number>; bytes: number };
  };
  assert.is(document.source, leader);
  assert.is(document.destinations[0]?.equal, false);
  assert.is(document.destinations[0]?.difference?.copy.length, 2);
  assert.match(document.destinations[1]?.error ?? '', /missing/);
  assert.is(document.totals.counts.missing, 2);
  assert.is(entriesOf({ stderr }).at(-1)?.replicator.state, 'partlyFailed');
});

cli('on Cloud Run reports are entries, and standard output has none of its own', async () => {
  const one = fill(name('europe-central2'));
  const ended = await inProcess(['plan', ...to(one)], env({ CLOUD_RUN_JOB: 'job' }));
  assert.is(ended.stdout, '');
  assert.ok(
    entriesOf(ended).some(
      ({ message, replicator }) => replicator.phase === 'plan' && message.includes('To copy: 3 versions'),
    ),
  );
});

cli('a reader that has seen enough ends it in silence', async () => {
  const running = startJob(['plan', ...to(fill(name('europe-north1'))), '--log', 'text'], env());
  running.child.stdout?.destroy();
  const { code, stderr } = await running.ended;
  assert.is(code, 0, stderr);
  assert.not.match(stderr, /EPIPE/);
});

cli.run();
