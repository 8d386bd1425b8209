/** The job as a process, as the container starts it, against an emulator of the test's own. */
import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { type Emulator, type EmulatorOptions, startEmulator } from '../emulator/server.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const cli = fileURLToPath(new URL('../job/cli.ts', import.meta.url));

/** A process that has ended. */
export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A log entry, as far as tests look. */
export interface Entry {
  readonly severity: string;
  readonly message: string;
  readonly replicator: {
    readonly command: string;
    readonly phase: string;
    readonly destination?: string;
    readonly state?: string;
    readonly counts?: Readonly<Record<string, number>>;
    readonly error?: string;
  };
}

/** A process that runs. */
export interface Running {
  readonly child: ChildProcess;
  readonly ended: Promise<Ended>;
  /** Waits until its log has said something. @returns what was found */
  said(pattern: RegExp): Promise<RegExpExecArray>;
}

/** Starts the job. Of the test's own environment it gets only what starts a program. */
export function startJob(args: readonly string[], env: Readonly<Record<string, string>> = {}): Running {
  return watch(
    spawn(process.execPath, ['--import', 'tsx', cli, ...args], {
      cwd: root,
      env: { PATH: process.env.PATH, HOME: process.env.HOME, ...env },
    }),
  );
}

/** Follows a process to its end. */
export function watch(child: ChildProcess): Running {
  let [stdout, stderr] = ['', ''];
  child.stdout?.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
  });
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  const ended = new Promise<Ended>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code, signal) => resolve({ code, signal, stdout, stderr }));
  });
  return {
    child,
    ended,
    said: (pattern) =>
      new Promise((resolve, reject) => {
        const look = () => {
          const found = pattern.exec(stderr);
          if (found) resolve(found);
          return found !== null;
        };
        if (look()) return;
        child.stderr?.on('data', look);
        child.on('close', () => {
          if (!look()) reject(new Error(`it never said ${pattern}:\n${stdout}\n${stderr}`));
        });
      }),
  };
}

const warning =
  "process.once('beforeExit', () => process.emitWarning('no metadata server\\nat all', 'MetadataLookupWarning'))";

/** Variables with which Node warns when a command has ended: as of a lookup whose failure comes late. */
export const warningAtEnd = {
  NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(warning).replaceAll("'", '%27')}`,
};

/** Runs the job to its end. */
export function job(args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<Ended> {
  return startJob(args, env).ended;
}

/** The log of a process that logs for machines. */
export function entriesOf({ stderr }: Pick<Ended, 'stderr'>): Entry[] {
  return stderr
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Entry);
}

/** An emulator whose copies are done as soon as they are looked at. */
export function startQuickEmulator(options: EmulatorOptions = {}): Promise<Emulator> {
  return startEmulator({
    ...options,
    behavior: {
      copyStartSeconds: 0,
      copyMinimumSeconds: 0,
      copyVersionsPerSecond: 100_000,
      ...options.behavior,
    },
  });
}
