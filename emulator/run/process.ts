/** A container, as a process of this machine. */
import { type ChildProcess, spawn } from 'node:child_process';
import type { Readable } from 'node:stream';

/** What to start. */
export interface Program {
  /** The program and its arguments. */
  readonly command: readonly string[];
  /** Its whole environment, but for what no program on this machine can do without. */
  readonly env: Readonly<Record<string, string>>;
  /** Called for each line that it writes. */
  readonly onLine: (line: string, stream: 'stdout' | 'stderr') => void;
}

/** How it ended. */
export interface Ended {
  /** Absent when a signal ended it, or it could not be started. */
  readonly exitCode?: number;
  readonly signal?: NodeJS.Signals;
  /** Why it could not be started. */
  readonly error?: string;
}

/** A process that runs. */
export interface Running {
  /** Settles when it has ended and all its lines were read; never rejects. */
  readonly ended: Promise<Ended>;
  /** Sends a signal to it and to what it has started. */
  kill(signal: NodeJS.Signals): void;
}

/** Variables that a process needs to run here at all; a container has its own. */
const fromHere = ['PATH', 'HOME', 'TMPDIR', 'SystemRoot', 'NODE_V8_COVERAGE'];

/** Longest line that is kept whole, as in Cloud Logging: 256 KiB. */
const longest = 256 * 1024;

/** Processes that run, of all emulators of this process: none of them outlives it. */
const running = new Set<ChildProcess>();
process.once('exit', () => {
  for (const child of running) signalTo(child, 'SIGKILL');
});

/** Starts a program. */
export function startProgram({ command: [file = '', ...args], env, onLine }: Program): Running {
  const here = Object.fromEntries(
    fromHere.flatMap((name) => (process.env[name] === undefined ? [] : [[name, process.env[name]]])),
  );
  const child = spawn(file, args, {
    env: { ...here, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    // A group of its own: a signal then reaches what the program has started too, and Ctrl-C doesn't.
    detached: true,
  });
  running.add(child);
  const ended = new Promise<Ended>((resolve) => {
    child.once('error', (error) => {
      if (child.pid === undefined) resolve({ error: error.message });
    });
    child.once('close', (code, signal) => {
      if (signal) resolve({ signal });
      else if (code !== null) resolve({ exitCode: code });
      else resolve({});
    });
  }).finally(() => running.delete(child));
  readLines(child.stdout, (line) => onLine(line, 'stdout'));
  readLines(child.stderr, (line) => onLine(line, 'stderr'));
  return { ended, kill: (signal) => signalTo(child, signal) };
}

function signalTo(child: ChildProcess, signal: NodeJS.Signals): void {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, signal);
  } catch {
    // It has ended by itself.
  }
}

function readLines(stream: Readable, onLine: (line: string) => void): void {
  let rest = '';
  stream.setEncoding('utf8').on('data', (text: string) => {
    const lines = (rest + text).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) onLine(line.slice(0, longest));
    if (rest.length <= longest) return;
    onLine(rest.slice(0, longest));
    rest = '';
  });
  stream.on('end', () => {
    if (rest !== '') onLine(rest);
  });
}
