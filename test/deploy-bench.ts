/** A deploy in a test: an emulator with a leader and followers, and the scripts run against it. */

import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { Answered } from '../emulator/answer.ts';
import { drivenClock } from '../emulator/clock.ts';
import { type Emulator, type EmulatorOptions, startEmulator } from '../emulator/server.ts';
import type { Replicator } from '../generator/config.ts';
import { generate } from '../generator/generate.ts';
import type { WorkflowPlan } from '../generator/plan.ts';
import { resolve } from '../generator/resolve.ts';
import { openSession, type Session } from '../scripts/cloud/session.ts';
import { contentsOf, differences } from '../scripts/demo/compare.ts';
import { demoImages } from '../scripts/demo/images.ts';
import { push } from '../scripts/demo/push.ts';
import { type DeployOptions, deploy } from '../scripts/deploy/deploy.ts';

const execute = promisify(execFile);
const root = fileURLToPath(new URL('..', import.meta.url));

/** What a command printed, and how it ended. */
export interface Said {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** A folder, an emulator, and everything that was asked of it. */
export interface DeployBench {
  readonly emulator: Emulator;
  readonly folder: string;
  readonly requests: Answered[];
  readonly session: Session;
  /** Runs a script as a person does. */
  run(script: string, ...args: string[]): Promise<Said>;
  close(): Promise<void>;
}

export const leader = 'projects/acme/locations/europe-west1/repositories/leader';
export const follower = 'projects/acme/locations/us-central1/repositories/follower';
export const foreign = 'projects/acme-dr/locations/asia-east1/repositories/follower';

/** A config that most tests begin with. */
export const config: Replicator = {
  project: 'acme',
  region: 'europe-west1',
  source: leader,
  destinations: [follower, foreign],
  schedule: { cron: '0 3 * * *', timeZone: 'Europe/Berlin' },
  copy: { allAttachmentsIncluded: true },
  // A dozen commands of gcloud: what is about it turns it on.
  monitoring: false,
};

/** Starts an emulator whose time is driven. */
export async function startDeployBench(options: EmulatorOptions = {}): Promise<DeployBench> {
  const folder = mkdtempSync(join(tmpdir(), 'deploy-'));
  const requests: Answered[] = [];
  const emulator = await startEmulator({
    clock: drivenClock({ auto: true }),
    onRequest: (answered) => requests.push(answered),
    ...options,
  });
  const env = { ...process.env, REPLICATOR_EMULATOR_HOST: emulator.host };
  const session = openSession(env);
  return {
    emulator,
    folder,
    requests,
    session,
    async run(script, ...args) {
      const command = ['--import', 'tsx', `scripts/${script}.ts`, ...args];
      const options = { cwd: root, env };
      return execute(process.execPath, command, options).then(
        ({ stdout, stderr }) => ({ code: 0, out: stdout, err: stderr }),
        ({ code = 1, stdout = '', stderr = '' }: { code?: number; stdout?: string; stderr?: string }) => ({
          code,
          out: stdout,
          err: stderr,
        }),
      );
    },
    async close() {
      session.gcloud.close();
      await emulator.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Writes a config to a file, as a user has it. @returns its path */
export function writeConfig({ folder }: DeployBench, value: Replicator | Replicator[]): string {
  const file = join(folder, 'replicator.config.ts');
  writeFileSync(
    file,
    `import { defineConfig } from '${root}generator/config.ts';\nexport default defineConfig(${JSON.stringify(value)});\n`,
  );
  return file;
}

/** One JSON request as the owner of everything. */
export async function ask<T>(
  { emulator }: Pick<DeployBench, 'emulator'>,
  method: string,
  path: string,
  body?: unknown,
): Promise<T> {
  const answer = await fetch(`${emulator.url}/${path}`, {
    method,
    headers: { authorization: 'Bearer emulated:owner@emulator.test', 'content-type': 'application/json' },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text}`);
  return JSON.parse(text) as T;
}

/** Whether something is there. */
export async function exists(bench: Pick<DeployBench, 'emulator'>, path: string): Promise<boolean> {
  return ask(bench, 'GET', path).then(
    () => true,
    (error: Error) => {
      if (/: 404 /.test(error.message)) return false;
      throw error;
    },
  );
}

/** Makes repositories. */
export async function makeRepositories(
  bench: Pick<DeployBench, 'emulator'>,
  names: readonly string[],
): Promise<void> {
  for (const name of names) {
    const [parent = '', id = ''] = name.split('/repositories/');
    await ask(bench, 'POST', `v1/${parent}/repositories?repositoryId=${id}`, { format: 'DOCKER' });
  }
}

/** Pushes real images. */
export async function fill({ emulator }: Pick<DeployBench, 'emulator'>, name: string): Promise<void> {
  const [, project, , location, , repository] = name.split('/');
  for (const image of demoImages())
    await push(`${emulator.url}/v2/${location}/${project}/${repository}`, image);
}

/** What differs between the leader and a follower. */
export async function differing(
  { emulator }: Pick<DeployBench, 'emulator'>,
  source: string,
  name: string,
): Promise<string[]> {
  return differences(await contentsOf(emulator.url, source), await contentsOf(emulator.url, name));
}

interface Policy {
  readonly etag?: string;
  readonly bindings?: { readonly role: string; readonly members: string[] }[];
}

/** A policy's members by role. */
export async function rolesOn(
  bench: Pick<DeployBench, 'emulator'>,
  resource: string,
): Promise<Record<string, string[]>> {
  const { bindings = [] } = await ask<Policy>(bench, 'GET', `v1/${resource}:getIamPolicy`);
  return Object.fromEntries(bindings.map(({ role, members }) => [role, members]));
}

/** Sets a policy whole. */
export async function setPolicy(
  bench: Pick<DeployBench, 'emulator'>,
  resource: string,
  roles: Readonly<Record<string, readonly string[]>>,
): Promise<void> {
  const bindings = Object.entries(roles).map(([role, members]) => ({ role, members }));
  await ask(bench, 'POST', `v1/${resource}:setIamPolicy`, { policy: { bindings } });
}

/** Requests that change something. Questions about policies are POSTs too. */
export function writesOf(requests: readonly Answered[]): string[] {
  return requests
    .filter(({ method, path }) => method !== 'GET' && method !== 'HEAD' && !isQuestion(path))
    .map(({ method, path }) => `${method} ${path}`);
}

const isQuestion = (path: string) => /:(getIamPolicy|testIamPermissions)$|\/entries:list$/.test(path);

/** A config's plans; throws when it has problems. */
export function plansOf(value: Replicator | Replicator[]): readonly WorkflowPlan[] {
  const { plans, problems } = resolve(value);
  if (problems.length > 0) throw new Error(problems.map(({ message }) => message).join('\n'));
  return plans;
}

/** Deploys in this process, which starts at once. */
export async function deployHere(
  bench: DeployBench,
  value: Replicator | Replicator[],
  options: Partial<DeployOptions> = {},
): Promise<Said> {
  const plans = plansOf(value);
  const files = generate(plans, 'replicator.config.ts').files;
  const lines: string[] = [];
  const out = join(bench.folder, 'workflows');
  const code = await deploy(plans, bench.session, {
    dryRun: false,
    yes: false,
    skipDoctor: true,
    adopt: false,
    createDestinations: false,
    imageHash: 'abc',
    generated: (name) => {
      const file = files.find((one) => one.name === name);
      return file && { text: file.text, file: join(out, name) };
    },
    writeFiles: async () => {
      mkdirSync(out, { recursive: true });
      for (const { name, text } of files) writeFileSync(join(out, name), text);
    },
    say: (text) => lines.push(text),
    confirm: async () => false,
    command: 'npm run deploy',
    backoff: 0.01,
    ...options,
  });
  return { code, out: lines.join('\n'), err: '' };
}

/** Waits until something holds, at most 30 s of the wall. */
export async function until<T>(look: () => Promise<T | undefined>): Promise<T> {
  const end = Date.now() + 30_000;
  for (;;) {
    const found = await look();
    if (found !== undefined) return found;
    if (Date.now() > end) throw new Error('it did not come about');
    await pause(20);
  }
}
