/**
 * The emulator: every emulated service on one loopback port, as a program may start it and a test may drive it.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { getRequestListener, RequestError } from '@hono/node-server';
import { Hono } from 'hono';
import { type Answer, type Answered, answerer } from './answer.ts';
import { type Behavior, behaviorWith } from './behavior.ts';
import { type Clock, realClock } from './clock.ts';
import { consoleService, isConsole } from './console/service.ts';
import type { Context } from './context.ts';
import { takeFolder } from './data-lock.ts';
import { deployServices } from './deploy-services.ts';
import { answerError, GoogleError } from './errors.ts';
import { type Fault, Faults } from './faults.ts';
import { Iam } from './iam/enforce.ts';
import { Policies } from './iam/policies.ts';
import { Operations } from './operations.ts';
import type { Bindings } from './registry/oci/request.ts';
import { ociService } from './registry/oci/service.ts';
import { Registry } from './registry/registry.ts';
import { registryService } from './registry/service.ts';
import { Jobs, type RunCommand } from './run/jobs.ts';
import { runService } from './run/service.ts';
import type { Limits } from './workflows/limits.ts';
import { workflowsEngine, workflowsService } from './workflows/service.ts';

/** How an emulator is to be. */
export interface EmulatorOptions {
  /** 0 takes a free one. */
  port?: number;
  /** Folder for what is kept; a temporary one, removed at the end, when absent. */
  data?: string;
  /** The wall clock when absent. */
  clock?: Clock;
  faults?: readonly Fault[];
  behavior?: Partial<Behavior>;
  /** The program of a Cloud Run job's container. Left out: the job's program from the sources. */
  runCommand?: RunCommand;
  /**
   * Seconds of the clock for each second in which a job's process runs, where the clock skips idle time; 1 when
   * absent.
   */
  runSpeed?: number;
  /** Enforce roles. The caller is who the token names, `emulated:EMAIL`; `owner@emulator.test` may do everything. */
  iam?: boolean;
  /** Limits of Cloud Workflows other than the documented ones; `Infinity` lifts one. */
  limits?: Partial<Limits>;
  /** Called after each request, those from within included. */
  onRequest?: (answered: Answered) => void;
}

/** An emulator that runs. */
export interface Emulator {
  readonly port: number;
  /** `http://127.0.0.1:PORT` */
  readonly url: string;
  /** `127.0.0.1:PORT`, as REPLICATOR_EMULATOR_HOST takes it. */
  readonly host: string;
  readonly clock: Clock;
  readonly context: Context;
  /** Artifact Registry's inside, for seeding. */
  readonly registry: Registry;
  /** Cloud Run's jobs, their executions and what these wrote. */
  readonly jobs: Jobs;
  /** Faults can be set anew at any time. */
  readonly faults: Faults;
  /** Stops listening and lets go of everything. Calling it twice does no harm. */
  close(): Promise<void>;
}

/**
 * Starts an emulator on 127.0.0.1.
 *
 * @throws Error when the port is taken (`code` EADDRINUSE), a fault or the data folder can't be read, or another
 *   emulator has the folder
 */
export async function startEmulator(options: EmulatorOptions = {}): Promise<Emulator> {
  const behavior = behaviorWith(options.behavior);
  const clock = options.clock ?? realClock();
  const faults = new Faults(options.faults, () => clock.now());
  let begin = (_answer: Answer) => {};
  const begun = new Promise<Answer>((resolve) => {
    begin = resolve;
  });
  const server = createServer(
    { maxHeaderSize },
    listener(async (request, bindings) => (await begun)(request, bindings)),
  );
  // Before the folder is touched: who can't listen changes nothing there.
  const port = await listen(server, options.port ?? 0);
  const dataDir = options.data ?? mkdtempSync(join(tmpdir(), 'emulator-'));
  let letGo = () => {};
  const removeData = () => {
    letGo();
    if (options.data === undefined) rmSync(dataDir, { recursive: true, force: true });
  };
  try {
    if (options.data !== undefined) letGo = await takeFolder(dataDir, port);
    const operations = new Operations(clock);
    const folder = join(dataDir, 'registry');
    const registry = new Registry({ clock, operations, folder, behavior, faults });
    const app = new Hono<{ Bindings: Bindings }>();
    const policies = new Policies(dataDir);
    const iam = options.iam ? new Iam(policies, registry, operations) : undefined;
    const answer = answerer(app, faults, clock, iam, options.onRequest);
    const context: Context = {
      clock,
      dataDir,
      operations,
      behavior,
      dispatch: (request) => answer(request, {}),
      ...(iam && { iam }),
    };
    const run = { command: options.runCommand, speed: options.runSpeed };
    const jobs = new Jobs(context, () => `127.0.0.1:${port}`, run);
    // Before the images: all are below /v2/, and no location is called projects.
    app.route('/', deployServices(context, jobs, policies));
    app.route('/', runService(jobs, operations));
    app.route('/', ociService(registry));
    app.route('/', registryService(registry));
    app.route('/', workflowsService(context, options.limits && { limits: options.limits }));
    app.notFound((c) => answerError(new GoogleError('NOT_FOUND', `There is no method at ${c.req.path}.`)));
    app.onError((error) => answerError(error));

    const page = consoleService(workflowsEngine(context), registry, jobs);
    // Beside the services: faults are not meant for who looks at them, nor are the requests theirs that a test counts.
    begin(async (request, bindings) =>
      isConsole(new URL(request.url).pathname) ? page.fetch(request) : answer(request, bindings),
    );
    let closed: Promise<void> | undefined;
    return {
      port,
      url: `http://127.0.0.1:${port}`,
      host: `127.0.0.1:${port}`,
      clock,
      context,
      registry,
      jobs,
      faults,
      close() {
        closed ??= new Promise<void>((resolve) => {
          server.close(() => resolve());
          server.closeAllConnections();
        }).then(async () => {
          await jobs.close();
          clock.close();
          removeData();
        });
        return closed;
      },
    };
  } catch (error) {
    server.close();
    server.closeAllConnections();
    removeData();
    throw error;
  }
}

/** Bytes of a request's head. A comparison of 200 followers names each of them in its address. */
const maxHeaderSize = 128 * 1024;

function listen(server: Server, port: number): Promise<number> {
  // An upload may take as long as it takes.
  server.requestTimeout = 0;
  // Longer than clients keep connections: one that is closed just as it is used again looks like a fault.
  server.keepAliveTimeout = 75_000;
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => {
      server.off('error', reject);
      resolve((server.address() as AddressInfo).port);
    });
  });
}

function listener(answer: Answer) {
  const listen = getRequestListener(
    (request, env) =>
      answer(request, env as { incoming: Required<Bindings>['incoming']; outgoing: ServerResponse }),
    {
      overrideGlobalObjects: false,
      hostname: '127.0.0.1',
      errorHandler: (error) =>
        answerError(
          error instanceof RequestError ? new GoogleError('INVALID_ARGUMENT', error.message) : error,
        ),
    },
  );
  return (...[incoming, outgoing]: Parameters<typeof listen>) => {
    // A client behind a proxy sends `GET http://run.test:8787/apis/… HTTP/1.1`; the path decides, as always.
    incoming.url = (incoming.url ?? '/').replace(/^[a-z][a-z0-9+.-]*:\/\/[^/?]*\/?/i, '/');
    void listen(incoming, outgoing);
  };
}
