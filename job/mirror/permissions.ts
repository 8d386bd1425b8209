/** Finds a missing role before anything is changed. */
import { resourceName } from '../../generator/plan.ts';
import { type Difference, isEqual } from '../difference/difference.ts';
import { type Registry, RegistryError } from '../registry/registry.ts';

/** What a difference needs to be carried out, and the least role that has it. */
function needed({ tags, delete: versions }: Difference): string[] {
  const kinds = new Set(tags.map(({ kind }) => kind));
  return [
    ...(kinds.has('create') ? ['artifactregistry.tags.create'] : []),
    ...(kinds.has('move') ? ['artifactregistry.tags.update'] : []),
    ...(kinds.has('remove') ? ['artifactregistry.tags.delete'] : []),
    ...(versions.length > 0 ? ['artifactregistry.versions.delete'] : []),
  ];
}

/**
 * @throws RegistryError that names the role
 */
export async function mustBeAllowed(registry: Registry, difference: Difference): Promise<void> {
  if (isEqual(difference)) return;
  const wanted = needed(difference);
  if (wanted.length === 0) return;
  const granted = await registry.permissions(difference.destination, wanted);
  const lacking = wanted.filter((permission) => !granted.has(permission));
  if (lacking.length === 0) return;
  const role = lacking.some((permission) => permission.endsWith('.delete'))
    ? 'roles/artifactregistry.repoAdmin'
    : 'roles/artifactregistry.writer';
  throw new RegistryError(
    'permission',
    403,
    `${lacking.join(', ')} is missing on ${resourceName(difference.destination)}: grant ${role} on it to the job's service account. Nothing was changed`,
  );
}
