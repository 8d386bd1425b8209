/**
 * Signing in at a registry as it asks for it: by user and password, or by a token for each repository, which is
 * renewed before it ends.
 *
 * @see https://distribution.github.io/distribution/spec/auth/token/
 */
import { type Clock, systemClock } from '../../registry/clock.ts';
import { readError } from '../../registry/refusal.ts';
import { ConnectionError, TooLargeError } from '../../registry/transport.ts';
import { isLoopback } from '../host.ts';
import { OciError } from '../oci-error.ts';
import { readBody, type Wire } from '../wire.ts';
import type { Authenticator, Scope } from './authenticator.ts';
import { type Challenge, readChallenge } from './challenge.ts';
import type { Login, Logins } from './docker-config.ts';

/** What signing in needs. */
export interface LoginOptions {
  /** `HOST[:PORT]` */
  readonly host: string;
  readonly origin: string;
  readonly logins: Logins;
  readonly wire: Wire;
  readonly clock?: Pick<Clock, 'now' | 'sleep'>;
  /** Milliseconds that a token server may be silent. */
  readonly idle?: number;
}

interface Token {
  readonly header: string;
  /** When it is renewed, milliseconds since the epoch. */
  readonly renew: number;
}

/** The largest answer of a token server, in bytes. Real ones have a few thousand. */
const answerAtMost = 64 << 10;
/** A token goes into a header, and servers take no headers above 8 KiB or so. */
const tokenAtMost = 16 << 10;
/** How long a token is good when its server does not say, in seconds; from the specification. */
const lifeByDefault = 60;
const attempts = 4;

/** Signs in when the registry first asks for it. */
export function registryLogin({
  host,
  origin,
  logins,
  wire,
  clock = systemClock,
  idle = 30_000,
}: LoginOptions): Authenticator {
  let challenge: Challenge | undefined;
  let login: Promise<Login | undefined> | undefined;
  const tokens = new Map<string, Promise<Token>>();
  const kept = new Map<string, Token>();
  const who = () => {
    login ??= logins(host);
    return login;
  };

  /** One request for a token at a time for each scope. */
  const token = (scope: Scope, bearer: Challenge & { scheme: 'bearer' }): Promise<Token> => {
    const key = scopesOf(scope).join(' ');
    const current = kept.get(key);
    if (current && current.renew > clock.now()) return Promise.resolve(current);
    let pending = tokens.get(key);
    if (!pending) {
      pending = fetchToken(bearer, scope)
        .then((fresh) => {
          kept.set(key, fresh);
          return fresh;
        })
        .finally(() => tokens.delete(key));
      tokens.set(key, pending);
    }
    return pending;
  };

  const fetchToken = async (bearer: Challenge & { scheme: 'bearer' }, scope: Scope): Promise<Token> => {
    const { realm } = bearer;
    if (realm.protocol !== 'https:' && !(isLoopback(realm.hostname) && origin.startsWith('http:')))
      throw refuse(host, `it names a token server without encryption, ${realm.host}`);
    const known = await who();
    // A registry must not be able to have its password sent to whomever it names.
    const may = known !== undefined && isSameSite(realm, new URL(origin));
    const answer = await ask(bearer, scope, may ? known : undefined);
    if (known !== undefined && !may && answer === undefined)
      throw refuse(host, `its token server ${realm.host} is of another domain and was not sent the password`);
    if (answer === undefined) throw refuse(host, `${realm.host} gave no token`);
    return answer;
  };

  const ask = async (
    { realm, service }: Challenge & { scheme: 'bearer' },
    scope: Scope,
    known: Login | undefined,
  ): Promise<Token | undefined> => {
    const url = new URL(realm);
    const headers: Record<string, string> = { accept: 'application/json' };
    const form = new URLSearchParams({ ...(service !== '' && { service }) });
    for (const each of scopesOf(scope)) form.append('scope', each);
    let body: Buffer | undefined;
    if (known && 'identityToken' in known) {
      form.set('grant_type', 'refresh_token');
      form.set('client_id', 'artifact-registry-cron-replicator');
      form.set('refresh_token', known.identityToken);
      headers['content-type'] = 'application/x-www-form-urlencoded';
      body = Buffer.from(form.toString());
    } else {
      for (const [name, value] of form) url.searchParams.append(name, value);
      if (known) headers.authorization = basic(known);
    }
    for (let attempt = 1; ; attempt++) {
      try {
        const answer = await wire({ method: body ? 'POST' : 'GET', url, headers, body, idle });
        const bytes = await readBody(answer, answerAtMost, idle);
        if (answer.status === 200) return readToken(bytes, host, clock.now());
        if (answer.status === 401 || answer.status === 403) {
          if (known === undefined) return undefined;
          throw refuse(
            host,
            `${realm.host} did not take the credentials. ${answer.status}: ${readError(bytes).said}`,
            401,
          );
        }
        if (attempt >= attempts || answer.status < 429)
          throw refuse(host, `${realm.host} gave no token. ${answer.status}: ${readError(bytes).said}`, 0);
      } catch (error) {
        if (error instanceof TooLargeError)
          throw refuse(host, `the token of ${realm.host}: ${error.message}`);
        if (!(error instanceof ConnectionError)) throw error;
        if (attempt >= attempts) throw refuse(host, `no answer from ${realm.host}: ${error.message}`);
      }
      await clock.sleep(250 * 2 ** attempt);
    }
  };

  return {
    async authorization(url, scope) {
      if (url.origin !== origin || challenge === undefined) return undefined;
      if (challenge.scheme === 'bearer') return (await token(scope, challenge)).header;
      const known = await who();
      return known && 'user' in known ? basic(known) : undefined;
    },
    async challenged(url, scope, header, used) {
      if (url.origin !== origin) return false;
      const found = readChallenge(header);
      if (!found) return false;
      challenge = found;
      if (found.scheme === 'basic') return used === undefined && (await who()) !== undefined;
      const key = scopesOf(scope).join(' ');
      // Another request may have got a new one meanwhile.
      if (used !== undefined && kept.get(key)?.header === used) kept.delete(key);
      return true;
    },
  };
}

