/** What a command works with: where Google is, gcloud, and reads with the account that gcloud is logged in as. */
import { type Api, createApi } from './api.ts';
import { createGcloud, type Gcloud } from './gcloud.ts';
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
    if (exitCode !== 0)
      throw new Error(`gcloud gives no access token, log in with 'gcloud auth login': ${stderr}`);
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

/** Reads as Application Default Credentials do, for what needs no gcloud: follow, status, logs. */
export function openReader(env: NodeJS.ProcessEnv = process.env): Pick<Session, 'target' | 'api'> {
  const target = targetFrom(env);
  const token = async () => target.emulator?.token ?? applicationDefault();
  return { target, api: createApi(target, token) };
}
