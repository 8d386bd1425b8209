// Twenty definitions: the interpreter gives what their pages say, the checker has no error, gcloud deploys and runs them.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pMap from 'p-map';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { drivenClock } from '../emulator/clock.ts';
import { startEmulator } from '../emulator/server.ts';
import { bed, outcome, parent } from '../emulator/workflows/testing.ts';
import { checkFile } from '../generator/check/check-file.ts';
import { emit } from '../generator/workflow/emit.ts';
import { readWorkflow } from '../generator/workflow/read.ts';
import { gcloudAt } from './gcloud.ts';
import { testWith } from './parts.ts';
import { type Definition, definitions } from './workflows-definitions.ts';

const test = suite('definitions');

async function run({ name, argument }: Definition, source: string): Promise<unknown> {
  const { engine } = bed();
  engine.workflows.create(parent, name, { sourceContents: source });
  const execution = engine.executions.start(
    `${parent}/workflows/${name}`,
    argument === undefined ? {} : { argument: JSON.stringify(argument) },
  );
  await execution.over;
  const { state, value } = outcome(execution);
  return [state, value];
}

const expected = ({ gives, fails }: Definition) => [fails ? 'FAILED' : 'SUCCEEDED', gives];

for (const definition of definitions)
  test(`${definition.name}: ${definition.page}`, async () => {
    const { source, name } = definition;
    assert.equal(await run(definition, source), expected(definition));
    assert.equal(
      checkFile(source, name).filter(({ severity }) => severity === 'error'),
      [],
    );
    // Read into the step tree and written again, it is the same workflow.
    const { workflow, faults } = readWorkflow(source);
    assert.equal(faults, []);
    assert.equal(await run(definition, emit(workflow, [])), expected(definition));
  });

testWith(test, ['gcloud'], 'gcloud deploys and runs all of them', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'definitions-'));
  const emulator = await startEmulator({ clock: drivenClock({ auto: true }) });
  try {
    await pMap(
      definitions,
      async (definition) => {
        const { name, source, argument } = definition;
        // Each process has its configuration to itself: they would wait for each other's database.
        const own = join(folder, name);
        mkdirSync(own);
        const gcloud = gcloudAt(emulator.url, 'p', own);
        const file = join(own, 'workflow.yaml');
        writeFileSync(file, source);
        const region = '--location=europe-west1';
        const deployed = await gcloud<{ state: string }>(
          'workflows',
          'deploy',
          name,
          `--source=${file}`,
          region,
        );
        assert.is(deployed.state, 'ACTIVE');
        const data = argument === undefined ? [] : [`--data=${JSON.stringify(argument)}`];
        const ran = await gcloud<{ state: string; result?: string; error?: { payload: string } }>(
          'workflows',
          'run',
          name,
          region,
          ...data,
        );
        assert.equal(
          [ran.state, JSON.parse(ran.result ?? ran.error?.payload ?? 'null')],
          expected(definition),
          name,
        );
      },
      { concurrency: 6 },
    );
  } finally {
    await emulator.close();
    rmSync(folder, { recursive: true, force: true });
  }
});

test.run();
