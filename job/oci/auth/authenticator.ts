/** Who we are to a registry. Nothing here logs, and no message holds a secret. */
import type { Credentials } from '../../registry/credentials.ts';

/** What is to be done to a repository: `pull`, or `pull,push`. */
export interface Scope {
  /** Path; empty for the catalogue. */
  readonly path: string;
  readonly write: boolean;
  /** A repository that a blob is taken over from. */
  readonly from?: string;
}

/** Signs requests to one registry. */
export interface Authenticator {
  /**
   * The `Authorization` header; undefined where the host gets none.
   *
   * @throws RegistryError `permission`
   */
  authorization(url: URL, scope: Scope): Promise<string | undefined>;
  /**
   * A request was answered 401.
   *
   * @param challenge its `WWW-Authenticate`
   * @param used the header that it was sent with
   * @returns whether {@link Authenticator.authorization} now gives another
   */
  challenged(
    url: URL,
    scope: Scope,
    challenge: string | undefined,
    used: string | undefined,
  ): Promise<boolean>;
}

/**
 * Signs with an access token of Google's, or of the emulator's.
 *
 * @param asked what the credentials are asked for in place of the registry itself, where they don't know it
 */
export function accessToken(
  credentials: Credentials,
  origin: string,
  asked = new URL(origin),
): Authenticator {
  let last: string | undefined;
  return {
    async authorization(url) {
      if (url.origin !== origin) return undefined;
      last = await credentials.authorization(asked);
      return last;
    },
    async challenged(url, _scope, _challenge, used) {
      if (url.origin !== origin || used === undefined) return false;
      // Many requests are turned away at once; only the first needs another token.
      if (used !== last) return true;
      last = await credentials.authorization(asked, true);
      return last !== undefined;
    },
  };
}
