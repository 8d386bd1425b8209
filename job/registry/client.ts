/**
 * Artifact Registry over REST. Plain requests rather than Google's client: a listing of a million images has to be
 * read twice in a run, and decoding it through protobuf takes several times as long as `JSON.parse` (`npm run bench
 * -- plan` has the figures).
 */
import type { RepositoryName } from '../../generator/plan.ts';
import { resourceName } from '../../generator/plan.ts';
import { type Ask, createCall, jsonObject, type Sent } from './call.ts';
import { type Clock, systemClock } from './clock.ts';
import { copyProgress, findCopy, startCopy } from './copy-operation.ts';
import type { Credentials } from './credentials.ts';
import { deleteVersions } from './deletion.ts';
import { type Endpoints, googleEndpoints, resourceUrl } from './endpoints.ts';
import { fileFacts } from './files.ts';
import type { Limiter } from './limiter.ts';
import { type Item, type Listing, pagesOf } from './listing.ts';
import { readManifest } from './manifest.ts';
import { merge } from './merge.ts';
import { lastSegment, readVersionName, versionName } from './names.ts';
import { getOperation } from './operation.ts';
import { malformed, type Purpose } from './refusal.ts';
import type { Registry, VersionFacts } from './registry.ts';
import { repositoryFacts } from './repository-facts.ts';
import { defaultRetry, type RetryPolicy } from './retry.ts';
import { tagCalls, unlessAbsent } from './tags.ts';
import { createTransport, type Transport } from './transport.ts';
import { imageReader, relatedTags, versionFacts } from './versions.ts';

/** What a client is made of. */
export interface RegistryOptions {
  /** Google's where it is left out. */
  readonly endpoints?: Endpoints;
  readonly credentials: Credentials;
  /** Shared by all clients of a process. */
  readonly limiter: Limiter;
  readonly retry?: RetryPolicy;
  readonly clock?: Clock;
  /** Gives numbers from 0 up to 1; `Math.random` where it is left out. */
  readonly random?: () => number;
  /** Milliseconds for each request; a minute where it is left out. */
  readonly timeout?: number;
  readonly transport?: Transport;
  /** Told of every request that was sent, those sent again included. */
  readonly observe?: (sent: Sent) => void;
}

const reader = 'roles/artifactregistry.reader';
/** Listings of packages at the same time; the limiter holds the rate. */
const packagesAtOnce = 8;
/** Formats without tags. For others, and those to come, versions are asked for their tags. */
const untagged: ReadonlySet<string> = new Set([
  ...['MAVEN', 'PYTHON', 'APT', 'YUM', 'GO', 'GENERIC', 'RUBY', 'GOOGET', 'CONDA'],
]);
/** As many tags as a version shows, of however many it has. */
const relatedAtMost = 100;

