/**
 * The workflow and the Cloud Run job that it runs, with a stub in the place of the container, for every way in which
 * an execution can end. `mirror-workflow.test.ts` runs the real program.
 */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { seed } from '../emulator/registry/seed.ts';
import type { Emulator, EmulatorOptions } from '../emulator/server.ts';
import { evaluated } from '../emulator/workflows/testing.ts';
import { executionIn } from '../generator/compile/run-job.ts';
import type { Destination, Replicator } from '../generator/config.ts';
import { ex } from '../generator/expression/parse.ts';
import { printExpression } from '../generator/expression/print.ts';
import type { WorkflowPlan } from '../generator/plan.ts';
import oddMirror from './golden/mirror-one-of-two.config.ts';
import sixty from './golden/sixty-mirrors.config.ts';
import {
  type Bench,
  deploy,
  deployJob,
  type Ended,
  end,
  execute,
  type Row,
  start,
  withBench,
} from './harness.ts';
import { digest } from './images.ts';
import { config as common, follower, leader, second } from './replicator.ts';

const test = suite('Cloud Run workflow');

const jobName = 'projects/acme/locations/europe-west1/jobs/replicator';

/** Logs its arguments, and ends as the job's variable HOW says, which may differ from task to task. */
const stub = `
const { argv, env } = process;
const [how, seconds] = (env.HOW ?? '0').split(';')[Number(env.CLOUD_RUN_TASK_INDEX)]?.split(' ') ?? ['0'];
console.log(JSON.stringify({ message: 'started', args: argv.slice(1) }));
if (how === 'sleep') setTimeout(() => {}, 1000 * seconds);
else if (how === 'crash') process.kill(process.pid, 'SIGKILL');
else process.exitCode = Number(how);
`;
const withStub: EmulatorOptions = { runCommand: () => [process.execPath, '-e', stub, '--'] };

const versions = (...numbers: number[]) =>
  numbers.map((number) => ({ id: digest(number), tags: [`v${number}`], image: {} }));

const config = (more: Partial<Replicator> = {}) => common({ job: true, ...more });

interface Given extends Bench {
  readonly plan: WorkflowPlan;
  run(argument?: unknown): Promise<Ended>;
}

/** A test with an emulator, its repositories, one deployed workflow and its job. */
function running(
  name: string,
  settings: Replicator,
  { how = '0', ...options }: EmulatorOptions & { how?: string },
  body: (given: Given) => Promise<void>,
): void {
  test(name, () =>
    withBench({ ...withStub, ...options }, async (bench) => {
      seed(bench.emulator.registry, leader, { packages: { app: versions(1, 2, 3) } });
      for (const one of [follower, second]) seed(bench.emulator.registry, one);
      const [plan] = await deploy(bench.emulator, settings);
      if (!plan) throw new Error('no plan');
      if (how !== 'none') await deployJob(bench.emulator, plan, { HOW: how });
      await body({ ...bench, plan, run: (argument) => execute(bench.emulator, plan, argument) });
    }),
  );
}

/** The arguments that each process of the job was given, oldest execution first. */
function argumentsOf({ jobs }: Emulator, job = jobName): string[][] {
  const entries = jobs
    .executions(job)
    .reverse()
    .flatMap(({ log }) => log.entries);
  return entries.flatMap(({ jsonPayload }) => (jsonPayload?.args ? [jsonPayload.args as string[]] : []));
}

const only = ({ summary }: Ended): Row => summary.results[0] as Row;
const executionId = ({ name }: Ended) => name.slice(name.lastIndexOf('/') + 1);

