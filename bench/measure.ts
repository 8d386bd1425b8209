/** Times whole processes side by side, so that a ratio holds although the machine is shared and noisy. */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';

const time = '/usr/bin/time';

/** One process, from start to end. */
export interface Run {
  readonly seconds: number;
  /** User and system time. */
  readonly cpuSeconds: number;
  /** Largest resident set, in MB; undefined where the system does not tell. */
  readonly peakMegabytes: number | undefined;
}

/** Runs a program and waits; throws when it fails. */
export async function run(
  command: readonly string[],
  options: { env?: NodeJS.ProcessEnv } = {},
): Promise<Run> {
  // GNU time reports the child's own peak; without it only the clock is known.
  const [program = '', ...args] = existsSync(time) ? [time, '-f', '@%e %U %S %M', ...command] : command;
  const start = process.hrtime.bigint();
  const child = spawn(program, args, {
    stdio: ['ignore', 'ignore', 'pipe'],
    env: { ...process.env, ...options.env },
  });
  let errors = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    errors += text;
  });
  const code = await new Promise<number | null>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', resolve);
  });
  const seconds = Number(process.hrtime.bigint() - start) / 1e9;
  if (code !== 0) throw new Error(`${command.join(' ')} failed with ${code}: ${errors}`);
  const [, , user, system, peak] = /@(\S+) (\S+) (\S+) (\d+)\s*$/.exec(errors) ?? [];
  return {
    seconds,
    cpuSeconds: Number(user) + Number(system),
    peakMegabytes: peak === undefined ? undefined : Number(peak) / 1024,
  };
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((one, other) => one - other);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1
    ? (sorted[middle] ?? 0)
    : ((sorted[middle - 1] ?? 0) + (sorted[middle] ?? 0)) / 2;
}

/** Medians of two things measured in turn, and of their ratio pair by pair. */
export interface Comparison {
  readonly seconds: number;
  readonly floorSeconds: number;
  readonly ratio: number;
}

/** Measures A B A B …, after one of each that is not counted. */
export async function compare(
  one: () => Promise<Run>,
  floor: () => Promise<Run>,
  times: number,
): Promise<Comparison & { readonly runs: readonly Run[] }> {
  const runs: Run[] = [];
  const floors: Run[] = [];
  for (let turn = 0; turn <= times; turn++) {
    const [run, base] = [await one(), await floor()];
    if (turn === 0) continue;
    runs.push(run);
    floors.push(base);
  }
  return {
    seconds: median(runs.map(({ seconds }) => seconds)),
    floorSeconds: median(floors.map(({ seconds }) => seconds)),
    ratio: median(runs.map(({ seconds }, index) => seconds / (floors[index]?.seconds ?? Number.NaN))),
    runs,
  };
}

/** The machine that a figure was measured on. */
export function machine(): string {
  const [first] = cpus();
  return `${cpus().length} × ${first?.model.trim() ?? 'unknown'}, ${Math.round(totalmem() / 2 ** 30)} GB, Node ${process.versions.node}`;
}
