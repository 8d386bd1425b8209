/** Every entry that workflow and job log, held against the one table of their shape. */
import { EventEmitter, once } from 'node:events';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { entriesOf as loggedIn } from '../emulator/logging/entries.ts';
import { seed } from '../emulator/registry/seed.ts';
import type { Emulator } from '../emulator/server.ts';
import { workflowsEngine } from '../emulator/workflows/service.ts';
import type { Replicator } from '../generator/config.ts';
import type { WorkflowPlan } from '../generator/plan.ts';
import { copyByJob } from '../job/commands/copy-by-job.ts';
import { main } from '../job/commands/main.ts';
import { claimLabel, claimOf } from '../job/difference/guards.ts';
import { imageIn } from '../job/engine/testing.ts';
import { jsonLog } from '../job/log/logger.ts';
import { noMetrics } from '../job/metrics/metrics.ts';
import { withTwoRegistries } from '../job/oci/testing.ts';
import { createScreen, statusLine } from '../job/print/screen.ts';
import { openRegistry } from '../job/registry/open.ts';
import { toRequest } from '../job/settings/request.ts';
import { readSettings } from '../job/settings/settings.ts';
import { deploy, deployJob, type Ended, end, execute, start, withBench } from './harness.ts';
import { digest, image, push } from './images.ts';
import { startJob, startQuickEmulator, warningAtEnd } from './job-cli-process.ts';
import { allSeen, check, isText, type Json } from './log-schema.ts';
import { config, follower, leader, second } from './replicator.ts';
import { send } from './rest.ts';

const test = suite('log entries');

const claim = { [claimLabel]: claimOf({ project: 'acme', location: 'europe-west1', repository: 'prod' }) };

const place = { project: 'acme', repository: 'prod' };

/** A leader of ten versions; one follower with a version and tags too many, and one that is empty. */
function seedAll({ registry, clock }: Emulator, labels: Record<string, string> = claim): void {
  const createTime = clock.now() - 24 * 3600 * 1000;
  const mediaType = 'application/vnd.docker.distribution.manifest.v2+json';
  const version = (number: number, ...tags: string[]) => ({
    id: digest(number),
    tags,
    createTime,
    image: { mediaType },
  });
  const nine = Array.from({ length: 9 }, (_, index) => version(index + 1, `v${index + 1}`));
  seed(registry, leader, { packages: { app: [...nine, version(10, 'v10', 'latest')] } });
  seed(registry, follower, {
    resource: { labels },
    packages: { app: [version(1, 'v1', 'latest'), version(2, 'v2', 'old'), version(11, 'v11')] },
  });
  seed(registry, second);
}

/** All entries of a project's workflows and jobs, each checked. */
function entriesOf(emulator: Emulator) {
  return loggedIn('acme', emulator.context, emulator.jobs)
    .filter(({ logName }) => !logName.endsWith('executions_system'))
    .map((entry) => {
      const writer = entry.resource.type === 'cloud_run_job' ? ('job' as const) : ('workflow' as const);
      check(writer, entry);
      const { replicator } = entry.jsonPayload as { replicator: Json };
      return { writer, severity: entry.severity, ...replicator } as Json;
    });
}

const idOf = ({ name }: Pick<Ended, 'name'>) => name.slice(name.lastIndexOf('/') + 1);

/** The entries of one execution's end: one of the run, one of each destination. */
function endsOf(entries: readonly Json[], ended: Pick<Ended, 'name'>) {
  const own = entries.filter(({ execution, writer }) => execution === idOf(ended) && writer === 'workflow');
  return {
    run: own.filter(({ phase }) => phase === 'run'),
    results: own.filter(({ phase }) => phase === 'result'),
  };
}

async function deployed(emulator: Emulator, settings: Replicator): Promise<WorkflowPlan> {
  const [plan] = await deploy(emulator, settings);
  if (!plan) throw new Error('no plan');
  if (settings.job) await deployJob(emulator, plan);
  return plan;
}

