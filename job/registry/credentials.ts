/**
 * Who we are to the service: an access token, kept until shortly before it ends, and sent nowhere but to the hosts
 * that it is for. Nothing here logs, and no message holds a token.
 */
import { type Clock, systemClock } from './clock.ts';
import { oneLine } from './refusal.ts';
import { RegistryError } from './registry.ts';

/** An access token. */
export interface Token {
  readonly value: string;
  /** Milliseconds since the epoch; undefined: it does not end. */
  readonly expires: number | undefined;
}

/** Gives a new token. */
export type TokenSource = () => Promise<Token>;

/** Signs requests. */
export interface Credentials {
  /**
   * The `Authorization` header for a request; undefined where the host gets none.
   *
   * @param isStale the last one was not accepted: get another
   * @throws RegistryError `permission` when no token can be had
   */
  authorization(url: URL, isStale?: boolean): Promise<string | undefined>;
}

/** A token is renewed when it has less than this left, in milliseconds: a request must not outlive it. */
const margin = 5 * 60_000;
/** Where no other can be had, one with more than this left still serves. */
const leastMargin = 60_000;

/** Sends nothing: for the emulator, which is anonymous unless it was started with `--iam`. */
export const anonymous: Credentials = { authorization: async () => undefined };

/** Hosts of Google's that take an access token: its APIs, and Artifact Registry's repositories. */
export function isGoogle({ protocol, hostname }: URL): boolean {
  return protocol === 'https:' && /(^|\.)(googleapis\.com|pkg\.dev)$/.test(hostname);
}

/**
 * Credentials from tokens.
 *
 * @param isFor whether a host may see the token
 */
export function tokenCredentials(
  source: TokenSource,
  isFor: (url: URL) => boolean,
  clock: Pick<Clock, 'now'> = systemClock,
): Credentials {
  let current: Token | undefined;
  let pending: Promise<Token> | undefined;
  // Many requests at once need one token, not one each.
  const renew = () => {
    pending ??= source().finally(() => {
      pending = undefined;
    });
    return pending;
  };
  const has = (left: number) =>
    current !== undefined && (current.expires === undefined || current.expires - left > clock.now());
  return {
    async authorization(url, isStale = false) {
      if (!isFor(url)) return undefined;
      if (isStale) current = await renew();
      else if (!has(margin))
        try {
          current = await renew();
        } catch (error) {
          if (!has(leastMargin)) throw error;
        }
      return `Bearer ${current?.value}`;
    },
  };
}

/** A token that was given as text, for the emulator at one origin. */
export function emulatorCredentials(token: string, origin: string): Credentials {
  return tokenCredentials(
    async () => ({ value: token, expires: undefined }),
    (url) => url.origin === origin,
  );
}

/** Application Default Credentials: the service account of a Cloud Run job, or whoever signed in with gcloud. */
export function applicationDefault(): Credentials {
  return tokenCredentials(async () => {
    try {
      // Only now, and only here: on the emulator it is never needed, and it takes a while to load.
      const { GoogleAuth } = await import('google-auth-library');
      // A new client each time: one that is kept returns the very token that was just refused.
      const client = await new GoogleAuth({
        scopes: 'https://www.googleapis.com/auth/cloud-platform',
      }).getClient();
      const { token } = await client.getAccessToken();
      if (!token) throw new Error('the credentials gave no access token');
      return { value: token, expires: client.credentials.expiry_date ?? Date.now() + margin + 60_000 };
    } catch (error) {
      throw cannotSign(oneLine((error as Error).message));
    }
  }, isGoogle);
}

function cannotSign(why: string): RegistryError {
  if (/could not load the default credentials/i.test(why))
    return new RegistryError(
      'permission',
      0,
      "there are no credentials: run 'gcloud auth application-default login', or give the job a service account",
    );
  return new RegistryError('permission', 0, `cannot get an access token: ${why}`, why);
}
