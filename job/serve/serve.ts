/** `serve`: listens, and goes away in good order. */
import { createServer, type Server as HttpServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { getRequestListener } from '@hono/node-server';
import type { Tools } from '../commands/tools.ts';
import { openMetrics } from '../metrics/open.ts';
import { createScrape } from '../metrics/prometheus.ts';
import { duration } from '../print/quantity.ts';
import { exitCodes } from '../request.ts';
import type { Environment } from '../settings/environment.ts';
import type { Settings } from '../settings/fields.ts';
import { createApp } from './app.ts';
import { type Guard, googleVerify, open, tokenGuard } from './identity.ts';
import { projectOf } from './project.ts';

/** Time for the last answers to be sent, in milliseconds. */
const LAST_WORDS = 500;
/** Time for the last metrics to be sent, in milliseconds: Cloud Run kills 10 s after the signal. */
const LAST_EXPORT = 1000;

/** Serves until a signal comes. @returns the exit code; copies may still be polled then, so the process has to exit */
export async function serve(settings: Settings, environment: Environment, tools: Tools): Promise<number> {
  const { log } = tools;
  const draining = new AbortController();
  const givingUp = new AbortController();
  const guard = guardOf(settings, tools);
  const scrape = createScrape();
  const metrics = await openMetrics(
    { command: 'serve', name: settings.name },
    { environment, log, readers: [scrape.reader], lastExport: LAST_EXPORT },
  );
  // Nothing waits for it: entries of requests before it is known have no trace.
  let project: string | undefined;
  void projectOf(environment).then((found) => {
    project = found;
  });
  const app = createApp({
    settings,
    tools,
    guard,
    metrics,
    project: () => project,
    figures: scrape.text,
    draining: draining.signal,
    givingUp: givingUp.signal,
  });
  const server = createServer(getRequestListener(app.fetch, { overrideGlobalObjects: false }));
  // Longer than load balancers keep theirs: one that is closed just as it is used again looks like a fault.
  server.keepAliveTimeout = 75_000;
  const failed = await listen(server, settings);
  if (failed !== undefined) {
    log('ERROR', failed, { phase: 'serve', error: failed });
    return exitCodes.failed;
  }
  const { port } = server.address() as AddressInfo;
  const host = settings.host.includes(':') ? `[${settings.host}]` : settings.host;
  log('INFO', `listening on http://${host}:${port}`, { phase: 'serve' });

  const signal = await anySignal();
  draining.abort();
  const closed = new Promise<void>((resolve) => {
    server.close(() => resolve());
  });
  server.closeIdleConnections();
  const work = app.running();
  const wait = work ? `, after the running copy or ${duration(settings.grace)}` : '';
  log('NOTICE', `${signal}: going down${wait}`, { phase: 'serve' });
  const isDone = work ? work.then(() => true) : true;
  if (!(await Promise.race([isDone, pause(settings.grace * 1000).then(() => false)])))
    log('WARNING', 'the copy is not done; its operations go on', { phase: 'serve' });
  givingUp.abort();
  await Promise.race([closed, pause(LAST_WORDS)]);
  server.closeAllConnections();
  await metrics.close();
  log('INFO', 'down', { phase: 'serve' });
  return exitCodes.done;
}

function guardOf({ auth, audience = '', allowedEmails, emulatorHost }: Settings, { log }: Tools): Guard {
  switch (auth) {
    case 'google':
      if (allowedEmails.includes('*'))
        log('WARNING', 'any Google account may call: --allowed-email is *', { phase: 'serve' });
      return tokenGuard(audience, allowedEmails, googleVerify());
    case 'cloud-run':
      if (!process.env.K_SERVICE)
        log(
          'WARNING',
          'callers are not checked here, and this is no Cloud Run service whose IAM would: K_SERVICE is not set',
          { phase: 'serve' },
        );
      return open;
    case 'none': {
      const where = emulatorHost === undefined ? 'on a loopback address' : 'with the emulator';
      log('NOTICE', `callers are not checked, ${where}`, { phase: 'serve' });
      return open;
    }
  }
}

function listen(server: HttpServer, { port, host }: Settings): Promise<string | undefined> {
  return new Promise((resolve) => {
    server.once('error', (error) => resolve(`cannot listen on ${host}:${port}: ${error.message}`));
    server.listen(port, host, () => resolve(undefined));
  });
}

function anySignal(): Promise<NodeJS.Signals> {
  return new Promise((resolve) => {
    for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => resolve(signal));
  });
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, milliseconds);
  });
}
