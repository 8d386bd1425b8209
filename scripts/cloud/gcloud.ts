/** gcloud: every change to the cloud is one of its commands, shown as a person could type it. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { $ } from 'zx';
import type { Target } from './target.ts';

/** What a command came to. */
export interface Ran {
  /** 127 where there is no gcloud. */
  readonly exitCode: number;
  readonly stdout: string;
  /** What it said, without what is of no use to anybody. */
  readonly stderr: string;
}

/** Where there is no gcloud, a shell says that it is not found, which means something else of a repository. */
export const noGcloud = {
  exitCode: 127,
  message: 'gcloud is not installed, or not on the PATH: see https://cloud.google.com/sdk/docs/install',
} as const;

/** Runs commands. */
export interface Gcloud {
  run(args: readonly string[]): Promise<Ran>;
  /** Removes what was written to make it talk to the emulator. */
  close(): void;
}

/** A command as it is typed. */
export function commandLine(args: readonly string[]): string {
  return ['gcloud', ...args].map(shellWord).join(' ');
}

/** A word for any shell of the Bourne family: the value of a flag is quoted, its name is not. */
export function shellWord(text: string): string {
  if (/^[\w@%+=:,./-]+$/.test(text)) return text;
  const [, flag = '', value = text] = /^(--[\w-]+=)(.*)$/s.exec(text) ?? [];
  return `${flag}'${value.replaceAll("'", `'\\''`)}'`;
}

/** Services whose address gcloud can be told. */
const overridden = [
  'ARTIFACTREGISTRY',
  'WORKFLOWS',
  'WORKFLOWEXECUTIONS',
  'CLOUDSCHEDULER',
  'IAM',
  'CLOUDRESOURCEMANAGER',
  'SERVICEUSAGE',
  'CLOUDBUILD',
  'CLOUDKMS',
  'PUBSUB',
  'STORAGE',
  'LOGGING',
  'MONITORING',
];

/** gcloud for Google or, with all its overrides and a token, for the emulator. */
export function createGcloud({ emulator }: Target, env: NodeJS.ProcessEnv = process.env): Gcloud {
  const own: NodeJS.ProcessEnv = { ...env, CLOUDSDK_CORE_DISABLE_PROMPTS: '1' };
  let folder: string | undefined;
  if (emulator) {
    const [address = '', port = ''] = emulator.host.split(':');
    folder = mkdtempSync(join(tmpdir(), 'replicator-gcloud-'));
    const token = join(folder, 'token');
    writeFileSync(token, emulator.token, { mode: 0o600 });
    for (const name of overridden)
      own[`CLOUDSDK_API_ENDPOINT_OVERRIDES_${name}`] = `http://${emulator.host}/`;
    Object.assign(own, {
      // It puts the region before the host, which no loopback address has: through a proxy any host will do.
      CLOUDSDK_API_ENDPOINT_OVERRIDES_RUN: `http://run.test:${port}/`,
      CLOUDSDK_PROXY_TYPE: 'http',
      CLOUDSDK_PROXY_ADDRESS: address,
      CLOUDSDK_PROXY_PORT: port,
      CLOUDSDK_AUTH_ACCESS_TOKEN_FILE: token,
      // The user's own settings are not for the emulator.
      CLOUDSDK_CONFIG: join(folder, 'config'),
    });
  }
  return {
    async run(args) {
      const { exitCode, stdout, stderr } = await $({
        env: own,
        nothrow: true,
        quiet: true,
        stdio: ['ignore', 'pipe', 'pipe'],
        detached: false,
      })`gcloud ${args}`;
      return { exitCode: exitCode ?? 1, stdout, stderr: said(stderr) };
    },
    close() {
      if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** The last words of gcloud: its ERROR line, or what there is. */
function said(stderr: string): string {
  const text = stderr
    .replace(/ This command is (?:authenticated (?:as|with)|unauthenticated because) .*$/gm, '')
    .trim();
  const error = /^ERROR:/m.exec(text)?.index;
  if (error === undefined) return text;
  // Of a build the error says only that it failed: why, and where its log is, was said before.
  const [failure = [], logs = []] = [/^BUILD FAILURE: .*$/m, /^Logs are available at .*$/m].map(
    (line) => line.exec(text.slice(0, error)) ?? [],
  );
  return [text.slice(error), ...failure, ...logs].join('\n');
}
