/** Tags: read, put on a version, moved, taken off. */
import type { RepositoryName } from '../../generator/plan.ts';
import { resourceName } from '../../generator/plan.ts';
import { type Ask, type Call, jsonObject } from './call.ts';
import { type Endpoints, resourceUrl } from './endpoints.ts';
import { packageName, readVersionName, tagName, versionName } from './names.ts';
import { malformed } from './refusal.ts';
import { RegistryError } from './registry.ts';

/** The calls for tags. */
export function tagCalls(call: Call, endpoints: Endpoints) {
  const asking = (name: RepositoryName, packageId: string, tag: string, verb: string, role: string) => ({
    url: resourceUrl(endpoints, tagName(name, packageId, tag)),
    verb,
    on: tagName(name, packageId, tag),
    role: `roles/artifactregistry.${role}`,
    grantOn: resourceName(name),
  });

  const tag = async (name: RepositoryName, packageId: string, id: string): Promise<string | undefined> => {
    const ask: Ask = { method: 'GET', kind: 'read', ...asking(name, packageId, id, 'read', 'reader') };
    const found = await unlessAbsent(async () => jsonObject(ask, await call(ask)));
    if (!found) return undefined;
    const version = readVersionName(found.version);
    if (!version) throw malformed(ask, 'the tag names no version');
    return version.version;
  };

  return {
    tag,

    async createTag(name: RepositoryName, packageId: string, id: string, version: string): Promise<void> {
      const ask: Ask = {
        method: 'POST',
        kind: 'write',
        ...asking(name, packageId, id, 'create', 'writer'),
        url: resourceUrl(endpoints, `${packageName(name, packageId)}/tags`, { tagId: id }),
        body: { name: tagName(name, packageId, id), version: versionName(name, packageId, version) },
      };
      try {
        jsonObject(ask, await call(ask));
      } catch (error) {
        // After a lost answer the tag is there because of us: what it is on tells.
        const isThere = error instanceof RegistryError && error.status === 409;
        if (!isThere || (await tag(name, packageId, id)) !== version) throw error;
      }
    },

    async moveTag(name: RepositoryName, packageId: string, id: string, version: string): Promise<void> {
      const move = asking(name, packageId, id, 'move', 'writer');
      const ask: Ask = {
        method: 'PATCH',
        kind: 'write',
        ...move,
        url: resourceUrl(endpoints, move.on, { updateMask: 'version' }),
        body: { name: move.on, version: versionName(name, packageId, version) },
      };
      jsonObject(ask, await call(ask));
    },

    async deleteTag(name: RepositoryName, packageId: string, id: string): Promise<void> {
      const ask: Ask = {
        method: 'DELETE',
        kind: 'delete',
        ...asking(name, packageId, id, 'remove', 'repoAdmin'),
      };
      await unlessAbsent(async () => jsonObject(ask, await call(ask)));
    },
  };
}

/** The result; undefined where the service says that it has no such thing. */
export async function unlessAbsent<T>(work: () => Promise<T>): Promise<T | undefined> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof RegistryError && error.kind === 'not-found') return undefined;
    throw error;
  }
}