test('a run with a mirror and a verification: entries of workflow and job carry its execution', () =>
  withBench({}, async ({ emulator }) => {
    seedAll(emulator);
    const plan = await deployed(
      emulator,
      config({
        destinations: [
          { ...place, location: 'us-central1', mirror: { maxDeletionShare: 0.5 } },
          { ...place, location: 'asia-east1', verify: true },
        ],
        job: true,
      }),
    );
    const ended = await execute(emulator, plan);
    assert.is(ended.summary.state, 'succeeded', ended.summary.message);
    const entries = entriesOf(emulator);
    assert.equal([...new Set(entries.map(({ execution }) => execution))], [idOf(ended)]);
    assert.equal([...new Set(entries.map(({ name }) => name))], ['replicator']);
    const { run, results } = endsOf(entries, ended);
    assert.is(run.length, 1);
    const [{ seconds, ...last }] = run as [Json];
    assert.ok((seconds as number) > 0);
    assert.equal(last, {
      writer: 'workflow',
      severity: 'INFO',
      name: 'replicator',
      execution: idOf(ended),
      phase: 'run',
      state: 'succeeded',
      dryRun: false,
      counts: { destinations: 2, failed: 0, partlyFailed: 0, copied: 20, skipped: 0 },
    });
    assert.equal(results.map(({ destination }) => destination).sort(), [second, follower].sort());
    for (const { lagSeconds, seconds, operation } of results) {
      assert.ok(isText(operation));
      assert.ok((lagSeconds as number) > 0 && (lagSeconds as number) <= (seconds as number));
    }
    // What a mirror deleted only the job knows.
    const mirrored = entries.filter(({ phase, command }) => phase === 'result' && command === 'mirror');
    assert.equal(
      mirrored.map(({ destination, counts: { deleted } = {} }: Json & { counts?: Json }) => [
        destination,
        deleted,
      ]),
      [[follower, 1]],
    );
    const dry = await execute(emulator, plan, { dryRun: true });
    assert.is(dry.summary.state, 'dryRun');
    const ends = endsOf(entriesOf(emulator), dry);
    assert.equal(
      [...ends.run, ...ends.results].map(({ phase, state, dryRun, severity }) => [
        phase,
        state,
        dryRun,
        severity,
      ]),
      [
        ['run', 'dryRun', true, 'INFO'],
        ['result', 'dryRun', true, 'INFO'],
        ['result', 'dryRun', true, 'INFO'],
      ],
    );
  }));

test('one entry for each execution: refused, failed as a whole, partly failed, given way', () =>
  withBench(
    { faults: [{ copy: second, skip: 'app@*' }], behavior: { copyMinimumSeconds: 600 } },
    async ({ emulator }) => {
      seedAll(emulator);
      const nowhere = 'projects/acme/locations/us-east1/repositories/nowhere';
      const plan = await deployed(
        emulator,
        config({
          destinations: [follower, second, nowhere],
          copy: { continueOnSkippedVersion: true },
          // There is no such topic.
          notify: { topic: 'nowhere', on: 'always' },
        }),
      );
      const only = (ended: Pick<Ended, 'name'>) => {
        const { run, results } = endsOf(entriesOf(emulator), ended);
        assert.is(run.length, 1);
        return { run: run[0] as Json, results };
      };
      const refused = await execute(emulator, plan, { dryrun: true });
      const first = only(refused);
      assert.equal(first.results, []);
      assert.equal([first.run.state, first.run.severity, first.run.counts], ['failed', 'ERROR', {}]);
      assert.is(first.run.error, refused.summary.message);

      emulator.faults.set([{ path: '*/executions/*', status: 403, body: { error: { message: 'denied' } } }]);
      const blind = only({ name: await over(emulator, await start(emulator, plan)) });
      assert.match(String(blind.run.error), /cannot see whether an older execution is still active/);
      emulator.faults.set([{ copy: second, skip: 'app@*' }]);

      const names = await Promise.all([start(emulator, plan), start(emulator, plan)]);
      const both = await Promise.all(names.map((name) => end(emulator, name)));
      const [older, younger] = both.sort((one) => (one.summary.state === 'skipped' ? 1 : -1)) as [
        Ended,
        Ended,
      ];
      const skipped = only(younger);
      assert.equal(skipped.results, []);
      assert.equal(
        [skipped.run.state, skipped.run.severity, skipped.run.dryRun],
        ['skipped', 'NOTICE', false],
      );
      const partly = only(older);
      assert.equal([partly.run.state, partly.run.severity], ['partlyFailed', 'WARNING']);
      assert.equal(partly.run.counts, {
        destinations: 3,
        failed: 1,
        partlyFailed: 1,
        copied: 10,
        skipped: 10,
      });
      assert.equal(
        partly.results.map(({ destination, state, severity }) => [destination, state, severity]).sort(),
        [
          [follower, 'succeeded', 'INFO'],
          [nowhere, 'failed', 'ERROR'],
          [second, 'partlyFailed', 'WARNING'],
        ].sort(),
      );
      for (const { state, error, lagSeconds } of partly.results) {
        assert.is(error === undefined, state === 'succeeded');
        assert.is(lagSeconds === undefined, state !== 'succeeded');
      }
    },
  ));

