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

/** What a race of several ways to do the same gave. */
export interface Race<K extends string> {
  /** Median. */
  readonly seconds: (way: K) => number;
  /** Median of the ratios turn by turn. */
  readonly ratio: (one: K, other: K) => number;
  readonly runs: Readonly<Record<K, readonly Run[]>>;
}

/** Runs them in turn: forwards, backwards, and again, after one turn that is not counted. */
export async function race<K extends string>(
  ways: Readonly<Record<K, () => Promise<Run>>>,
  times = 5,
): Promise<Race<K>> {
  const names = Object.keys(ways) as K[];
  const runs = Object.fromEntries(names.map((name) => [name, [] as Run[]])) as Record<K, Run[]>;
  for (let turn = 0; turn <= times; turn++)
    for (const name of turn % 2 === 0 ? names : [...names].reverse()) {
      const one = await ways[name]();
      if (turn > 0) runs[name].push(one);
    }
  return {
    runs,
    seconds: (way) => median(runs[way].map(({ seconds }) => seconds)),
    ratio: (one, other) =>
      median(runs[one].map(({ seconds }, index) => seconds / (runs[other][index]?.seconds ?? Number.NaN))),
  };
}

/** Something beside its floor: medians, and that of their ratio. */
export interface Comparison {
  readonly seconds: number;
  readonly floorSeconds: number;
  readonly ratio: number;
}

/** Races something against its floor. */
export async function compare(
  one: () => Promise<Run>,
  floor: () => Promise<Run>,
  times: number,
): Promise<Comparison & { readonly runs: readonly Run[] }> {
  const { seconds, ratio, runs } = await race({ one, floor }, times);
  return {
    seconds: seconds('one'),
    floorSeconds: seconds('floor'),
    ratio: ratio('one', 'floor'),
    runs: runs.one,
  };
}

/** The machine that a figure was measured on. */
export function machine(): string {
  const [first] = cpus();
  return `${cpus().length} × ${first?.model.trim() ?? 'unknown'}, ${Math.round(totalmem() / 2 ** 30)} GB, Node ${process.versions.node}`;
}
