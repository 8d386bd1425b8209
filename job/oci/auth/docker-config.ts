/**
 * Credentials as docker and its like keep them: `config.json`, and the helper programs that it names. Read when the
 * first registry asks for them.
 *
 * @see https://docs.docker.com/reference/cli/docker/login/#credential-stores
 */
import { spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { isHub } from '../host.ts';
import { OciError } from '../oci-error.ts';

/** Who signs in. */
export type Login =
  | { readonly user: string; readonly password: string }
  /** A token that stands for a person, to be changed for others. */
  | { readonly identityToken: string };

/** Finds the credentials of a host; undefined: none are kept, so that it is asked without. */
export type Logins = (host: string) => Promise<Login | undefined>;

interface Config {
  readonly auths?: Readonly<Record<string, { readonly auth?: unknown; readonly identitytoken?: unknown }>>;
  readonly credsStore?: unknown;
  readonly credHelpers?: Readonly<Record<string, unknown>>;
}

const hubKey = 'https://index.docker.io/v1/';
/** Milliseconds; a helper may ask a service of its own. */
const patience = 30_000;
const answerAtMost = 64 << 10;

/**
 * Credentials from `$DOCKER_CONFIG/config.json`, or `~/.docker/config.json`. Without the file nobody has any.
 *
 * @throws OciError where the file or a helper is there and can't be used
 */
export function dockerLogins(env: Readonly<Record<string, string | undefined>> = process.env): Logins {
  const file = join(env.DOCKER_CONFIG || join(env.HOME || homedir(), '.docker'), 'config.json');
  let config: Promise<Config> | undefined;
  return async (host) => {
    config ??= readConfig(file);
    const { auths = {}, credHelpers = {}, credsStore } = await config;
    const keys = isHub(host) ? [hubKey, 'docker.io', host] : [host, `https://${host}`];
    const helper = keys.map((key) => own(credHelpers, key)).find((name) => name !== undefined) ?? credsStore;
    if (helper !== undefined && helper !== '') {
      const found = await askHelper(helper, keys[0] ?? host, env);
      if (found) return found;
    }
    for (const [key, entry] of Object.entries(auths)) {
      if (!keys.includes(key) && !keys.includes(bare(key))) continue;
      const login = readEntry(entry, file);
      if (login) return login;
    }
    return undefined;
  };
}

const own = (record: Readonly<Record<string, unknown>>, key: string) =>
  Object.hasOwn(record, key) ? record[key] : undefined;

/** `https://host/v1/` and the like are written by old clients. */
const bare = (key: string) => key.replace(/^https?:\/\//, '').replace(/\/.*$/, '');

async function readConfig(file: string): Promise<Config> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    if (['ENOENT', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? '')) return {};
    throw problem(`cannot read ${file}: ${(error as NodeJS.ErrnoException).code}`);
  }
  try {
    const config: unknown = JSON.parse(text);
    if (typeof config === 'object' && config !== null) return config as Config;
  } catch {
    // Said below; a parser's message would show a piece of the file.
  }
  throw problem(`${file} is no JSON object`);
}

function readEntry(
  entry: { auth?: unknown; identitytoken?: unknown } | undefined,
  file: string,
): Login | undefined {
  if (typeof entry?.identitytoken === 'string' && entry.identitytoken !== '')
    return { identityToken: entry.identitytoken };
  if (typeof entry?.auth !== 'string' || entry.auth === '') return undefined;
  const text = Buffer.from(entry.auth, 'base64').toString('utf8');
  const colon = text.indexOf(':');
  if (colon < 1) throw problem(`an 'auth' in ${file} is not the Base64 of USER:PASSWORD`);
  return { user: text.slice(0, colon), password: text.slice(colon + 1) };
}

/** Asks `docker-credential-NAME get`; undefined where it has none for the host. */
async function askHelper(
  name: unknown,
  host: string,
  env: Readonly<Record<string, string | undefined>>,
): Promise<Login | undefined> {
  // The name becomes a program's: nothing that a path could be made of.
  if (typeof name !== 'string' || !/^[A-Za-z0-9][A-Za-z0-9._-]*$/.test(name))
    throw problem('the credential helper that the docker config names is no name of a program');
  const program = `docker-credential-${name}`;
  const { code, output } = await runHelper(program, host, env);
  if (code !== 0) {
    if (/credentials not found/i.test(output)) return undefined;
    throw problem(`${program} failed for ${host} (exit ${code})`);
  }
  let answer: { Username?: unknown; Secret?: unknown } | undefined;
  try {
    answer = JSON.parse(output);
  } catch {
    // Its output holds a secret.
  }
  if (typeof answer?.Username !== 'string' || typeof answer.Secret !== 'string')
    throw problem(`${program} gave no credentials for ${host}`);
  if (answer.Username === '' && answer.Secret === '') return undefined;
  return answer.Username === '<token>'
    ? { identityToken: answer.Secret }
    : { user: answer.Username, password: answer.Secret };
}

function runHelper(
  program: string,
  host: string,
  env: Readonly<Record<string, string | undefined>>,
): Promise<{ code: number | null; output: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, ['get'], {
      stdio: ['pipe', 'pipe', 'ignore'],
      env: env as NodeJS.ProcessEnv,
    });
    const timer = setTimeout(() => child.kill('SIGKILL'), patience);
    let output = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      output += text;
      if (output.length > answerAtMost) child.kill('SIGKILL');
    });
    child.on('error', (error: NodeJS.ErrnoException) => {
      clearTimeout(timer);
      reject(problem(`cannot run ${program}, which the docker config names: ${error.code}`));
    });
    child.on('close', (code) => {
      clearTimeout(timer);
      resolve({ code, output });
    });
    child.stdin.on('error', () => {});
    child.stdin.end(host);
  });
}

function problem(message: string): OciError {
  return new OciError('permission', 0, message, { reach: 'run' });
}
