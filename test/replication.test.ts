/** The generated workflow on the emulator: what it does when all is well, and what it says when it is not. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { seed } from '../emulator/registry/seed.ts';
import type { Emulator } from '../emulator/server.ts';
import type { Config, Replicator } from '../generator/config.ts';
import oddStrings from './golden/odd-strings.config.ts';
import several from './golden/several.config.ts';
import sixty from './golden/sixty-destinations.config.ts';
import { type Bench, deploy, end, execute, request, start, withBench } from './harness.ts';
import { digest } from './images.ts';
import { config, follower, leader, second } from './replicator.ts';

const test = suite('replication');

const third = 'projects/acme-dr/locations/europe-north1/repositories/prod';

/** Versions of one package, each with a tag. */
function versions(count: number) {
  return Array.from({ length: count }, (_, index) => ({
    id: digest(index + 1),
    tags: [`v${index + 1}`],
    image: {},
  }));
}

function seedAll(emulator: Emulator, names: readonly string[], count = 3): void {
  seed(emulator.registry, leader, { packages: { app: versions(count) } });
  for (const name of names) seed(emulator.registry, name);
}

/** Every image of a repository and its tags. */
async function images(emulator: Emulator, repository: string): Promise<Record<string, string[]>> {
  const found: Record<string, string[]> = {};
  let pageToken = '';
  do {
    const page = await request<{
      dockerImages?: { name: string; tags?: string[] }[];
      nextPageToken?: string;
    }>(emulator, 'GET', `${repository}/dockerImages?pageSize=1000&pageToken=${pageToken}`);
    for (const { name, tags = [] } of page.dockerImages ?? [])
      found[name.slice(name.indexOf('/dockerImages/') + 14)] = [...tags].sort();
    pageToken = page.nextPageToken ?? '';
  } while (pageToken !== '');
  return found;
}

const posts = ({ requests }: Bench) =>
  requests.filter(({ method, path }) => method === 'POST' && path.endsWith(':copyRepository'));

/** A test with an emulator, the usual repositories and one deployed workflow. */
function replicating(
  name: string,
  options: Parameters<typeof withBench>[0],
  settings: Config,
  body: (bench: Bench, run: (argument?: unknown) => ReturnType<typeof execute>) => Promise<void>,
): void {
  test(name, () =>
    // Whether `and` and `or` leave out an operand that decides nothing is not documented: here they do not.
    withBench({ ...options, behavior: { operands: 'all', ...options.behavior } }, async (bench) => {
      seedAll(bench.emulator, [follower, second, third]);
      const [plan] = await deploy(bench.emulator, settings);
      if (!plan) throw new Error('no plan');
      await body(bench, (argument) => execute(bench.emulator, plan, argument));
    }),
  );
}

const three = config({ destinations: [follower, second, third] });

replicating('every follower ends up equal to the leader', {}, three, async ({ emulator }, run) => {
  const { state, summary } = await run();
  assert.is(state, 'SUCCEEDED');
  assert.is(summary.state, 'succeeded');
  assert.is(summary.message, '3 of 3 destinations copied to; versions copied: 9');
  assert.equal(
    summary.results.map(({ destination, state, copied, skipped }) => ({
      destination,
      state,
      copied,
      skipped,
    })),
    ['us-central1-prod', 'asia-east1-prod', 'europe-north1-prod--acme-dr'].map((destination) => ({
      destination,
      state: 'succeeded',
      copied: 3,
      skipped: 0,
    })),
  );
  const expected = await images(emulator, leader);
  assert.is(Object.keys(expected).length, 3);
  for (const name of [follower, second, third]) assert.equal(await images(emulator, name), expected);
});

replicating('an empty argument is no argument', {}, three, async (_, run) => {
  assert.is((await run({})).summary.state, 'succeeded');
  assert.is((await run(null)).summary.state, 'succeeded');
});