running(
  'a mirror runs after the copy, as one task, with all that it must know',
  config({
    mirror: { maxDeletionShare: 0.5, protect: { tags: ['stable'] } },
    copy: { maxVersionAgeDays: 30 },
    job: { tasks: 5 },
  }),
  {},
  async ({ emulator, run, requests }) => {
    const ended = await run();
    assert.is(ended.summary.state, 'succeeded', ended.summary.message);
    const row = only(ended);
    const [execution] = emulator.jobs.executions(jobName);
    assert.equal(row.mirror, { state: 'succeeded', execution: execution?.name, message: null });
    assert.equal(argumentsOf(emulator), [
      [
        'mirror',
        `--source=${leader}`,
        '--name=replicator',
        '--max-version-age-days=30',
        '--max-deletions=100',
        '--max-deletion-share=0.5',
        '--protect-tag=stable',
        `--copy-start-time=${row.copyStartTime}`,
        `--execution=${executionId(ended)}`,
        `--destination=${follower}`,
      ],
    ]);
    assert.is(execution?.toResource().taskCount, 1);
    assert.is(execution?.toResource().template.timeout, '43200s');
    const paths = requests.filter(({ status }) => status === 200).map(({ path }) => path);
    const copied = paths.findLastIndex((path) => /\/v1\/.*\/operations\//.test(path));
    assert.ok(copied < paths.indexOf(`/v2/${jobName}:run`), 'the copy was done before');
  },
);

for (const [how, state, message] of [
  [
    '1',
    'failed',
    /^it failed, or a guard refused to delete \(exit code 1\); its log says which\. Task .* failed with exit code: 1 .* Its log: projects\/acme\/.*\/executions\/replicator-\w+$/,
  ],
  ['3', 'partlyFailed', /^not all was done \(exit code 3\)\. Task /],
  ['64', 'failed', /^the job does not take its arguments \(exit code 64\): .* deploy them again\. /],
  ['crash', 'failed', /^it was stopped, or never ran\. Task .* Container terminated on signal SIGKILL\./],
] as const)
  running(
    `a mirror that ends with ${how} is ${state}`,
    config({ mirror: true }),
    { how },
    async ({ run }) => {
      const ended = await run();
      assert.is(ended.state, 'FAILED');
      const found = only(ended);
      // The copy itself was made.
      assert.is(found.state, 'partlyFailed');
      assert.is(found.mirror?.state, state);
      assert.match(found.mirror?.message ?? '', message);
      assert.match(found.mirror?.execution ?? '', /\/executions\/replicator-/);
      assert.is(found.error, `mirror: ${found.mirror?.message}`);
      assert.is(found.copied, 3);
      assert.match(ended.summary.message, /^0 of 1 destinations succeeded; us-central1-prod: mirror: /);
    },
  );

running(
  'a job that is not there says how it comes there',
  config({ mirror: true }),
  { how: 'none' },
  async ({ run }) => {
    const { mirror } = only(await run());
    assert.equal([mirror?.state, mirror?.execution], ['failed', null]);
    assert.match(
      mirror?.message ?? '',
      /^there is no Cloud Run job .*\/jobs\/replicator: run "npm run deploy"\. 404: /,
    );
  },
);

running(
  'a missing role is named',
  config({ mirror: true }),
  { faults: [{ path: `/v2/${jobName}:run`, status: 403 }] },
  async ({ run }) => {
    assert.match(
      only(await run()).error ?? '',
      /^mirror: may not run the Cloud Run job .*: grant roles\/run\.developer on it/,
    );
  },
);

running(
  'a run that is turned away is sent again, a look that fails is no news',
  config({ mirror: true }),
  {
    faults: [
      { path: `/v2/${jobName}:run`, status: 429, times: 2 },
      { path: '/v2/projects/acme/locations/europe-west1/operations/*', status: 503, times: 2 },
    ],
  },
  async ({ emulator, run }) => {
    const ended = await run();
    assert.is(ended.summary.state, 'succeeded', ended.summary.message);
    assert.is(emulator.jobs.executions(jobName).length, 1);
  },
);

running(
  'where the tasks cannot be read the conditions are still told',
  config({ mirror: true }),
  { how: '3', faults: [{ path: '/v2/*/tasks*', status: 403 }] },
  async ({ run }) => {
    const { mirror } = only(await run());
    assert.is(mirror?.state, 'failed');
    assert.match(
      mirror?.message ?? '',
      /its exit code cannot be read: 403: .* failed with exit code: 3 and message/,
    );
  },
);

// The connector alone would give up after half an hour.
running(
  'a mirror of forty minutes is waited for (case 22)',
  config({ mirror: true }),
  { how: 'sleep 0.4', runSpeed: 6000 },
  async ({ run }) => {
    const ended = await run();
    assert.is(ended.summary.state, 'succeeded', ended.summary.message);
    const { seconds } = only(ended);
    assert.ok(seconds >= 2400, `${seconds} s`);
  },
);

running(
  'a mirror that takes longer than its timeout is stopped, and says so',
  config({ mirror: true, job: { timeout: 600 } }),
  { how: 'sleep 60', runSpeed: 2000 },
  async ({ run }) => {
    const ended = await run();
    const { mirror, seconds } = only(ended);
    assert.is(mirror?.state, 'failed');
    assert.match(
      mirror?.message ?? '',
      /^it was stopped, or never ran\. Task .* The configured timeout was reached\./,
    );
    assert.ok(seconds >= 600 && seconds < 1500, `${seconds} s`);
  },
);

running(
  'an execution of the job that somebody cancels fails',
  config({ mirror: true }),
  { how: 'sleep 60', runSpeed: 200 },
  async ({ emulator, plan }) => {
    const name = await start(emulator, plan);
    for (;;) {
      const [execution] = emulator.jobs.executions(jobName);
      if (execution) {
        await fetch(`${emulator.url}/v2/${execution.name}:cancel`, { method: 'POST' });
        break;
      }
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    const { mirror } = only(await end(emulator, name));
    assert.is(mirror?.state, 'failed');
    assert.match(mirror?.message ?? '', /Execution replicator-\w+ was cancelled\./);
  },
);

const skipOne = [{ copy: follower, skip: `app@${digest(1)}` }];

running(
  'after a copy that skipped versions there is no mirror, unless they are allowed',
  config({ mirror: true, copy: { continueOnSkippedVersion: true } }),
  { faults: skipOne },
  async ({ emulator, run }) => {
    const ended = await run();
    assert.is(only(ended).state, 'partlyFailed');
    assert.is(only(ended).mirror, undefined);
    assert.equal(argumentsOf(emulator), []);
  },
);

running(
  'skipped versions that are allowed are told to what follows',
  config({ verify: true, copy: { continueOnSkippedVersion: true, allowSkippedVersions: true } }),
  { faults: skipOne },
  async ({ emulator, run }) => {
    const ended = await run();
    assert.is(ended.summary.state, 'succeeded', ended.summary.message);
    assert.is(only(ended).verify?.state, 'succeeded');
    const [args] = argumentsOf(emulator);
    assert.equal(args?.slice(0, 5), [
      'verify',
      `--source=${leader}`,
      '--name=replicator',
      '--continue-on-skipped-version=true',
      '--allow-skipped-versions=true',
    ]);
    assert.ok(args?.includes('--skipped-versions=1'));
  },
);

const mixed: Destination[] = [{ name: follower, mirror: false, verify: true }, second];

running(
  'each destination has what it asks for, and one that fails stops no other',
  config({ mirror: true, destinations: mixed }),
  { faults: [{ copy: second, fail: {} }] },
  async ({ emulator, run }) => {
    const { summary } = await run();
    assert.equal(
      summary.results.map(({ state, mirror, verify }) => [state, mirror?.state, verify?.state]),
      [
        ['succeeded', undefined, 'succeeded'],
        ['failed', undefined, undefined],
      ],
    );
    assert.equal(
      argumentsOf(emulator).map(([command]) => command),
      ['verify'],
    );
  },
);

running(
  'a dry run has the job compute the true difference, for every destination',
  config({ mirror: true, destinations: [follower, { name: second, mirror: false }] }),
  {},
  async ({ emulator, run, requests }) => {
    const { state, summary } = await run({ dryRun: true });
    assert.is(state, 'SUCCEEDED');
    assert.is(summary.state, 'dryRun');
    const executions = emulator.jobs.executions(jobName).map(({ name }) => name);
    for (const { plan, request: posted } of summary.results) {
      assert.is(plan?.state, 'succeeded');
      assert.ok(executions.includes(plan?.execution ?? ''));
      assert.is(plan?.message, `the plan is in the log of ${plan?.execution}; npm run plan shows it`);
      assert.match(posted?.url ?? '', /:copyRepository$/);
    }
    assert.equal(
      argumentsOf(emulator)
        .map((args) => [args[0], args.includes('--max-deletions=100'), args.at(-1)])
        .sort(),
      [
        ['plan', false, `--destination=${second}`],
        ['plan', true, `--destination=${follower}`],
      ],
    );
    assert.ok(!requests.some(({ path }) => path.endsWith(':copyRepository')));
  },
);

running('a plan that fails fails the dry run', config({ verify: true }), { how: '1' }, async ({ run }) => {
  const { state, summary } = await run({ dryRun: true });
  assert.is(state, 'FAILED');
  assert.match(summary.results[0]?.error ?? '', /^plan: it failed \(exit code 1\)/);
});

const byJob = config({
  copy: { engine: 'job', maxVersionAgeDays: 0 },
  destinations: [
    { name: follower, mirror: true },
    second,
    'projects/acme/locations/us-east1/repositories/nowhere',
  ],
  job: { tasks: 3 },
});

running(
  'the job copies to all its destinations in one execution of several tasks',
  byJob,
  {},
  async ({ emulator, run, requests }) => {
    const ended = await run();
    const { summary } = ended;
    assert.equal(
      summary.results.map(({ state, copied, copy, mirror }) => [state, copied, copy?.state, mirror?.state]),
      [
        ['succeeded', null, 'succeeded', 'succeeded'],
        ['succeeded', null, 'succeeded', undefined],
        ['failed', null, undefined, undefined],
      ],
    );
    assert.match(
      summary.message,
      /^2 of 3 destinations succeeded; us-east1-nowhere: there is no repository /,
    );
    const copy = emulator.jobs.execution(summary.results[0]?.copy?.execution ?? '');
    assert.is(copy.tasks.length, 3);
    const [args] = argumentsOf(emulator);
    assert.equal(args, [
      'copy',
      `--source=${leader}`,
      '--name=replicator',
      '--engine=job',
      '--max-version-age-days=0',
      '--initial-delay=5',
      '--multiplier=1.5',
      '--max-delay=30',
      '--deadline=43140',
      `--execution=${executionId(ended)}`,
      `--destination=${follower}`,
      `--destination=${second}`,
    ]);
    const mirror = argumentsOf(emulator).at(-1);
    assert.is(mirror?.[0], 'mirror');
    assert.ok(mirror?.includes(`--copy-start-time=${summary.results[0]?.copyStartTime}`));
    assert.ok(!requests.some(({ path }) => path.endsWith(':copyRepository')));
  },
);

for (const [how, state] of [
  ['0;1;0', 'partlyFailed'],
  ['3;1;64', 'failed'],
  ['1;1;1', 'failed'],
  ['0;3;0', 'partlyFailed'],
] as const)
  running(
    `tasks that end with ${how} make a copy that is ${state}, and nothing follows`,
    byJob,
    { how },
    async ({ emulator, run }) => {
      const { summary } = await run({ destinations: ['us-central1-prod', 'asia-east1-prod'] });
      assert.equal(
        summary.results.map((row) => [row.state, row.copy?.state, row.mirror]),
        [
          [state, state, undefined],
          [state, state, undefined],
        ],
      );
      assert.is(emulator.jobs.executions(jobName).length, 1);
    },
  );

running(
  'both engines in one workflow',
  config({
    copy: { engine: 'job' },
    verify: true,
    destinations: [follower, { name: second, copy: { engine: 'api' } }],
  }),
  {},
  async ({ run, requests }) => {
    const { summary } = await run();
    assert.is(summary.message, '2 of 2 destinations copied to; versions copied by CopyRepository: 3');
    assert.equal(
      summary.results.map(({ verify }) => verify?.state),
      ['succeeded', 'succeeded'],
    );
    assert.is(requests.filter(({ path }) => path.endsWith(':copyRepository')).length, 1);
    const dry = await run({ dryRun: true, destinations: ['us-central1-prod'] });
    assert.is(dry.summary.results[0]?.plan?.state, 'succeeded');
    assert.is(dry.summary.results[0]?.state, 'dryRun');
  },
);

test('an execution is found in whatever the connector gives', async () => {
  const expression = printExpression(executionIn(ex`v`));
  const name = `${jobName}/executions/replicator-abcde`;
  const operation = `${jobName.replace(/jobs.*/, '')}operations/o`;
  for (const given of [
    { name: operation, metadata: { name }, done: true, response: { name } },
    { name: operation, metadata: { name } },
    { name },
  ])
    assert.is(await evaluated(expression, given), name);
  assert.is(await evaluated(expression, { message: 'no', tags: [] }), null);
});

test('what a config protects arrives as that very text', () =>
  withBench(withStub, async ({ emulator }) => {
    const [plan] = (await deploy(emulator, oddMirror)) as [WorkflowPlan];
    await deployJob(emulator, plan);
    seed(emulator.registry, leader, { packages: { app: versions(1) } });
    for (const one of [follower, second]) seed(emulator.registry, one);
    // A plan is told what a mirror would be.
    const { summary } = await execute(emulator, plan, { dryRun: true, destinations: ['us-central1-prod'] });
    assert.is(summary.state, 'dryRun', summary.message);
    const [args] = argumentsOf(emulator, 'projects/acme/locations/europe-west1/jobs/mirror-one-of-two');
    for (const one of [
      '--protect-tag=${sys.now()}',
      '--protect-package=base/**',
      '--newer-than-days=0.5',
      '--behavior={"laterField":["a",1]}',
    ])
      assert.ok(args?.includes(one), one);
  }));

test('sixty mirrors run within the limits', () =>
  withBench({ runCommand: () => ['true'] }, async ({ emulator }) => {
    const [plan] = (await deploy(emulator, sixty)) as [WorkflowPlan];
    await deployJob(emulator, plan);
    seed(emulator.registry, leader, { packages: { app: versions(1) } });
    for (const { repository } of plan.destinations)
      seed(emulator.registry, `projects/${repository.project}/locations/us/repositories/prod`);
    const { state, summary } = await execute(emulator, plan);
    assert.is(state, 'SUCCEEDED', JSON.stringify(summary).slice(0, 500));
    assert.is(summary.results.filter(({ mirror }) => mirror?.state === 'succeeded').length, 60);
  }));

test.run();