/** Waits for an execution's end without asking for it over HTTP. @returns its name */
async function over(emulator: Emulator, name: string): Promise<string> {
  await workflowsEngine(emulator.context).executions.get(name).over;
  return name;
}

test('a mirror that is refused says which guard it was', () =>
  withBench({}, async ({ emulator }) => {
    seedAll(emulator, {});
    const plan = await deployed(emulator, config({ mirror: { maxDeletions: 1 }, job: true }));
    await execute(emulator, plan);
    const entries = entriesOf(emulator);
    const refusals = entries.filter(({ reason }) => reason !== undefined);
    assert.equal(
      refusals.map(({ phase, severity, destination, reason }) => [phase, severity, destination, reason]),
      ['no-claim', 'delete-limit', 'delete-share'].map((reason) => ['mirror', 'ERROR', follower, reason]),
    );
    const [row] = entries.filter(({ phase, writer }) => phase === 'result' && writer === 'workflow');
    assert.is(row?.state, 'partlyFailed');
    assert.ok((row?.lagSeconds as number) > 0, 'the copy itself succeeded');
  }));

test("the job's own copy counts in its own entries", () =>
  withBench({}, async ({ emulator }) => {
    seed(emulator.registry, leader);
    seed(emulator.registry, follower);
    await push(emulator.url, 'europe-west1/acme/prod/app', image('one'), 'v1');
    const plan = await deployed(emulator, config({ copy: { engine: 'job' }, job: true }));
    const ended = await execute(emulator, plan);
    assert.is(ended.summary.state, 'succeeded', ended.summary.message);
    const entries = entriesOf(emulator);
    const { run, results } = endsOf(entries, ended);
    assert.equal(
      run.map(({ counts }) => counts),
      [{ destinations: 1, failed: 0, partlyFailed: 0 }],
    );
    assert.equal(
      results.map(({ counts, lagSeconds }) => [counts, (lagSeconds as number) >= 0]),
      [[{}, true]],
    );
    const own = entries.filter(({ phase, command }) => phase === 'result' && command === 'copy');
    assert.equal(
      own.map(({ destination, counts }) => [destination, (counts as Json).copied]),
      [[follower, 1]],
    );
    const dry = await execute(emulator, plan, { dryRun: true });
    const ends = endsOf(entriesOf(emulator), dry);
    assert.equal(
      [...ends.run, ...ends.results].map(({ state }) => state),
      ['dryRun', 'dryRun'],
    );
  }));

/** Runs a command of the job in this process and checks its entries. */
async function runJob(args: readonly string[], environment: Readonly<Record<string, string>>) {
  let stderr = '';
  const code = await main(args, environment, {
    stdout: { write: () => {} },
    stderr: { write: (text) => (stderr += text) },
  });
  const entries = linesOf(stderr);
  return { code, entries };
}

/** What a process has logged, each checked. */
function linesOf(stderr: string): Json[] {
  return stderr
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => {
      const { severity, time, ...jsonPayload } = JSON.parse(line) as Json;
      const plain = Object.entries(jsonPayload).filter(([key]) => !key.startsWith('logging.googleapis.com/'));
      check('job', { severity: String(severity), jsonPayload: Object.fromEntries(plain) });
      assert.match(String(time), /^\d{4}-/);
      return { severity, ...jsonPayload };
    });
}

