import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { seed } from '../registry/seed.ts';
import type { Emulator } from '../server.ts';
import { workflowsEngine } from '../workflows/service.ts';
import { withEmulator } from './testing.ts';

const parent = 'projects/p/locations/europe-west1';

async function ask(emulator: Emulator, path: string, params: Record<string, string | number> = {}) {
  const query = new URLSearchParams(
    Object.entries(params).map(([name, value]): [string, string] => [name, String(value)]),
  );
  const answer = await fetch(`${emulator.url}/console/api/${path}?${query}`);
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers of every shape
  return (await answer.json()) as any;
}

async function executed(emulator: Emulator, id: string, source: string): Promise<string> {
  const engine = workflowsEngine(emulator.context);
  engine.workflows.create(parent, id, { sourceContents: source });
  const execution = engine.executions.start(`${parent}/workflows/${id}`, {
    executionHistoryLevel: 'EXECUTION_HISTORY_DETAILED',
  });
  await execution.over;
  return execution.record.name;
}

const twoCalls = `
main:
  steps:
    - both:
        parallel:
          branches:
            - left:
                steps:
                  - call_left:
                      call: work
                      args: {side: left, fails: false}
            - right:
                steps:
                  - call_right:
                      try:
                        call: work
                        args: {side: right, fails: true}
                      except:
                        as: e
                        steps:
                          - forgive:
                              assign:
                                - caught: \${e}
work:
  params: [side, fails]
  steps:
    - tell:
        call: sys.log
        args:
          json:
            message: \${"going " + side}
            replicator: {destination: '\${side}', phase: copy, counts: {copied: 2, total: 5}}
    - maybe:
        switch:
          - condition: \${fails}
            raise: \${side + " is broken"}
    - done:
        return: \${side}
`;

const followed = suite('console: an execution');

followed('boxes are counted by the path of calls that leads to them', () =>
  withEmulator(async (emulator) => {
    const execution = await executed(emulator, 'two', twoCalls);
    const { boxes, execution: head } = await ask(emulator, 'execution', { execution });
    const tallies = new Map(boxes as [string, Record<string, number>][]);
    assert.is(head.state, 'SUCCEEDED');
    assert.is(tallies.get('main/call_left>work/done')?.succeeded, 1);
    assert.is(tallies.get('main/call_right#inline>work/maybe#1')?.failed, 1);
    assert.is(tallies.get('main/call_right#except')?.succeeded, 1);
    assert.not(tallies.has('main/call_right#inline>work/done'));
  }),
);

followed('every box that was reached is a box of the graph', () =>
  withEmulator(async (emulator) => {
    const execution = await executed(emulator, 'two', twoCalls);
    const { boxes } = await ask(emulator, 'execution', { execution });
    const { routines } = await ask(emulator, 'workflow', {
      workflow: execution.split('/executions/')[0] ?? '',
    });
    const drawn = new Set<string>();
    const see = (nodes: { key?: string; lanes?: { key: string; nodes: [] }[] }[]): void => {
      for (const { key, lanes = [] } of nodes) {
        if (key) drawn.add(key);
        for (const lane of lanes) {
          drawn.add(lane.key);
          see(lane.nodes);
        }
      }
    };
    for (const { nodes } of routines) see(nodes);
    for (const [key] of boxes) assert.ok(drawn.has(key.split('>').at(-1)), key);
  }),
);

followed('what is new since a version is told alone', () =>
  withEmulator(async (emulator) => {
    const execution = await executed(emulator, 'two', twoCalls);
    const { version } = await ask(emulator, 'execution', { execution });
    const later = await ask(emulator, 'execution', { execution, since: version });
    assert.equal([later.boxes, later.destinations], [[], []]);
  }),
);

followed('a scope counts its own branch and leaves what lies beside it', () =>
  withEmulator(async (emulator) => {
    const execution = await executed(emulator, 'two', twoCalls);
    const { destinations } = await ask(emulator, 'execution', { execution });
    const right = destinations.find(({ name }: { name: string }) => name === 'right');
    assert.equal(right.counts, { copied: 2, total: 5 });
    const { scope, boxes } = await ask(emulator, 'execution', { execution, scope: right.entry });
    assert.is(scope.step, 'right');
    const tallies = new Map(boxes as [string, Record<string, number>][]);
    assert.is(tallies.get('main/right#branch')?.succeeded, 1);
    assert.is(tallies.get('main/left#branch')?.succeeded, 1);
    const { items } = await ask(emulator, 'steps', { execution, scope: right.entry, state: 'raised' });
    assert.equal(
      items.map(({ step, error, where }: Record<string, unknown>) => [step, error, where]),
      [['maybe', 'right is broken', ['right']]],
    );
  }),
);

followed('a step is shown with what went in and out, its place and what it logged', () =>
  withEmulator(async (emulator) => {
    const execution = await executed(emulator, 'two', twoCalls);
    const { items } = await ask(emulator, 'steps', { execution, box: 'main/call_left' });
    const call = await ask(emulator, 'step', { execution, id: items[0].id });
    assert.equal([call.input, call.output], [{ side: 'left', fails: false }, 'left']);
    assert.match(call.place.lines[0].text, /- call_left:/);
    const logs = await ask(emulator, 'logs', { execution });
    const teller = await ask(emulator, 'step', { execution, id: logs.items[0].entry });
    assert.equal([teller.step, teller.logs[0].message], ['tell', 'going left']);
  }),
);