/** What a token is asked for. */
function scopesOf({ path, write, from }: Scope): string[] {
  if (path === '') return ['registry:catalog:*'];
  return [
    `repository:${path}:${write ? 'pull,push' : 'pull'}`,
    ...(from !== undefined && from !== path ? [`repository:${from}:pull`] : []),
  ];
}

function basic(login: Login): string {
  if (!('user' in login)) return '';
  return `Basic ${Buffer.from(`${login.user}:${login.password}`).toString('base64')}`;
}

function readToken(bytes: Buffer, host: string, now: number): Token {
  let answer: { token?: unknown; access_token?: unknown; expires_in?: unknown } = {};
  try {
    answer = JSON.parse(bytes.toString('utf8'));
  } catch {
    // Said below.
  }
  const value = answer?.token ?? answer?.access_token;
  if (typeof value !== 'string' || !/^[\x21-\x7e]+$/.test(value))
    throw refuse(host, 'its token server sent no token');
  if (value.length > tokenAtMost)
    throw refuse(host, `its token has ${value.length} bytes, more than ${tokenAtMost}`);
  const given = answer.expires_in;
  const life = typeof given === 'number' && given > 0 ? given : lifeByDefault;
  // A request must not outlive it.
  return { header: `Bearer ${value}`, renew: now + (life - Math.min(30, life / 4)) * 1000 };
}

/** The same host, or one of the same domain: `auth.docker.io` for `registry-1.docker.io`. */
function isSameSite(one: URL, other: URL): boolean {
  if (one.hostname === other.hostname) return true;
  const isAddress = (name: string) => /^[\d.]+$|:/.test(name);
  if (isAddress(one.hostname) || isAddress(other.hostname)) return false;
  // Three labels where the last two may be a registrar's, as in co.uk.
  const site = (name: string) => {
    const labels = name.split('.');
    return labels.slice(/^(?:com?|net|org|gov|ac|edu)$/.test(labels.at(-2) ?? '') ? -3 : -2).join('.');
  };
  return one.hostname.includes('.') && site(one.hostname) === site(other.hostname);
}

function refuse(host: string, why: string, status = 401): OciError {
  return new OciError('permission', status, `cannot sign in at ${host}: ${why}`, { reach: 'run' });
}
