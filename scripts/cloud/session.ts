/** What a command works with: where Google is, gcloud, and reads with the account that gcloud is logged in as. */
import { Obstacle } from '../flags.ts';
import { type Api, createApi } from './api.ts';
import { createGcloud, type Gcloud, noGcloud } from './gcloud.ts';
import { type Target, targetFrom } from './target.ts';

/** A command's tools. */
export interface Session {
  readonly target: Target;
  readonly gcloud: Gcloud;
  readonly api: Api;
  /** An access token of Application Default Credentials. @throws where there are none */
  readonly applicationDefault: () => Promise<string>;
}

/**
 * Opens a session. Reads go out as whoever gcloud is logged in as, since gcloud makes the changes: what the one is
 * refused the other would be too.
 *
 * @throws UsageError when REPLICATOR_EMULATOR_HOST is no host and port
 */
export function openSession(env: NodeJS.ProcessEnv = process.env): Session {
  const target = targetFrom(env);
  const gcloud = createGcloud(target, env);
  const token = async () => {
    if (target.emulator) return target.emulator.token;
    const { exitCode, stdout, stderr } = await gcloud.run(['auth', 'print-access-token']);
    if (exitCode === noGcloud.exitCode) throw new Obstacle(noGcloud.message);
    if (exitCode !== 0)
      throw new Obstacle(`gcloud gives no access token; log in with: gcloud auth login\n${stderr}`);
    return stdout.trim();
  };
  return { target, gcloud, api: createApi(target, token), applicationDefault };
}

async function applicationDefault(): Promise<string> {
  // Only now: on the emulator it is never needed, and it takes a while to load.
  const { GoogleAuth } = await import('google-auth-library');
  const token = await new GoogleAuth({
    scopes: 'https://www.googleapis.com/auth/cloud-platform',
  }).getAccessToken();
  if (!token) throw new Error('the credentials gave no access token');
  return token;
}

/** A command's tools where it needs no gcloud. */
export interface Reader extends Pick<Session, 'target' | 'api'> {
  /** @throws Obstacle where nobody is logged in */
  readonly logIn: () => Promise<void>;
}

/** Reads as Application Default Credentials do, for what needs no gcloud: follow, status, logs. */
export function openReader(env: NodeJS.ProcessEnv = process.env): Reader {
  const target = targetFrom(env);
  let known: Promise<string> | undefined;
  const token = () => {
    known ??= target.emulator ? Promise.resolve(target.emulator.token) : loggedIn();
    return known;
  };
  return {
    target,
    api: createApi(target, token),
    logIn: async () => {
      await token();
    },
  };
}

async function loggedIn(): Promise<string> {
  try {
    return await applicationDefault();
  } catch (error) {
    const login = 'gcloud auth application-default login';
    throw new Obstacle(
      `Application Default Credentials cannot be used; log in with: ${login}\n${(error as Error).message}`,
    );
  }
}