followed('a routine that calls itself comes back to its own boxes', () =>
  withEmulator(async (emulator) => {
    const execution = await executed(
      emulator,
      'again',
      `
main:
  steps:
    - begin: {return: '\${down(5)}'}
down:
  params: [n]
  steps:
    - stop: {switch: [{condition: '\${n == 0}', return: done}]}
    - go_on: {call: down, args: {n: '\${n - 1}'}, result: r}
    - back: {return: '\${r}'}
`,
    );
    const { boxes } = await ask(emulator, 'execution', { execution });
    const tallies = new Map(boxes as [string, Record<string, number>][]);
    assert.is(tallies.get('main/begin>down/go_on')?.succeeded, 5);
    assert.is(tallies.size, 5);
  }),
);

followed('an iteration stands for its destination, whose failure was caught', () =>
  withEmulator(async (emulator) => {
    const execution = await executed(
      emulator,
      'loop',
      `
main:
  steps:
    - all:
        parallel:
          for:
            value: state
            in: [succeeded, failed, none]
            steps:
              - maybe:
                  switch:
                    - condition: '\${state == "none"}'
                      next: continue
              - tell:
                  call: sys.log
                  args:
                    json: {message: done, replicator: {destination: '\${"a-" + state}', phase: result, state: '\${state}'}}
`,
    );
    const { items } = await ask(emulator, 'iterations', { execution, box: 'main/all#each' });
    assert.equal(
      items.map(({ name, state }: Record<string, string>) => [name, state]),
      [
        ['a-succeeded', 'succeeded'],
        ['a-failed', 'failed'],
        ['', 'succeeded'],
      ],
    );
  }),
);

followed.run();

const compared = suite('console: repositories side by side');

const digest = (letter: string) => `sha256:${letter.repeat(64)}`;
const leader = `${parent}/repositories/leader`;
const follower = `${parent}/repositories/follower`;

compared('what is missing, other and extra is told for packages, tags and versions', () =>
  withEmulator(async (emulator) => {
    const { registry } = emulator;
    const image = {};
    seed(registry, leader, {
      packages: {
        app: [
          { id: digest('a'), tags: ['v1'], image },
          { id: digest('b'), tags: ['latest'], image },
        ],
      },
    });
    seed(registry, follower, {
      packages: {
        app: [{ id: digest('a'), tags: ['latest', 'old'], image }],
        more: [{ id: digest('c'), image }],
      },
    });
    const repositories = `${leader},${follower}`;
    const { packages, repositories: sums, mark } = await ask(emulator, 'compare', { repositories });
    assert.equal(
      packages.items.map(({ id, cells }: { id: string; cells: unknown[] }) => [id, cells[1]]),
      [
        ['app', { versions: 1, tags: 2, missing: 2, extra: 1, different: 1 }],
        ['more', { versions: 1, tags: 0, missing: 0, extra: 1, different: 0 }],
      ],
    );
    assert.equal([sums[1].missing, sums[1].extra, sums[1].different], [2, 2, 1]);
    const tags = await ask(emulator, 'package', { repositories, package: 'app', by: 'tags' });
    assert.equal(
      tags.rows.items.map(({ id, cells }: { id: string; cells: { state: string }[] }) => [
        id,
        cells[1]?.state,
      ]),
      [
        ['latest', 'different'],
        ['old', 'extra'],
        ['v1', 'missing'],
      ],
    );
    const versions = await ask(emulator, 'package', { repositories, package: 'app', differing: 'true' });
    assert.equal(
      versions.rows.items.map(({ id }: { id: string }) => id),
      [digest('b')],
    );
    assert.equal(await ask(emulator, 'compare', { repositories, since: mark }), { unchanged: true });
    registry.repository(follower).record({ is: 'tag gone', package: 'app', tag: 'old' });
    assert.not.equal((await ask(emulator, 'compare', { repositories, since: mark })).mark, mark);
  }),
);

compared('a leader is compared with 200 followers at once', () =>
  withEmulator(async (emulator) => {
    const names = Array.from(
      { length: 201 },
      (_, index) => `projects/a-project/locations/europe-west1/repositories/${'r'.repeat(50)}-${index}`,
    );
    for (const name of names) seed(emulator.registry, name);
    const { repositories } = await ask(emulator, 'compare', { repositories: names.join(), limit: 0 });
    assert.is(repositories.length, 201);
  }),
);

compared('who was copied from whom is known after a restart', async () => {
  const data = mkdtempSync(join(tmpdir(), 'emulator-console-'));
  const sources = async (emulator: Emulator) =>
    (await ask(emulator, 'repositories')).repositories.map(({ source }: { source?: string }) => source);
  try {
    await withEmulator(
      async (emulator) => {
        for (const name of [leader, follower]) seed(emulator.registry, name);
        await fetch(`${emulator.url}/v1/${follower}:copyRepository`, {
          method: 'POST',
          body: JSON.stringify({ sourceRepository: leader }),
        });
        assert.equal(await sources(emulator), [leader, undefined]);
      },
      { data },
    );
    await withEmulator(
      async (emulator) => {
        assert.equal(await sources(emulator), [leader, undefined]);
        // A repository of the same name is another one.
        emulator.registry.delete(follower);
        seed(emulator.registry, follower);
        assert.equal(await sources(emulator), [undefined, undefined]);
      },
      { data },
    );
  } finally {
    rmSync(data, { recursive: true });
  }
});

compared.run();
