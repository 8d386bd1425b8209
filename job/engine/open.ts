/** Runs the engine in an environment: Google's services, the emulator, or other registries. */

import { setMaxListeners } from 'node:events';
import { preflight, readSource } from '../copy/preflight.ts';
import { type Log, silent } from '../log/log.ts';
import type { CallOptions } from '../oci/call.ts';
import { OciError } from '../oci/oci-error.ts';
import { openArtifactRegistry, openOciRegistry } from '../oci/open.ts';
import { type Shared, share } from '../oci/registry.ts';
import { createRegistry } from '../registry/client.ts';
import { type Clock, systemClock } from '../registry/clock.ts';
import {
  anonymous,
  applicationDefault,
  type Credentials,
  emulatorCredentials,
} from '../registry/credentials.ts';
import { type Endpoints, emulatorEndpoints, googleEndpoints } from '../registry/endpoints.ts';
import { createLimiter, defaultLimits, type Limits } from '../registry/limiter.ts';
import type { Registry } from '../registry/registry.ts';
import { defaultRetry, type RetryPolicy } from '../registry/retry.ts';
import {
  type ArtifactRegistrySide,
  artifactRegistryDestination,
  artifactRegistrySource,
  dockerPath,
} from './artifact-registry.ts';
import { Blobs } from './blobs.ts';
import { copyPlace, type Sides } from './copy.ts';
import type { EngineOutcome } from './outcome.ts';
import { type Place, placeName } from './place.ts';
import { plainDestination, plainSource } from './plain-registry.ts';
import { Progress } from './progress.ts';
import type { EngineRequest } from './request.ts';
import { Run } from './run.ts';

/** Where the engine runs, and where it reports. */
export interface EngineOptions {
  /** `process.env` where it is left out; `REPLICATOR_EMULATOR_HOST` and docker's own are looked at. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** What Artifact Registry is asked at most; other registries say themselves when it is too much. */
  readonly limits?: Limits;
  readonly clock?: Clock;
  readonly retry?: RetryPolicy;
  /** Milliseconds that a server may be silent. */
  readonly idle?: number;
  /** Milliseconds after which it stops, and says how far it came; never where it is left out. */
  readonly deadline?: number;
  readonly log?: Log;
  /** Called a few times a second while it works. */
  readonly onProgress?: (progress: Progress) => void;
  /** Told of every request. */
  readonly observe?: CallOptions['observe'];
}

/** A registry that has not said otherwise takes what so many connections bring. */
const unlimited: Limits = { requests: 1e9, writes: 1e9, deletes: 1e9 };
/** A timer holds at most this much: 25 days. */
const longest = 2 ** 31 - 1;
/** Milliseconds between two looks at a progress. */
const tick = 200;

/** Copies to one destination. @returns the outcome; nothing is thrown but faults of the program */
export async function runEngine(request: EngineRequest, options: EngineOptions = {}): Promise<EngineOutcome> {
  const { env = process.env, clock = systemClock, log = silent, retry = defaultRetry } = options;
  const now = () => clock.now();
  const stopped = new AbortController();
  // Every request that is under way listens.
  setMaxListeners(0, stopped.signal);
  const isGoogle =
    request.source.is === 'artifact-registry' || request.destination.is === 'artifact-registry';
  const limiter = createLimiter(isGoogle ? (options.limits ?? defaultLimits) : unlimited, clock);
  const shared = share({
    limiter,
    clock,
    retry,
    signal: stopped.signal,
    observe: options.observe,
    ...(options.idle !== undefined && { idle: options.idle }),
  });
  const progress = new Progress(now);
  const { counts } = progress;
  const onBytes = (bytes: number) => {
    counts.bytes += bytes;
  };
  const blobs = new Blobs({ ...shared, onBytes }, counts);
  const destination = placeName(request.destination);
  const run = new Run(
    request,
    progress,
    blobs,
    (reason) => stopped.abort(reason),
    ({ what, why }) => log('WARNING', `${what}: ${why}`, { phase: 'copy', destination, error: why }),
  );
  const timer = options.onProgress && setInterval(() => options.onProgress?.(progress), tick);
  const { deadline } = options;
  const late =
    deadline === undefined
      ? undefined
      : setTimeout(() => run.stop(tooLate(deadline)), Math.min(deadline, longest));
  try {
    return await copyPlace(
      run,
      () => openSides(run, shared, limiter, { ...options, env, clock, retry }),
      now,
    );
  } finally {
    clearInterval(timer);
    clearTimeout(late);
  }
}

function tooLate(deadline: number): OciError {
  const seconds = Math.round(deadline / 1000);
  return new OciError(
    'unavailable',
    0,
    `not done after ${seconds} s (poll.deadline); the next run goes on from here`,
  );
}

async function openSides(
  run: Run,
  shared: Shared,
  limiter: Shared['limiter'],
  options: EngineOptions & { env: NonNullable<EngineOptions['env']>; clock: Clock; retry: RetryPolicy },
): Promise<Sides> {
  const { request } = run;
  const { source: from, destination: to, filters } = request;
  const google = once(() => openGoogle(limiter, options));
  const side = (place: Place & { is: 'artifact-registry' }): ArtifactRegistrySide => {
    const { registry, endpoints, credentials } = google();
    const { origin, path } = dockerPath(endpoints, place.name);
    return { registry, path, name: place.name, docker: openArtifactRegistry(origin, credentials, shared) };
  };
  const sourceFacts =
    from.is === 'artifact-registry' ? await readSource(google().registry, from.name) : undefined;
  if (sourceFacts && to.is === 'artifact-registry') await preflight(google().registry, sourceFacts, to.name);
  const destination =
    to.is === 'artifact-registry'
      ? await artifactRegistryDestination(side(to), await google().registry.repository(to.name))
      : plainDestination(openOciRegistry(to.host, shared, options.env), to.path);
  const source =
    from.is === 'artifact-registry'
      ? artifactRegistrySource(side(from), filters.attachments)
      : plainSource(openOciRegistry(from.host, shared, options.env), from.path, (id, error) =>
          run.fail(id, error),
        );
  return { source, destination };
}

interface Google {
  readonly registry: Registry;
  readonly endpoints: Endpoints;
  readonly credentials: Credentials;
}

/** Artifact Registry by REST, on the limiter that the Docker side has too: the quota knows no difference. */
function openGoogle(
  limiter: Shared['limiter'],
  {
    env,
    clock,
    retry,
    observe,
  }: EngineOptions & { env: NonNullable<EngineOptions['env']>; clock: Clock; retry: RetryPolicy },
): Google {
  const host = env.REPLICATOR_EMULATOR_HOST ?? '';
  const token = env.REPLICATOR_EMULATOR_TOKEN ?? '';
  const endpoints = host === '' ? googleEndpoints : emulatorEndpoints(host);
  const emulator = token === '' ? anonymous : emulatorCredentials(token, `http://${host}`);
  const credentials = host === '' ? applicationDefault() : emulator;
  const registry = createRegistry({
    endpoints,
    credentials,
    limiter,
    clock,
    retry,
    ...(observe && { observe: ({ method, url, status }) => observe({ method, url: new URL(url), status }) }),
  });
  return { registry, endpoints, credentials };
}

function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}
