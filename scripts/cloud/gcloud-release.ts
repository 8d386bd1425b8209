/** Which gcloud this is: releases differ in what they have, and in which track. */

/** What `gcloud version --format=json` says. */
export interface Release {
  /** As `549.0.0`. */
  readonly version: string;
  /** Ids of what is installed, as `alpha`. */
  readonly components: ReadonlySet<string>;
}

/** Undefined where the text is no answer of gcloud's. */
export function releaseOf(text: string): Release | undefined {
  try {
    const { 'Google Cloud SDK': version, ...components } = JSON.parse(text) as Record<string, string>;
    return version ? { version, components: new Set(Object.keys(components)) } : undefined;
  } catch {
    return undefined;
  }
}

export function isAtLeast({ version }: Pick<Release, 'version'>, least: string): boolean {
  const [parts, others] = [version, least].map((text) => text.split('.').map(Number));
  for (const [index, other] of (others ?? []).entries()) {
    const part = parts?.[index] ?? 0;
    if (part !== other) return part > other;
  }
  return true;
}

/**
 * Whether commands for alert policies are in the alpha track alone, a component of its own: until 548.0.0, as gcloud's
 * own sources say.
 */
export function policiesAreAlpha(release: Pick<Release, 'version'>): boolean {
  return !isAtLeast(release, '549.0.0');
}
