/** What must hold before a copy is asked for, found out before anything is changed. */
import type { RepositoryName } from '../../generator/plan.ts';
import { resourceName } from '../../generator/plan.ts';
import { type Registry, RegistryError, type RepositoryFacts } from '../registry/registry.ts';

const standard = 'STANDARD_REPOSITORY';

/**
 * Reads the source's repository, for the preflight of each destination.
 *
 * @throws RegistryError that names what is missing
 */
export function readSource(registry: Registry, source: RepositoryName): Promise<RepositoryFacts> {
  return read(registry, source, 'roles/artifactregistry.reader');
}

/**
 * Both repositories exist and can be read, are of one format, and hold their artifacts themselves.
 *
 * @throws RegistryError that names what is missing
 */
export async function preflight(
  registry: Registry,
  source: RepositoryFacts,
  destination: RepositoryName,
): Promise<void> {
  const follower = await read(registry, destination, 'roles/artifactregistry.writer');
  if (source.format !== follower.format)
    throw new RegistryError(
      'refused',
      0,
      `the formats differ: ${resourceName(source.name)} is ${source.format}, ${resourceName(destination)} is ${follower.format}`,
    );
  for (const { name, mode } of [source, follower])
    if (mode !== standard)
      throw new RegistryError(
        'refused',
        0,
        `${resourceName(name)} is a ${mode}; only a ${standard} can be copied from and to`,
      );
}

async function read(registry: Registry, name: RepositoryName, role: string): Promise<RepositoryFacts> {
  try {
    return await registry.repository(name);
  } catch (error) {
    if (!(error instanceof RegistryError)) throw error;
    const { kind, status, detail } = error;
    const full = resourceName(name);
    if (kind === 'not-found')
      throw new RegistryError(
        kind,
        status,
        `there is no repository ${full}: create it, or correct its name. ${detail}`,
        detail,
      );
    if (status === 403)
      throw new RegistryError(
        kind,
        status,
        `may not read ${full}: grant ${role} on it to the job's service account, or see whether it exists. ${detail}`,
        detail,
      );
    throw error;
  }
}