/** Makes a client. */
export function createRegistry(options: RegistryOptions): Registry {
  const { endpoints = googleEndpoints, clock = systemClock } = options;
  const call = createCall({
    transport: createTransport(),
    random: Math.random,
    timeout: 60_000,
    observe: () => {},
    retry: defaultRetry,
    ...options,
    clock,
  });
  /** Repositories that could be read: an empty listing of one is empty indeed. */
  const readable = new Set<string>();

  const repository: Registry['repository'] = async (name) => {
    const on = resourceName(name);
    const ask: Ask = {
      method: 'GET',
      url: resourceUrl(endpoints, on),
      kind: 'read',
      verb: 'read',
      on,
      role: reader,
    };
    const resource = jsonObject(ask, await call(ask));
    if (typeof resource.name !== 'string') throw malformed(ask, 'the answer is no repository');
    readable.add(on);
    return repositoryFacts(name, resource);
  };

  /** Pages of a collection of a repository. A grant that hides everything must not look like emptiness. */
  async function* list(
    name: RepositoryName,
    collection: string,
    query: Readonly<Record<string, string>> = {},
  ): AsyncGenerator<readonly Item[]> {
    let isEmpty = true;
    for await (const page of pagesOf(call, endpoints, listingOf(name, collection, query))) {
      isEmpty = false;
      yield page;
    }
    if (isEmpty && !readable.has(resourceName(name))) await repository(name);
  }

  async function* packages(name: RepositoryName): AsyncGenerator<string> {
    for await (const page of list(name, 'packages')) for (const each of page) yield lastSegment(each.name);
  }

  async function* packageVersions(
    name: RepositoryName,
    packageId: string,
    isTagged: boolean,
  ): AsyncGenerator<VersionFacts[]> {
    const collection = `packages/${packageId}/versions`;
    const { fail } = listingOf(name, collection);
    let tags: Promise<Map<string, string[]>> | undefined;
    for await (const page of list(name, collection, isTagged ? { view: 'FULL' } : {})) {
      const facts: VersionFacts[] = [];
      for (const version of page) {
        const related = relatedTags(version);
        if (related.length >= relatedAtMost) {
          tags ??= packageTags(name, packageId);
          facts.push(versionFacts(version, fail, (await tags).get(lastSegment(version.name)) ?? related));
        } else facts.push(versionFacts(version, fail, related));
      }
      yield facts;
    }
  }

  /** Every tag of a package, by version. */
  async function packageTags(name: RepositoryName, packageId: string): Promise<Map<string, string[]>> {
    const tags = new Map<string, string[]>();
    const collection = `packages/${packageId}/tags`;
    for await (const page of list(name, collection))
      for (const tag of page) {
        const ids = readVersionName(tag.version);
        if (!ids)
          throw listingOf(name, collection).fail(`the tag '${lastSegment(tag.name)}' names no version`);
        const before = tags.get(ids.version);
        if (before) before.push(lastSegment(tag.name));
        else tags.set(ids.version, [lastSegment(tag.name)]);
      }
    return tags;
  }

  const version: Registry['version'] = async (name, packageId, id) => {
    const on = versionName(name, packageId, id);
    const ask: Ask = {
      method: 'GET',
      url: resourceUrl(endpoints, on, { view: 'FULL' }),
      kind: 'read',
      verb: 'read',
      on,
      role: reader,
      grantOn: resourceName(name),
    };
    const found = await unlessAbsent(async () => jsonObject(ask, await call(ask)));
    if (!found) return undefined;
    if (typeof found.name !== 'string') throw malformed(ask, 'the answer is no version');
    const facts = versionFacts(found as Item, (what) => malformed(ask, what));
    if (facts.version !== id) throw malformed(ask, `the answer is of version ${facts.version}`);
    // Under the id that was asked for, should the service write it otherwise.
    return { ...facts, package: packageId };
  };

  return {
    repository,

    async permissions(name, wanted) {
      const on = resourceName(name);
      const ask: Ask = {
        method: 'POST',
        url: resourceUrl(endpoints, `${on}:testIamPermissions`),
        kind: 'read',
        body: { permissions: wanted },
        verb: 'ask for our permissions on',
        on,
        role: reader,
      };
      const { permissions = [] } = jsonObject(ask, await call(ask));
      if (!Array.isArray(permissions)) throw malformed(ask, "'permissions' is no list");
      return new Set(permissions);
    },

    async setLabels(name, labels) {
      const before = (await repository(name)).labels;
      const after = { ...before, ...labels };
      if (Object.entries(labels).every(([key, value]) => before[key] === value)) return;
      const on = resourceName(name);
      const ask: Ask = {
        method: 'PATCH',
        url: resourceUrl(endpoints, on, { updateMask: 'labels' }),
        kind: 'write',
        body: { name: on, labels: after },
        verb: 'set labels of',
        on,
        role: 'roles/artifactregistry.admin',
      };
      jsonObject(ask, await call(ask));
    },

    async *versions(name, format) {
      if (format === 'DOCKER') {
        const read = imageReader(listingOf(name, 'dockerImages').fail);
        for await (const page of list(name, 'dockerImages')) yield read(page);
      } else {
        const isTagged = !untagged.has(format);
        yield* merge(packages(name), (id) => packageVersions(name, id, isTagged), packagesAtOnce);
      }
    },

    async *files(name) {
      for await (const page of list(name, 'files')) yield page.map(fileFacts);
    },

    async *attachments(name) {
      // Attachments of formats other than Docker are no versions.
      for await (const page of list(name, 'attachments'))
        yield page.flatMap(({ ociVersionName }) => readVersionName(ociVersionName) ?? []);
    },

    version,
    manifest: (name, packageId, digest) => readManifest(call, endpoints, name, packageId, digest),
    ...tagCalls(call, endpoints),

    deleteVersions: (name, packageId, versions, stays) =>
      deleteVersions(
        { call, endpoints, clock, stays, version: (id, digest) => version(name, id, digest) },
        name,
        packageId,
        versions,
      ),

    copy: (source, destination, behavior) => startCopy(call, endpoints, source, destination, behavior),
    copyProgress: async (operation) => copyProgress(await getOperation(call, endpoints, operation)),
    findCopy: (source, destination, since) => findCopy(call, endpoints, source, destination, since),
  };
}

/** A listing below a repository, and the error for a page that can't be read. */
function listingOf(
  name: RepositoryName,
  collection: string,
  query: Readonly<Record<string, string>> = {},
): Listing & { fail: (what: string) => Error } {
  const on = `${resourceName(name)}/${collection}`;
  const purpose: Purpose = { verb: 'list', on, role: reader, grantOn: resourceName(name) };
  return {
    collection: on,
    field: lastSegment(collection),
    query,
    purpose,
    fail: (what) => malformed(purpose, what),
  };
}
