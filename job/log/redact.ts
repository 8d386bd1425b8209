/** Keeps what looks like a credential out of anything that is written, wherever a message came from. */

/** Parameters of an address that open what it names, those by which storage of three clouds signs it included. */
const parameters =
  'access_token|token|key|signature|X-Goog-Signature|X-Amz-Signature|X-Amz-Security-Token|sig';

/** Fields of an answer of a token service, as JSON. */
const tokens = 'access_token|refresh_token|id_token|identitytoken|token|password|secret';

/**
 * Access tokens of Google's, tokens of three parts, headers that carry either, and names and keys in an address. The
 * first part of a token has a bound, so that no text makes looking for it slow.
 */
const SECRETS = new RegExp(
  [
    String.raw`\b(?:Bearer|Basic)\s+[\w.~+/=-]{8,}`,
    String.raw`(?<=\b[a-z][a-z0-9+.-]*:\/\/)[^\s/?#"]+(?=@)`,
    String.raw`\bya29\.[\w.-]+`,
    String.raw`\beyJ[\w-]{8,1024}\.[\w-]+\.[\w-]*`,
    String.raw`-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z ]*PRIVATE KEY-----|$)`,
    String.raw`(?<=[?&](?:${parameters})=)[^&\s"]+`,
    String.raw`(?<="(?:${tokens})"\s*:\s*")(?:[^"\\]|\\.)+`,
  ].join('|'),
  'gi',
);

/** The text, without credentials. */
export function redact(text: string): string {
  return text.replace(SECRETS, '[redacted]');
}