test('every command of the job, alone and on Cloud Run', async () => {
  const emulator = await startQuickEmulator();
  try {
    const at = (location: string) => `projects/acme/locations/${location}/repositories/files`;
    const createTime = Date.now() - 7 * 24 * 3600 * 1000;
    const files = (...ids: string[]) => ({
      format: 'GENERIC',
      packages: { app: ids.map((id) => ({ id, createTime, files: { 'a.txt': `content of ${id}` } })) },
    });
    const from = at('europe-west1');
    const hostOf = (name: string) => {
      const [, project, , location, , repository] = name.split('/');
      return `${location}-docker.pkg.dev/${project}/${repository}`;
    };
    seed(emulator.registry, from, files('1', '2', '3'));
    const commands: [args: string[], code: number][] = [
      [['plan'], 0],
      [['copy', '--dry-run'], 0],
      [['copy', '--wait=no'], 0],
      [['copy', '--skipped'], 64],
      [['verify'], 1],
      [['mirror', '--max-deletion-share=1'], 1],
      [['mirror', '--claim', '--dry-run'], 0],
      [['mirror', '--claim'], 0],
      [['mirror', '--max-deletions=0', '--dry-run'], 0],
      [['mirror', '--max-deletions=0'], 1],
      [['mirror', '--max-deletion-share=1'], 0],
      [['verify'], 0],
      [['copy', '--initial-delay=1', '--max-delay=1', '--task-index=1', '--task-count=9'], 0],
      [['copy', '--initial-delay=1', '--max-delay=1'], 0],
    ];
    for (const where of [{}, { CLOUD_RUN_JOB: 'job' }] as Record<string, string>[]) {
      const to = at(where.CLOUD_RUN_JOB ? 'us-central1' : 'us-east1');
      seed(emulator.registry, to, files('3', '9'));
      // Only there are reports and faults of the command line entries.
      for (const [args, code] of where.CLOUD_RUN_JOB ? commands : commands.slice(0, 3)) {
        const given = ['--execution=e1', '--name=nightly', `--source=${from}`, `--destination=${to}`];
        if (args[0] === 'plan') given.splice(3, 1, `--destination=${hostOf(to)}`);
        const ended = await runJob([...args, ...given], {
          REPLICATOR_EMULATOR_HOST: emulator.host,
          REPLICATOR_EMULATOR_TOKEN: 'planted-secret',
          ...where,
        });
        assert.is(ended.code, code, `${args.join(' ')}: ${JSON.stringify(ended.entries)}`);
        const ends = ended.entries.filter(({ replicator }) => (replicator as Json).phase === 'end');
        assert.is(ends.length, 1, args.join(' '));
        for (const { replicator } of ended.entries)
          assert.equal([(replicator as Json).name, (replicator as Json).execution], ['nightly', 'e1']);
      }
    }
  } finally {
    await emulator.close();
  }
});

test("progress of the job's own copy", () =>
  withTwoRegistries(async (one, two) => {
    const from = one.repository('base/app');
    imageIn(from, ['first'], { tag: 'first' });
    const bad = from.read(imageIn(from, ['third'], { tag: 'third' })).layers[0].digest;
    from.blobs.delete(bad);
    const slow = from.read(imageIn(from, ['second'], { tag: 'second' })).layers[0].digest;
    const environment = {};
    const read = readSettings(
      'copy',
      ['--engine=job', `--source=docker://${one.host}/base/`, `--destination=docker://${two.host}/copy`],
      environment,
    );
    const { request } = toRequest('copy', read.settings, read.at, read.faults);
    assert.equal(read.faults, []);
    let stderr = '';
    let tellings = 0;
    const streams = { stdout: { write: () => {} }, stderr: { write: () => {} } };
    const told = new EventEmitter();
    const toldOnce = once(told, 'progress');
    const write = (line: string) => {
      stderr += `${line}\n`;
      tellings++;
      if (line.includes('secondsLeft') || tellings === 20) told.emit('progress');
    };
    // One blob is held back until the progress has been told, on a clock that takes great steps.
    one.hook = async ({ url }) => {
      if (url.includes(slow)) await toldOnce;
      return false;
    };
    let time = 0;
    const now = () => {
      time += 10_000;
      return time;
    };
    const log = jsonLog({ command: 'copy' }, write);
    const code = await copyByJob(request, read.settings, environment, {
      registry: openRegistry({ env: {} }),
      log,
      traced: () => log,
      clock: { now, sleep: async () => {} },
      screen: createScreen(streams, statusLine(streams.stderr), undefined),
      metrics: noMetrics,
    });
    assert.is(code, 3, stderr);
    const progress = linesOf(stderr).map(({ replicator }) => replicator as Json);
    assert.ok(
      progress.some(({ phase, secondsLeft }) => phase === 'await' && (secondsLeft as number) > 0),
      'how long it may still take is told as soon as all is found',
    );
  }));

