/** How a deploy makes followers that are missing. */
import { child } from '../config-path.ts';
import type { ConfigPath, CreatePlan, DestinationPlan } from '../plan.ts';
import { isRecord, quote } from './describe.ts';
import type { Report } from './report.ts';

const keyName = /^projects\/[^/]+\/locations\/[^/]+\/keyRings\/[^/]+\/cryptoKeys\/[^/]+$/;
// https://cloud.google.com/artifact-registry/docs/repositories/label-repos
const labelKey = /^[a-z][a-z0-9_-]{0,62}$/;
const labelValue = /^[a-z0-9_-]{0,63}$/;

/**
 * Reads `createDestinations`; undefined where nothing is to be made.
 *
 * @param followers those that were understood
 */
export function readCreate(
  value: unknown,
  followers: readonly Pick<DestinationPlan, 'repository'>[],
  path: ConfigPath,
  report: Report,
): CreatePlan | undefined {
  if (value !== true && !isRecord(value)) return undefined;
  const { kmsKeys, labels, immutableTags } = value === true ? ({} as Record<string, unknown>) : value;
  const keys = Array.isArray(kmsKeys) ? kmsKeys.filter((key): key is string => typeof key === 'string') : [];
  const locations = new Set(followers.map(({ repository }) => repository.location));
  for (const [i, key] of keys.entries()) {
    const [, , , location = ''] = key.split('/');
    if (!keyName.test(key))
      report.problem(
        'shape',
        child(path, 'kmsKeys', i),
        `${quote(key)} is no full name of a key`,
        'write one as "projects/acme/locations/us-central1/keyRings/images/cryptoKeys/prod"',
      );
    // https://cloud.google.com/artifact-registry/docs/cmek: key and repository share a location.
    else if (locations.size > 0 && !locations.has(location))
      report.problem(
        'shape',
        child(path, 'kmsKeys', i),
        `no follower is in ${quote(location)}, where this key is`,
        `a follower takes the key of its own location; name one in ${[...locations].join(', ')}`,
      );
  }
  if (isRecord(labels))
    for (const [key, label] of Object.entries(labels))
      if (!labelKey.test(key) || (typeof label === 'string' && !labelValue.test(label)))
        report.problem(
          'shape',
          child(path, 'labels', key),
          `${quote(`${key}=${String(label)}`)} is no label`,
          'a key starts with a letter; key and value are at most 63 lower-case letters, digits, "_" and "-"',
        );
  return {
    kmsKeys: keys,
    labels: isRecord(labels) ? (labels as Record<string, string>) : undefined,
    immutableTags: typeof immutableTags === 'boolean' ? immutableTags : undefined,
  };
}
