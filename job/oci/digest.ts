/** Digests: the names of contents, which every byte that is copied is held against. */
import { createHash, type Hash } from 'node:crypto';

const forms: Readonly<Record<string, number>> = { sha256: 64, sha512: 128 };

/** Whether a text is a digest that can be verified: SHA-256 or SHA-512 in lower-case hex. */
export function isDigest(text: unknown): text is string {
  if (typeof text !== 'string') return false;
  const [, algorithm = '', hex = ''] = /^(sha\d{3}):([0-9a-f]+)$/.exec(text) ?? [];
  return Object.hasOwn(forms, algorithm) && hex.length === forms[algorithm];
}

/** A hash of the algorithm that a digest names. */
export function hashFor(digest: string): Hash {
  return createHash(digest.slice(0, digest.indexOf(':')));
}

/** The digest of some bytes, by the algorithm of another; SHA-256 where there is none. */
export function digestOf(bytes: Uint8Array, like = 'sha256:'): string {
  return digestFrom(like, hashFor(like).update(bytes));
}

/** What a hash has come to, as a digest of the same algorithm as another. */
export function digestFrom(like: string, hash: Hash): string {
  return `${like.slice(0, like.indexOf(':'))}:${hash.digest('hex')}`;
}
