import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';

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

test.run();
