import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { help, readOptions } from './cli.ts';
import { startEmulator } from './server.ts';

const cli = fileURLToPath(new URL('./cli.ts', import.meta.url));
const start = (...args: string[]) => spawn(process.execPath, ['--import', 'tsx', cli, ...args]);

async function run(...args: string[]) {
  const child = start(...args);
  let out = '';
  let err = '';
  child.stdout.on('data', (text) => {
    out += text;
  });
  child.stderr.on('data', (text) => {
    err += text;
  });
  const [code] = await once(child, 'close');
  return { code, out, err };
}

test('options are read', () => {
  const read = readOptions([
    '--port',
    '0',
    '--data',
    '/d',
    '--behavior',
    'existingTag=moved',
    '--clock=auto',
  ]);
  assert.ok(read !== 'help');
  assert.is(read.port, 0);
  assert.is(read.data, '/d');
  assert.equal(read.behavior, { existingTag: 'moved' });
  const free = readOptions(['--lift', 'steps', '--lift', 'branches']);
  assert.equal(free !== 'help' && free.limits, {
    steps: Number.POSITIVE_INFINITY,
    branches: { least: 1, most: Number.POSITIVE_INFINITY },
  });
  assert.is(readOptions(['-h']), 'help');
  assert.match(help(), /existingTag \(kept \| moved; default kept\)/);
});

test('the auto clock leaps over waits and goes on by itself', async () => {
  const read = readOptions(['--clock', 'auto']);
  assert.ok(read !== 'help' && read.clock);
  const { clock } = read;
  const fiber = clock.fiber();
  const start = clock.now();
  await fiber.sleep(3_600_000);
  fiber.end();
  assert.ok(clock.now() - start >= 3_600_000);
  const then = clock.now();
  await new Promise((resolve) => setTimeout(resolve, 20));
  assert.ok(clock.now() - then >= 15);
  clock.close();
});

test('wrong use is named, with the nearest name', () => {
  const cases: [string[], RegExp][] = [
    [['--behaviour', '1'], /no option --behaviour \(did you mean 'behavior'\?\)/],
    [['--port', '70000'], /--port is a number from 0 to 65535, not '70000'/],
    [['--port'], /--port needs a value/],
    [['--help=yes'], /--help takes no value/],
    [['--clock', 'reel'], /did you mean 'real'/],
    [['--behavior', 'pages=x'], /one of full, short/],
    [['--faults', '/does/not/exist'], /\/does\/not\/exist: ENOENT/],
    [['--lift', 'step'], /no limit 'step' \(did you mean 'steps'\?\)/],
    [['8787'], /unexpected argument '8787'/],
  ];
  for (const [args, expected] of cases) assert.throws(() => readOptions(args), expected);
});

test('wrong use exits 64 with the message alone', async () => {
  const { code, out, err } = await run('--datta', 'x');
  assert.is(code, 64);
  assert.is(out, '');
  assert.is(err, "emulator: there is no option --datta (did you mean 'data'?)\nSee --help.\n");
});

test('a port that is in use is said to be', async () => {
  const emulator = await startEmulator();
  const { code, err } = await run('--port', String(emulator.port));
  await emulator.close();
  assert.is(code, 1);
  assert.match(err, `port ${emulator.port} is in use`);
  assert.not.match(err, /\n {4}at /);
});

test('says where it listens, answers there, and ends cleanly when told to', async () => {
  const child = start('--port', '0');
  const [text] = await once(child.stdout, 'data');
  const host = /REPLICATOR_EMULATOR_HOST=(\S+)/.exec(String(text))?.[1];
  assert.match(host ?? '', /^127\.0\.0\.1:\d+$/);
  assert.is((await fetch(`http://${host}/v2/`)).status, 200);
  child.kill('SIGTERM');
  const [code] = await once(child, 'close');
  assert.is(code, 0);
});

test.run();
