/** A registry by the OCI distribution protocol: its repositories, and the list of them where it has one. */

import { type Clock, systemClock } from '../registry/clock.ts';
import type { Limiter } from '../registry/limiter.ts';
import { defaultRetry, type RetryPolicy } from '../registry/retry.ts';
import type { Authenticator } from './auth/authenticator.ts';
import { type CallOptions, createCaller } from './call.ts';
import { createGate, type Gate } from './gate.ts';
import { malformedBy, OciError, type Remedies } from './oci-error.ts';
import { readPages } from './pages.ts';
import { isRepositoryPath } from './reference.ts';
import { createRepository, type OciRepository } from './repository.ts';
import { createWire, type Wire } from './wire.ts';

/** A registry. */
export interface OciRegistry {
  readonly origin: string;
  /**
   * Paths of its repositories; undefined where it lists none to us.
   *
   * @throws OciError where the list is not whole, or names what no repository is called
   */
  catalog(): Promise<string[] | undefined>;
  /** A repository, there or not. @throws OciError where no repository can be called that */
  repository(path: string): OciRepository;
}

/** What all clients of a process share. */
export interface Shared {
  readonly limiter: Limiter;
  /** How many requests may be under way; blobs that are on their way have gates of their own. */
  readonly gate: Gate;
  readonly wire: Wire;
  readonly retry: RetryPolicy;
  readonly clock: Clock;
  readonly random: () => number;
  /** Milliseconds that a server may be silent. */
  readonly idle: number;
  readonly signal: AbortSignal | undefined;
  readonly observe: CallOptions['observe'];
}

/** Makes what the clients of a process share. @param given in place of the defaults */
export function share(given: Pick<Shared, 'limiter'> & Partial<Shared>): Shared {
  return {
    gate: createGate(requestsAtOnce),
    wire: createWire(),
    retry: defaultRetry,
    clock: systemClock,
    random: Math.random,
    idle: 60_000,
    signal: undefined,
    observe: undefined,
    ...given,
  };
}

/** More were not faster against a registry on the same machine, and one far away answers as many. */
const requestsAtOnce = 32;
const repositoriesAtMost = 1_000_000;

/** Makes a client. */
export function createOciRegistry(
  origin: string,
  auth: Authenticator,
  remedies: Remedies,
  shared: Shared,
): OciRegistry {
  const caller = createCaller({ ...shared, auth, remedies });
  const { host } = new URL(origin);
  return {
    origin,
    async catalog() {
      const ask = {
        url: new URL(`${origin}/v2/_catalog?n=1000`),
        scope: { path: '', write: false },
        verb: 'list the repositories of',
        on: host,
      };
      const paths: string[] = [];
      try {
        const isThere = await readPages(caller, ask, ({ repositories }) => {
          if (repositories !== null && repositories !== undefined && !Array.isArray(repositories))
            throw malformedBy(ask, "'repositories' is no list");
          for (const path of repositories ?? []) {
            if (typeof path !== 'string' || !isRepositoryPath(path))
              throw malformedBy(ask, `${JSON.stringify(path)?.slice(0, 100)} is no path of a repository`);
            paths.push(path);
          }
          if (paths.length > repositoriesAtMost)
            throw malformedBy(ask, `there are more than ${repositoriesAtMost}`);
        });
        return isThere ? paths : undefined;
      } catch (error) {
        // Most registries show it to nobody, or to their administrators.
        if (error instanceof OciError && [401, 403, 405, 501].includes(error.status)) return undefined;
        throw error;
      }
    },
    repository(path) {
      if (!isRepositoryPath(path))
        throw malformedBy(
          { verb: 'open', on: host },
          `${JSON.stringify(path).slice(0, 100)} is no path of a repository`,
        );
      return createRepository(caller, origin, path);
    },
  };
}
