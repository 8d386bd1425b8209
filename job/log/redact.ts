/** Keeps what looks like a credential out of anything that is written, wherever a message came from. */

/** Access tokens of Google's, tokens of three parts, headers that carry either, and names and keys in an address. */
const SECRETS =
  /\b(?:Bearer|Basic)\s+[\w.~+/=-]{8,}|(?<=\b[a-z][a-z0-9+.-]*:\/\/)[^\s/@?#"]+(?=@)|\bya29\.[\w.-]+|\beyJ[\w-]{8,}\.[\w-]+\.[\w-]*|-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z ]*PRIVATE KEY-----|$)|(?<=[?&](?:access_token|token|key|signature|X-Goog-Signature)=)[^&\s"]+/gi;

/** The text, without credentials. */
export function redact(text: string): string {
  return text.replace(SECRETS, '[redacted]');
}
