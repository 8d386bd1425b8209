import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';

const test = suite('colours');

/** What red text is under some variables; coloured where nothing forbids it. */
function red(env: NodeJS.ProcessEnv): string {
  const colours = fileURLToPath(new URL('colours.ts', import.meta.url));
  const program = `import { chalk } from ${JSON.stringify(colours)}; process.stdout.write(chalk.red('text'));`;
  const { NO_COLOR: _, ...inherited } = process.env;
  const { stdout } = spawnSync(
    process.execPath,
    ['--import', 'tsx', '--input-type=module', '--eval', program],
    { encoding: 'utf8', env: { ...inherited, FORCE_COLOR: '1', ...env } },
  );
  return stdout;
}

test('NO_COLOR takes colours away, unless it is empty', () => {
  assert.is(red({ NO_COLOR: '1' }), 'text');
  assert.is(red({ NO_COLOR: '' }), '\u001b[31mtext\u001b[39m');
});

test.run();