test('credentials in an answer are in no entry', async () => {
  const emulator = await startQuickEmulator();
  try {
    seed(emulator.registry, leader);
    seed(emulator.registry, follower);
    const message = 'ask https://me:hunter2@host/ with Bearer planted-secret-of-somebody';
    emulator.faults.set([{ path: '*:copyRepository', status: 400, body: { error: { code: 400, message } } }]);
    const environment = {
      REPLICATOR_EMULATOR_HOST: emulator.host,
      OTEL_EXPORTER_OTLP_ENDPOINT: 'http://me:hunter2@127.0.0.1:9',
      OTEL_EXPORTER_OTLP_HEADERS: 'api-key=planted-secret',
    };
    const { code, entries } = await runJob(
      ['copy', `--source=${leader}`, `--destination=${follower}`],
      environment,
    );
    assert.is(code, 1);
    assert.match(JSON.stringify(entries), /\[redacted\]/);
  } finally {
    await emulator.close();
  }
});

test('entries of a request carry its trace, others none', async () => {
  const emulator = await startQuickEmulator();
  seed(emulator.registry, leader);
  seed(emulator.registry, follower);
  const server = startJob(['serve', `--source=${leader}`, `--destination=${follower}`, '--port=0'], {
    REPLICATOR_EMULATOR_HOST: emulator.host,
    LISTEN_HOST: '127.0.0.1',
    AUTH: 'cloud-run',
    K_SERVICE: 'replicator',
    GOOGLE_CLOUD_PROJECT: 'acme',
  });
  try {
    const [, url = ''] = await server.said(/listening on (http:\/\/[\d.]+:\d+)/);
    const trace = '4bf92f3577b34da6a3ce929d0e0e4736';
    const { status } = await send(
      `${url}/copy`,
      'POST',
      { poll: { initialDelay: 1 } },
      {
        'content-type': 'application/json',
        authorization: 'Bearer planted-secret',
        traceparent: `00-${trace}-00f067aa0ba902b7-01`,
      },
    );
    assert.is(status, 200);
    const { port } = new URL(url);
    const taken = await runJob(
      ['serve', `--source=${leader}`, `--destination=${follower}`, `--port=${port}`, '--host=127.0.0.1'],
      { REPLICATOR_EMULATOR_HOST: emulator.host, AUTH: 'none' },
    );
    assert.is(taken.code, 1);
    server.child.kill('SIGTERM');
    const entries = linesOf((await server.ended).stderr);
    const phasesOf = (isTraced: boolean) =>
      entries
        .filter((entry) => 'logging.googleapis.com/trace' in entry === isTraced)
        .map(({ replicator }) => (replicator as Json).phase);
    assert.equal(new Set(phasesOf(true)), new Set(['copy', 'result', 'end']));
    assert.equal(new Set(phasesOf(false)), new Set(['serve']));
    for (const entry of entries)
      if ('logging.googleapis.com/trace' in entry)
        assert.is(entry['logging.googleapis.com/trace'], `projects/acme/traces/${trace}`);
  } finally {
    server.child.kill('SIGKILL');
    await server.ended;
    await emulator.close();
  }
});

test('a warning of Node', async () => {
  const { ended } = startJob(['plan', '--sorce=x'], { ...warningAtEnd, CLOUD_RUN_JOB: 'job' });
  const entries = linesOf((await ended).stderr);
  assert.equal(
    entries.map(({ severity }) => severity),
    ['ERROR', 'WARNING'],
  );
});

test('nothing in the table is invented: every phase, field, state and count was seen', allSeen);

test.run();
