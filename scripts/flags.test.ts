import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { readFlags, runCommand, UsageError } from './flags.ts';

const test = suite('flags');

const options = { config: { type: 'string' }, json: { type: 'boolean' } } as const;

test('flags by their kind, words where a command takes them', () => {
  const { values } = readFlags(['--config', 'a.ts', '--json'], 'help', options);
  assert.equal({ ...values }, { config: 'a.ts', json: true });
  assert.equal(readFlags(['a', '--json', 'b'], 'help', options, true).positionals, ['a', 'b']);
});

for (const [args, message] of [
  [['--jsn'], /unknown flag --jsn, did you mean --json\?/],
  [['--hlep'], /unknown flag --hlep, did you mean --help\?/],
  [['--json=yes'], /--json takes no value/],
  [['--config'], /--config needs a value/],
  [['word'], /unexpected word "word"/],
] as const)
  test(`${args.join(' ')} is refused`, () => {
    try {
      readFlags(args, 'help', options);
      assert.unreachable();
    } catch (error) {
      assert.instance(error, UsageError);
      assert.match((error as Error).message, message);
    }
  });

test('--help prints the help alone, and is a success', async () => {
  const { log, error } = console;
  const said: string[] = [];
  console.log = (text: string) => said.push(text);
  console.error = (text: string) => said.push(`error: ${text}`);
  try {
    await runCommand('some', async () => {
      readFlags(['--json', '--help'], 'npm run some', options);
      return 1;
    });
  } finally {
    Object.assign(console, { log, error });
  }
  assert.equal(said, ['npm run some']);
  assert.is(process.exitCode, undefined);
});

test('a reader that has seen enough stops nothing, and nothing is said about it', async () => {
  const script = `
    import { once } from 'node:events';
    import { runCommand } from ${JSON.stringify(new URL('flags.ts', import.meta.url).href)};
    await runCommand('some', async () => {
      console.log('first');
      await once(process, 'message');
      for (let line = 0; line < 10; line++) {
        console.log('another');
        await new Promise(setImmediate);
      }
      process.disconnect();
      return 3;
    });`;
  const child = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '--eval', script], {
    cwd: new URL('..', import.meta.url),
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  let said = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    said += text;
  });
  child.stdout?.once('data', () => {
    child.stdout?.once('close', () => child.send('gone')).destroy();
  });
  const [code] = (await once(child, 'close')) as [number];
  assert.is(said, '');
  assert.is(code, 3);
});

const folder = new URL('.', import.meta.url);
const commands = readdirSync(folder)
  .map((name) => ({ name, text: name.endsWith('.ts') ? readFileSync(new URL(name, folder), 'utf8') : '' }))
  .flatMap(({ name, text }) => {
    const [, given] = /readFlags\(args, help, \{([\s\S]*?)\}(?:, true)?\);/.exec(text) ?? [];
    const [, help] = /^const help = `([\s\S]*?)`;$/m.exec(text) ?? [];
    return given === undefined || help === undefined ? [] : [{ name, given, help }];
  });

test('the commands are found', () => {
  assert.ok(commands.length > 10);
});

for (const { name, given, help } of commands)
  test(`the help of ${name} explains every flag, and no other`, () => {
    const flags = [...given.matchAll(/'?([a-z][a-z-]*)'?: \{ type/g)].map(([, flag]) => flag);
    const heads = [...help.matchAll(/^ +(--.*?)(?: {2}|$)/gm)].map(([, head = '']) => head);
    const explained = heads.flatMap((head) => [...head.matchAll(/--([a-z-]+)/g)].map(([, flag]) => flag));
    assert.equal(explained.sort(), [...flags, 'help'].sort());
  });

test.run();
