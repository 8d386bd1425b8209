/** Names of packages and versions for people. */

/** A package id as people write it: `team/app` for `team%2Fapp`. */
export function packageName(id: string): string {
  try {
    return decodeURIComponent(id);
  } catch {
    return id;
  }
}

/** A version, digests cut to what tells them apart. */
export function versionName(version: string): string {
  const digest = /^(sha\d+:)([0-9a-f]{12})[0-9a-f]+$/.exec(version);
  return digest ? `${digest[1]}${digest[2]}` : version;
}