replicating(
  'a dry run posts nothing and shows what would be posted',
  {},
  config({ copy: { maxVersionAgeDays: 7 } }),
  async (bench, run) => {
    const { state, summary } = await run({ dryRun: true });
    assert.is(state, 'SUCCEEDED');
    assert.is(summary.state, 'dryRun');
    assert.is(summary.dryRun, true);
    assert.is(summary.message, 'dry run: 1 of 1 destinations would be copied to');
    assert.equal(summary.results[0]?.request, {
      url: `https://artifactregistry.googleapis.com/v1/${follower}:copyRepository`,
      body: { sourceRepository: leader, behavior: { maxVersionAgeDays: 7 } },
    });
    assert.is(posts(bench).length, 0);
    assert.equal(await images(bench.emulator, follower), {});
  },
);

replicating(
  'a dry run fails where the run would',
  {},
  config({ destinations: [follower, 'projects/acme/locations/us-east1/repositories/nowhere'] }),
  async (bench, run) => {
    const { state, summary } = await run({ dryRun: true });
    assert.is(state, 'FAILED');
    assert.is(summary.state, 'partlyFailed');
    assert.is(posts(bench).length, 0);
  },
);

replicating('some destinations by name, in the order of the config', {}, three, async ({ emulator }, run) => {
  const { summary } = await run({
    destinations: ['europe-north1-prod--acme-dr', 'us-central1-prod', 'us-central1-prod'],
  });
  assert.equal(
    summary.results.map(({ destination }) => destination),
    ['us-central1-prod', 'europe-north1-prod--acme-dr'],
  );
  assert.equal(await images(emulator, second), {});
});

for (const [argument, message] of [
  [{ dryrun: true }, 'unknown argument "dryrun"; known are "dryRun" and "destinations"'],
  [{ dryRun: 'yes' }, '"dryRun" must be true or false'],
  [{ destinations: 'us-central1-prod' }, '"destinations" must be a list of names'],
  [{ destinations: [] }, '"destinations" names no destination'],
  [{ destinations: ['prod'] }, 'unknown destination "prod"; known are ["us-central1-prod"]'],
  [['us-central1-prod'], 'the argument must be a JSON object such as {"dryRun": true}, not of type list'],
] as const)
  replicating(`the argument ${JSON.stringify(argument)} is refused`, {}, config(), async (bench, run) => {
    const { state, summary } = await run(argument);
    assert.is(state, 'FAILED');
    assert.is(summary.message, message);
    assert.is(posts(bench).length, 0);
  });

// What preflight finds, each beside a destination that goes on.
for (const [what, prepare, error] of [
  [
    'a destination that is not there',
    () => {},
    /^there is no repository projects\/acme\/locations\/us-east1\/repositories\/other: create it, or correct the config\. 404: /,
  ],
  [
    'a destination of another format',
    (emulator: Emulator) => seed(emulator.registry, other, { format: 'MAVEN' }),
    /^the formats differ: projects\/acme\/.*\/prod is DOCKER, projects\/acme\/.*\/other is MAVEN$/,
  ],
  [
    'a destination that is remote',
    (emulator: Emulator) => seed(emulator.registry, other, { mode: 'REMOTE_REPOSITORY' }),
    /\/other is a REMOTE_REPOSITORY; only a STANDARD_REPOSITORY can be copied from and to$/,
  ],
] as const)
  test(`${what} fails alone`, () =>
    withBench({}, async (bench) => {
      seedAll(bench.emulator, [follower]);
      prepare(bench.emulator);
      const [plan] = await deploy(bench.emulator, config({ destinations: [other, follower] }));
      const { state, summary } = await execute(bench.emulator, plan as NonNullable<typeof plan>);
      assert.is(state, 'FAILED');
      assert.is(summary.state, 'partlyFailed');
      assert.match(summary.message, /^1 of 2 destinations succeeded; us-east1-other: /);
      assert.equal(
        summary.results.map(({ state }) => state),
        ['failed', 'succeeded'],
      );
      assert.match(summary.results[0]?.error ?? '', error);
      assert.is(posts(bench).length, 1);
    }));

const other = 'projects/acme/locations/us-east1/repositories/other';

