/** Who calls: the identity token of a request, as Google signed it. */

/** What a token that was found good says. */
export interface Identity {
  readonly email: string | undefined;
}

/** Why a caller is turned away. The message never holds the token, nor anything out of it. */
export interface Turned {
  readonly status: 401 | 403 | 503;
  readonly message: string;
}

/** Verifies a token. */
export type Verify = (token: string, audience: string) => Promise<Identity | Turned>;

/** Looks at a request's `Authorization`; undefined lets it through. */
export type Guard = (authorization: string | undefined) => Promise<Turned | undefined>;

/** Longer than any token of Google's. */
const LONGEST = 8192;
const SHAPE = /^Bearer +([\w-]+\.[\w-]+\.[\w-]+)$/i;

const turned = (status: Turned['status'], message: string): Turned => ({ status, message });

/** Lets everybody through: somebody else has looked, or nobody can reach us. */
export const open: Guard = async () => undefined;

/**
 * Lets through who has a token for the audience, and is named.
 *
 * @param allowed e-mail addresses; `*` stands for any
 */
export function tokenGuard(audience: string, allowed: readonly string[], verify: Verify): Guard {
  const names = new Set(allowed.map((email) => email.toLowerCase()));
  return async (authorization) => {
    if (authorization === undefined)
      return turned(401, 'no identity token: send Authorization: Bearer TOKEN');
    const token = authorization.length > LONGEST ? undefined : SHAPE.exec(authorization)?.[1];
    if (token === undefined) return turned(401, 'Authorization is no bearer token of three parts');
    const identity = await verify(token, audience);
    if ('status' in identity) return identity;
    if (names.has('*')) return undefined;
    const isNamed = identity.email !== undefined && names.has(identity.email.toLowerCase());
    return isNamed ? undefined : turned(403, 'the account of this token is not among those that may call');
  };
}

/** Where Google's certificates are, when not at Google. */
export interface Certificates {
  readonly url?: string;
}

/** Verifies tokens with Google's own library, which is loaded when the first one comes. */
export function googleVerify({ url }: Certificates = {}): Verify {
  let loading: Promise<Verify> | undefined;
  const load = async (): Promise<Verify> => {
    const { OAuth2Client } = await import('google-auth-library');
    const client = new OAuth2Client(
      url === undefined ? {} : { endpoints: { oauth2FederatedSignonPemCertsUrl: url } },
    );
    return async (token, audience) => {
      const early = firstLook(token, audience);
      if (early) return early;
      try {
        const ticket = await client.verifyIdToken({ idToken: token, audience });
        const { email, email_verified: isVerified } = ticket.getPayload() ?? {};
        return { email: isVerified === true ? email : undefined };
      } catch (error) {
        // The library's own messages hold the token.
        const noCertificates = /retrieve verification certificates/i.test((error as Error).message);
        return noCertificates
          ? turned(503, "Google's certificates cannot be had just now, so no token can be checked")
          : turned(401, 'the identity token is not valid: not signed by Google, or out of its time');
      }
    };
  };
  return async (token, audience) => {
    loading ??= load();
    return (await loading)(token, audience);
  };
}

/** What can be told without certificates, so that a token that is no good does not make us ask for them. */
function firstLook(token: string, audience: string): Turned | undefined {
  try {
    const payload: unknown = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString());
    const { aud, exp } = payload as { aud?: unknown; exp?: unknown };
    if (aud !== audience)
      return turned(401, 'the identity token is not for this service: its audience is another');
    if (typeof exp !== 'number' || exp * 1000 < Date.now() - 300_000)
      return turned(401, 'the identity token is out of its time');
    return undefined;
  } catch {
    return turned(401, 'Authorization holds no identity token');
  }
}
