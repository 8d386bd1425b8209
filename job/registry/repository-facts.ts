/** A repository from the API's resource. */
import type { RepositoryName } from '../../generator/plan.ts';
import type { RepositoryFacts } from './registry.ts';

type Fields = Readonly<Record<string, unknown>>;

const fieldsOf = (value: unknown): Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : {};

/** Reads a `Repository`. Formats and modes of a later release are passed on as they are. */
export function repositoryFacts(name: RepositoryName, resource: Fields): RepositoryFacts {
  const { format, mode, cleanupPolicyDryRun, etag } = resource;
  const labels = Object.entries(fieldsOf(resource.labels)).filter(
    (label): label is [string, string] => typeof label[1] === 'string',
  );
  const policies = Object.entries(fieldsOf(resource.cleanupPolicies));
  return {
    name,
    format: typeof format === 'string' && format !== '' ? format : 'FORMAT_UNSPECIFIED',
    // Repositories from before modes carry none.
    mode: typeof mode === 'string' && !['', 'MODE_UNSPECIFIED'].includes(mode) ? mode : 'STANDARD_REPOSITORY',
    labels: Object.fromEntries(labels),
    immutableTags: fieldsOf(resource.dockerConfig).immutableTags === true,
    deletingPolicies:
      cleanupPolicyDryRun === true
        ? []
        : policies.filter(([, policy]) => fieldsOf(policy).action === 'DELETE').map(([id]) => id),
    ...(typeof etag === 'string' && { etag }),
  };
}
