/** What a command works with: where Google is, gcloud, and reads with the account that gcloud is logged in as. */
import { Obstacle } from '../flags.ts';
import { type Api, ApiError, createApi } from './api.ts';
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
  const print = async () => {
    if (target.emulator) return target.emulator.token;
    const { exitCode, stdout, stderr } = await gcloud.run(['auth', 'print-access-token']);
    if (exitCode === noGcloud.exitCode) throw new Obstacle(noGcloud.message);
    if (exitCode !== 0)
      throw new Obstacle(`gcloud gives no access token; log in with: gcloud auth login\n${stderr}`);
    return stdout.trim();
  };
  let printed: Promise<string> | undefined;
  // Once: gcloud takes a second for it.
  const token = () => {
    printed ??= print();
    return printed;
  };
  return { target, gcloud, api: createApi(target, token), applicationDefault: applicationDefault() };
}

/** Gives access tokens: the one that is known, or another where that is about to expire. */
function applicationDefault(): () => Promise<string> {
  // Only when it is asked for: on the emulator it is never needed, and it takes a while to load.
  const load = async () => {
    const { GoogleAuth } = await import('google-auth-library');
    return new GoogleAuth({ scopes: 'https://www.googleapis.com/auth/cloud-platform' });
  };
  let auth: ReturnType<typeof load> | undefined;
  return async () => {
    auth ??= load();
    const token = await (await auth).getAccessToken();
    if (!token) throw new Error('the credentials gave no access token');
    return token;
  };
}

/** A command's tools where it needs no gcloud. */
export interface Reader extends Pick<Session, 'target' | 'api'> {
  /** @throws Obstacle where nobody is logged in */
  readonly logIn: () => Promise<void>;
}

/** Reads as Application Default Credentials do, for what needs no gcloud: follow, status, logs. */
export function openReader(env: NodeJS.ProcessEnv = process.env): Reader {
  const target = targetFrom(env);
  const credentials = applicationDefault();
  const token = async () => (target.emulator ? target.emulator.token : loggedIn(credentials));
  return {
    target,
    api: createApi(target, token),
    logIn: async () => {
      await token();
    },
  };
}

async function loggedIn(credentials: () => Promise<string>): Promise<string> {
  try {
    return await credentials();
  } catch (error) {
    // No login helps there, and a moment later it may be otherwise.
    if (isUnreached(error)) throw new ApiError(0, `no access token: ${(error as Error).message}`);
    const login = 'gcloud auth application-default login';
    throw new Obstacle(
      `Application Default Credentials cannot be used; log in with: ${login}\n${(error as Error).message}`,
    );
  }
}

/** Whether a token was not had because whoever gives it was not reached, as Google's library for that has it. */
export function isUnreached(error: unknown): boolean {
  return error instanceof Error && error.message.includes(' failed, reason: ');
}