test('the message joins what services say, with their full stops or without', () => {
  const fail = { status: 'RESOURCE_EXHAUSTED', message: 'The quota is used up.' } as const;
  return withBench({ faults: [{ copy: '*', fail }] }, async (bench) => {
    seedAll(bench.emulator, [follower, other]);
    const [plan] = await deploy(bench.emulator, config({ destinations: [follower, other] }));
    const { summary } = await execute(bench.emulator, plan as NonNullable<typeof plan>);
    assert.match(summary.message, /The quota is used up; us-east1-other: .*The quota is used up\.$/);
  });
});

replicating(
  'a source that may not be read names the role',
  { faults: [{ method: 'GET', path: `/v1/${leader}`, status: 403 }] },
  config(),
  async (bench, run) => {
    const { summary } = await run();
    assert.is(summary.state, 'failed');
    assert.match(
      summary.results[0]?.error ?? '',
      /^may not read projects\/acme\/locations\/europe-west1\/repositories\/prod: grant roles\/artifactregistry\.reader on it to the workflow's service account/,
    );
    assert.is(posts(bench).length, 0);
  },
);

for (const [what, body] of [
  ['an object', { error: { message: { reason: 'blocked' } } }],
  ['a number', { error: { message: 7 } }],
] as const)
  replicating(
    `an answer whose message is ${what} is told of as it is`,
    { faults: [{ method: 'GET', path: `/v1/${leader}`, status: 418, body }] },
    config(),
    async (_, run) => {
      const { summary } = await run();
      assert.is(summary.state, 'failed');
      assert.match(summary.results[0]?.error ?? '', /418: \{.*"message":(\{"reason":"blocked"\}|7)/);
    },
  );

const copyPath = `/v1/${follower}:copyRepository`;

for (const [status, error] of [
  [
    403,
    /^CopyRepository was refused\. Grant roles\/artifactregistry\.writer on .* may not be open to the project\. 403: /,
  ],
  [
    404,
    /^CopyRepository is not there for .*: both repositories were read just before, so the API may not be open .* 404: /,
  ],
  [501, /^CopyRepository is not there for .* 501: /],
  [400, /^CopyRepository was rejected: 400: /],
] as const)
  replicating(
    `a ${status} from CopyRepository explains itself`,
    { faults: [{ path: copyPath, status }] },
    config(),
    async (bench, run) => {
      const { summary } = await run();
      assert.match(summary.results[0]?.error ?? '', error);
      assert.is(posts(bench).length, 1);
    },
  );

replicating(
  'a POST that was turned away is sent again',
  { faults: [{ path: copyPath, status: 429, times: 2 }] },
  config(),
  async (bench, run) => {
    assert.is((await run()).summary.state, 'succeeded');
    assert.equal(
      posts(bench).map(({ status }) => status),
      [429, 429, 200],
    );
  },
);

replicating(
  'after a lost answer the operation is found, and nothing is posted twice (case 21)',
  { faults: [{ path: copyPath, truncate: 5, times: 1 }], behavior: { operationsList: 'available' } },
  config(),
  async (bench, run) => {
    const { summary } = await run();
    assert.is(summary.state, 'succeeded', summary.message);
    assert.is(posts(bench).length, 1);
    assert.equal(await images(bench.emulator, follower), await images(bench.emulator, leader));
  },
);

replicating(
  'after a lost answer the operation is found among past copies that skipped a hundred versions each',
  {
    faults: [
      { path: copyPath, truncate: 5, after: 12, times: 1 },
      { copy: '*', skip: 'app@*' },
    ],
    behavior: { operationsList: 'available' },
  },
  config({ copy: { continueOnSkippedVersion: true } }),
  async (bench, run) => {
    seed(bench.emulator.registry, leader, { packages: { app: versions(120) } });
    const body = { sourceRepository: leader, behavior: { continueOnSkippedVersion: true } };
    for (let past = 0; past < 12; past++)
      await request(bench.emulator, 'POST', `${follower}:copyRepository`, body);
    // Until all have ended, and are older than what is looked for.
    const { clock } = bench.emulator;
    const fiber = clock.fiber();
    await fiber.sleep(3_600_000);
    fiber.end();
    const { summary } = await run();
    assert.is(summary.results[0]?.error, '120 versions were skipped (copy.allowSkippedVersions is off)');
    assert.is(posts(bench).length, 13);
    const pages = bench.requests.filter(({ path }) => path.endsWith('/us-central1/operations'));
    assert.ok(pages.every(({ query }) => query.includes('pageSize=1&') || query.endsWith('pageSize=1')));
  },
);

replicating(
  'after a lost answer the operation is found on a later page, behind newer ones of others',
  { faults: [{ path: copyPath, truncate: 5, times: 1 }], behavior: { operationsList: 'available' } },
  config(),
  async (bench, run) => {
    const { emulator } = bench;
    // Started while the workflow waits for an answer that is lost: newer than its own.
    let isFirst = true;
    const list = emulator.registry.operations.list.bind(emulator.registry.operations);
    emulator.registry.operations.list = (parent) => {
      if (isFirst) {
        isFirst = false;
        for (let newer = 0; newer < 5; newer++)
          emulator.registry.operations.finished(parent, { sourceRepository: leader }, {});
      }
      return list(parent);
    };
    const { summary } = await run();
    assert.is(summary.state, 'succeeded', summary.message);
    assert.is(posts(bench).length, 1);
    assert.is(bench.requests.filter(({ path }) => path.endsWith('/us-central1/operations')).length, 6);
  },
);

for (const operationsList of ['unimplemented', 'missing'] as const)
  replicating(
    `after a lost answer, where operations are ${operationsList}, the row fails and says so`,
    { faults: [{ path: copyPath, truncate: 5, times: 1 }], behavior: { operationsList } },
    config(),
    async (bench, run) => {
      const { summary } = await run();
      assert.match(
        summary.results[0]?.error ?? '',
        /^the answer to CopyRepository was lost and no operation of it was found; it may be running all the same\. The next run copies what is missing\. /,
      );
      assert.is(posts(bench).length, 1);
    },
  );

const operations = '/v1/projects/acme/locations/us-central1/operations/*';

for (const [what, fault] of [
  ['500', { status: 500 }],
  ['503', { status: 503 }],
  ['429', { status: 429 }],
  ['dropped connection', { reset: true }],
  ['cut answer', { truncate: 10 }],
] as const)
  replicating(
    `a poll that meets a ${what} is asked again, and nothing is posted twice (case 20)`,
    { faults: [{ path: operations, after: 1, times: 3, ...fault }], behavior: { copyMinimumSeconds: 100 } },
    config(),
    async (bench, run) => {
      const { summary } = await run();
      assert.is(summary.state, 'succeeded', summary.message);
      assert.is(posts(bench).length, 1);
    },
  );

replicating(
  'a poll that is refused ends the wait and names the operation',
  { faults: [{ path: operations, status: 403 }] },
  config(),
  async (bench, run) => {
    const { summary } = await run();
    const [row] = summary.results;
    assert.match(row?.error ?? '', /^403: /);
    assert.match(row?.operation ?? '', /^projects\/acme\/locations\/us-central1\/operations\//);
    assert.is(posts(bench).length, 1);
  },
);

replicating(
  'the deadline ends the wait, not the copy, and says how to look',
  { behavior: { copyVersionsPerSecond: 0.001, copyMinimumSeconds: 100_000 } },
  config({ poll: { deadline: 3600 } }),
  async ({ emulator }, run) => {
    const { summary } = await run();
    const [row] = summary.results;
    assert.is(
      row?.error,
      `not done after 3600 s (poll.deadline); the copy goes on. To look: gcloud artifacts operations describe ${row?.operation}`,
    );
    assert.ok((row?.seconds ?? 0) >= 3600 && (row?.seconds ?? 0) < 3700);
    const operation = await request<{ done?: boolean }>(emulator, 'GET', row?.operation ?? '');
    assert.is(operation.done, undefined);
  },
);

replicating(
  'twelve hours of copying take no time here, and progress is logged only when it changes',
  { behavior: { copyVersionsPerSecond: 1 / 10_000, copyMinimumSeconds: 40_000 } },
  config(),
  async (bench, run) => {
    const began = Date.now();
    const { summary } = await run();
    assert.is(summary.state, 'succeeded', summary.message);
    const { seconds = 0 } = summary.results[0] ?? {};
    assert.ok(seconds >= 30_000);
    // However much else the machine does.
    assert.ok(Date.now() - began < seconds * 10, 'a hundredth of the time');
    const polls = bench.requests.filter(({ path }) => path.includes('/operations/'));
    assert.ok(polls.length > 1000, `${polls.length} polls`);
  },
);

replicating(
  'a copy that fails is reported with its reason',
  {
    faults: [
      {
        copy: follower,
        fail: { status: 'FAILED_PRECONDITION', message: 'The key is disabled.', afterVersions: 1 },
      },
    ],
  },
  config({ destinations: [follower, second] }),
  async (_, run) => {
    const { state, summary } = await run();
    assert.is(state, 'FAILED');
    assert.is(summary.state, 'partlyFailed');
    const [row] = summary.results;
    assert.is(row?.error, 'CopyRepository failed with code 9: The key is disabled.');
    assert.is(row?.copied, 1);
  },
);

const skipAll = [{ copy: follower, skip: 'app@*' }];

replicating('a skipped version fails the copy by default', { faults: skipAll }, config(), async (_, run) => {
  const { summary } = await run();
  assert.is(summary.state, 'failed');
  assert.match(summary.results[0]?.error ?? '', /^CopyRepository failed with code \d+: /);
});

test('skipped versions are a partial failure with a sample of five, unless they are allowed', async () => {
  for (const allowSkippedVersions of [false, true])
    await withBench({ faults: skipAll }, async ({ emulator }) => {
      seedAll(emulator, [follower], 30);
      const [plan] = await deploy(
        emulator,
        config({ copy: { continueOnSkippedVersion: true, allowSkippedVersions } }),
      );
      const { state, summary } = await execute(emulator, plan as NonNullable<typeof plan>);
      const [row] = summary.results;
      assert.is(state, allowSkippedVersions ? 'SUCCEEDED' : 'FAILED');
      assert.is(summary.state, allowSkippedVersions ? 'succeeded' : 'partlyFailed');
      assert.is(row?.skipped, 30);
      assert.is(row?.skippedVersions?.length, 5);
      assert.match(row?.skippedVersions?.[0]?.version ?? '', /sha256:/);
      if (!allowSkippedVersions)
        assert.is(row?.error, '30 versions were skipped (copy.allowSkippedVersions is off)');
    });
});

test('of two executions at once the older goes on and the other gives way, which is no success', () =>
  withBench({ behavior: { copyMinimumSeconds: 600 } }, async (bench) => {
    seedAll(bench.emulator, [follower]);
    const [plan] = (await deploy(bench.emulator, config())) as [Parameters<typeof start>[1]];
    // Both exist before either has looked: nothing runs in between.
    const names = await Promise.all([start(bench.emulator, plan), start(bench.emulator, plan)]);
    const ended = await Promise.all(names.map((name) => end(bench.emulator, name)));
    assert.equal(ended.map(({ summary }) => summary.state).sort(), ['skipped', 'succeeded']);
    const gaveWay = ended.find(({ summary }) => summary.state === 'skipped');
    assert.match(
      gaveWay?.summary.message ?? '',
      /^gave way to an older execution that is still active: projects\/.*\/executions\//,
    );
    assert.is(posts(bench).length, 1);
    // Afterwards nothing is in the way.
    assert.is((await execute(bench.emulator, plan)).summary.state, 'succeeded');
  }));

test('with overlap allowed both run', () =>
  withBench({ behavior: { copyMinimumSeconds: 600 } }, async (bench) => {
    seedAll(bench.emulator, [follower]);
    const [plan] = (await deploy(bench.emulator, config({ overlap: 'allow' }))) as [
      Parameters<typeof start>[1],
    ];
    const names = await Promise.all([start(bench.emulator, plan), start(bench.emulator, plan)]);
    const ended = await Promise.all(names.map((name) => end(bench.emulator, name)));
    assert.equal(
      ended.map(({ summary }) => summary.state),
      ['succeeded', 'succeeded'],
    );
    assert.is(posts(bench).length, 2);
  }));

replicating(
  'an execution that waits in the backlog has no start yet, and nobody gives way to it',
  {
    faults: [
      {
        method: 'GET',
        path: '/v1/projects/acme/locations/europe-west1/workflows/replicator/executions?*',
        status: 200,
        body: { executions: [{ name: 'projects/p/executions/queued', state: 'QUEUED' }] },
      },
    ],
  },
  config(),
  async (_, run) => {
    assert.is((await run()).summary.state, 'succeeded');
  },
);

replicating(
  'an execution that cannot see the others fails and names the role',
  {
    faults: [
      {
        method: 'GET',
        path: '/v1/projects/acme/locations/europe-west1/workflows/replicator/executions?*',
        status: 403,
      },
    ],
  },
  config(),
  async (bench, run) => {
    const { state, summary } = await run();
    assert.is(state, 'FAILED');
    assert.match(summary.message, /needs roles\/workflows\.viewer on the project/);
    assert.is(posts(bench).length, 0);
  },
);

test('sixty destinations run within the limits', () =>
  withBench({}, async (bench) => {
    const plans = await deploy(bench.emulator, sixty);
    seed(bench.emulator.registry, leader, { packages: { app: versions(5) } });
    for (const { repository } of plans[0]?.destinations ?? [])
      seed(bench.emulator.registry, `projects/${repository.project}/locations/us/repositories/prod`);
    const { state, summary } = await execute(bench.emulator, plans[0] as NonNullable<(typeof plans)[0]>);
    assert.is(state, 'SUCCEEDED', JSON.stringify(summary).slice(0, 500));
    assert.is(summary.message, '60 of 60 destinations copied to; versions copied: 300');
    assert.is(posts(bench).length, 60);
  }));

test('sixty destinations that all skip a hundred versions fit in memory', () =>
  withBench({ faults: [{ copy: '*', skip: 'app@*' }] }, async (bench) => {
    const plans = await deploy(bench.emulator, sixty);
    seed(bench.emulator.registry, leader, { packages: { app: versions(120) } });
    for (const { repository } of plans[0]?.destinations ?? [])
      seed(bench.emulator.registry, `projects/${repository.project}/locations/us/repositories/prod`);
    const { state, summary } = await execute(bench.emulator, plans[0] as NonNullable<(typeof plans)[0]>);
    assert.is(state, 'FAILED');
    assert.is(summary.state, 'partlyFailed', JSON.stringify(summary).slice(0, 500));
    assert.is(summary.results.filter(({ skipped }) => skipped === 120).length, 60);
  }));

test('three workflows of one config each do their own', () =>
  withBench({}, async ({ emulator }) => {
    const plans = await deploy(emulator, several);
    assert.is(plans.length, 3);
    for (const plan of plans)
      for (const one of [plan.source, ...plan.destinations.map(({ repository }) => repository)])
        seed(
          emulator.registry,
          `projects/${one.project}/locations/${one.location}/repositories/${one.repository}`,
          {
            packages: one === plan.source ? { [`only-${one.repository}`]: versions(2) } : {},
          },
        );
    for (const plan of plans) assert.is((await execute(emulator, plan)).summary.state, 'succeeded');
    assert.equal(
      Object.keys(await images(emulator, 'projects/acme/locations/asia-east1/repositories/charts')).map(
        (name) => name.split('@')[0],
      ),
      ['only-charts', 'only-charts'],
    );
  }));

test('what a config says arrives as that very text', () =>
  withBench({}, async ({ emulator }) => {
    seedAll(emulator, [follower]);
    const [plan] = (await deploy(emulator, oddStrings)) as [Parameters<typeof execute>[1]];
    const { summary } = await execute(emulator, plan, { dryRun: true });
    const body = summary.results[0]?.request?.body as { behavior: unknown } | undefined;
    assert.equal(body?.behavior, (oddStrings as Replicator).copy?.behavior);
  }));

test.run();
