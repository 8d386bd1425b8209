import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { Obstacle, runCommand } from './flags.ts';

const test = suite('tool');

test('of no metadata server a person hears once, by our own message', () => {
  const tool = fileURLToPath(new URL('tool.ts', import.meta.url));
  const program = `
    import { runTool } from ${JSON.stringify(tool)};
    await runTool('some', async () => {
      process.emitWarning('no metadata server', 'MetadataLookupWarning');
      process.emitWarning('something else', 'OtherWarning');
      return 0;
    });`;
  const { status, stderr } = spawnSync(
    process.execPath,
    ['--import', 'tsx', '--input-type=module', '--eval', program],
    { encoding: 'utf8' },
  );
  assert.is(status, 0, stderr);
  assert.not.match(stderr, /no metadata server/);
  assert.match(stderr, /OtherWarning: something else/);
});

test('an obstacle is no fault of the program', async () => {
  const { error } = console;
  const said: string[] = [];
  console.error = (text: string) => said.push(text);
  try {
    await runCommand('some', async () => {
      throw new Obstacle('nobody is\u001b[2J logged in\nlog in');
    });
  } finally {
    console.error = error;
  }
  assert.is(process.exitCode, 1);
  process.exitCode = undefined;
  assert.equal(said, ['some: nobody is logged in\nlog in']);
});

test.run();
