/**
 * Who sends a request. A token of the emulator names its bearer, `emulated:EMAIL`; it proves nothing, since whoever
 * reaches the port may be anybody. Everything else is nobody.
 */

/** Who may do everything in every project, as the owner of them all. */
export const owner = 'owner@emulator.test';

const prefix = 'emulated:';

/** A token for somebody. */
export function tokenOf(email: string): string {
  return `${prefix}${email}`;
}

/** The email of whoever sends a request; undefined is anonymous. */
export function callerOf({ headers }: { readonly headers: Headers }): string | undefined {
  const [scheme = '', credentials = ''] = (headers.get('authorization') ?? '').split(' ');
  const token =
    scheme.toLowerCase() === 'basic'
      ? // As registry clients send it: `oauth2accesstoken:TOKEN`.
        Buffer.from(credentials, 'base64').toString().split(':').slice(1).join(':')
      : credentials;
  return token.startsWith(prefix) && token.length > prefix.length ? token.slice(prefix.length) : undefined;
}

/** An email as a policy's member. */
export function memberOf(email: string): string {
  return email.endsWith('.gserviceaccount.com') ? `serviceAccount:${email}` : `user:${email}`;
}
