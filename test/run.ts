/**
 * Runs every test file, each in a process of its own, as many at once as there are cores. Says at the end, on one
 * line, how many tests passed, failed and were skipped. A file that runs no test fails: uvu is silent about one
 * that forgets `test.run()`.
 *
 * `npm test` runs all; `npm test -- PATTERN …` the files whose path contains one of the patterns.
 */
import { spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { stripVTControlCharacters } from 'node:util';
import pMap from 'p-map';

const root = fileURLToPath(new URL('..', import.meta.url));
const rooms = ['generator', 'emulator', 'job', 'scripts', 'test', 'bench'];

/** Longest time of one file, in seconds: a test that hangs fails instead of holding up the rest. */
const patience = 600;

interface Outcome {
  readonly file: string;
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
  readonly seconds: number;
  readonly output: string;
}

function testFiles(patterns: readonly string[]): string[] {
  return rooms
    .flatMap((room) =>
      readdirSync(`${root}${room}`, { recursive: true, encoding: 'utf8' }).map((file) => `${room}/${file}`),
    )
    .filter((file) => file.endsWith('.test.ts'))
    .filter((file) => patterns.length === 0 || patterns.some((pattern) => file.includes(pattern)))
    .sort();
}

async function runFile(file: string): Promise<Outcome> {
  const start = Date.now();
  const hasProperties = readFileSync(`${root}${file}`, 'utf8').includes("from 'fast-check'");
  const seed = process.env.CI && hasProperties ? ['--import', './test/one-seed.ts'] : [];
  const args = ['--import', 'tsx', ...seed, file];
  const child = spawn(process.execPath, args, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text;
    });
  const timer = setTimeout(() => child.kill('SIGKILL'), patience * 1000);
  const code = await new Promise<number | null>((resolve) => child.on('close', resolve));
  clearTimeout(timer);
  const plain = stripVTControlCharacters(output);
  const count = (word: string) =>
    [...plain.matchAll(new RegExp(`^\\s*${word}:\\s+(\\d+)`, 'gm'))].reduce(
      (sum, [, digits]) => sum + Number(digits),
      0,
    );
  const [total, passed, skipped] = [count('Total'), count('Passed'), count('Skipped')];
  // A crash, a time-out or an empty file counts as one failure of its own.
  const broken = total + skipped === 0 || (code !== 0 && total === passed);
  const failed = total - passed + (broken ? 1 : 0);
  if (total + skipped === 0) output += `\n${file} ran no test: does it call test.run()?\n`;
  return { file, passed, failed, skipped, seconds: (Date.now() - start) / 1000, output };
}

const files = testFiles(process.argv.slice(2));
// The slow ones first would need a record of times; real programs are the slow ones, and live in test/.
files.sort((one, other) => Number(other.startsWith('test/')) - Number(one.startsWith('test/')));
const outcomes = await pMap(
  files,
  async (file) => {
    const outcome = await runFile(file);
    const { passed, failed, skipped, seconds, output } = outcome;
    const mark = failed > 0 ? 'FAIL' : 'ok';
    const notes = [`${passed} passed`, failed > 0 && `${failed} failed`, skipped > 0 && `${skipped} skipped`];
    console.log(`${mark.padEnd(4)} ${file}  ${notes.filter(Boolean).join(', ')}  ${seconds.toFixed(1)} s`);
    if (failed > 0) console.log(output);
    return outcome;
  },
  { concurrency: availableParallelism() },
);

const sum = (key: 'passed' | 'failed' | 'skipped') =>
  outcomes.reduce((total, outcome) => total + outcome[key], 0);
console.log(`\n${sum('passed')} passed, ${sum('failed')} failed, ${sum('skipped')} skipped`);
process.exitCode = sum('failed') > 0 || outcomes.length === 0 ? 1 : 0;
