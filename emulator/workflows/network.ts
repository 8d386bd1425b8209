/**
 * Where the requests of a workflow go: Google's hosts to the emulator itself, this machine by a real request,
 * and nothing further. An emulator that reached the internet would do what the tests don't show.
 */
import type { Fiber } from '../clock.ts';
import type { Context } from '../context.ts';
import { Cancelled, systemError } from './errors.ts';
import { isGoogle, isLoopback } from './stdlib/http.ts';

/** Sends a request that doesn't go to Google's hosts. */
export type Fetch = (request: Request) => Promise<Response>;

/** Codes of errors that come before a connection is there. */
const neverConnected = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
]);

/**
 * Sends a request of a workflow.
 *
 * @param timeout seconds, of the clock and of the wall: a clock that is driven stands still while a request is
 *   on its way
 * @throws WorkflowError ConnectionFailedError, ConnectionError, TimeoutError
 * @throws Cancelled when the signal fires
 */
export async function send(
  context: Context,
  fetchElsewhere: Fetch | undefined,
  request: Request,
  timeout: number,
  fiber: Fiber,
  signal: AbortSignal,
): Promise<Response> {
  const { hostname } = new URL(request.url);
  const google = isGoogle(hostname);
  if (!google && !fetchElsewhere && !isLoopback(hostname))
    throw systemError(
      'ConnectionFailedError',
      `the emulator connects to *.googleapis.com, *.pkg.dev and this machine only, not to ${hostname}`,
    );
  const over = new AbortController();
  const late = timer(context, timeout, over);
  const ended = new Promise<never>((_, reject) => {
    const end = () => reject(signal.aborted ? new Cancelled() : lateError(timeout));
    for (const one of [signal, late])
      if (one.aborted) end();
      else one.addEventListener('abort', end, { once: true, signal: over.signal });
  });
  // When the answer wins the race nobody waits for the end.
  ended.catch(() => {});
  const sent = () =>
    google
      ? context.dispatch(request)
      : (fetchElsewhere ?? fetch)(new Request(request, { signal: AbortSignal.any([signal, late]) }));
  try {
    return await fiber.lend(() => Promise.race([sent(), ended]));
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    const { code, message } = cause(error);
    throw neverConnected.has(code)
      ? systemError('ConnectionFailedError', `connection to ${hostname} failed: ${message}`)
      : systemError('ConnectionError', `connection to ${hostname} broke: ${message}`);
  } finally {
    over.abort();
  }
}

function lateError(timeout: number) {
  return systemError('TimeoutError', `no response within ${timeout} seconds`);
}

/** Fires after the timeout, by the clock or by the wall, whichever comes first, unless it is over before. */
function timer(context: Context, timeout: number, over: AbortController): AbortSignal {
  const late = new AbortController();
  const fire = () => late.abort();
  const wall = setTimeout(fire, Math.min(timeout * 1000, 2 ** 31 - 1)).unref();
  over.signal.addEventListener('abort', () => clearTimeout(wall), { once: true });
  const watch = context.clock.fiber();
  watch
    .sleep(timeout * 1000, over.signal)
    .then(fire, () => {})
    .finally(() => watch.end());
  return late.signal;
}

function cause(error: Error): { code: string; message: string } {
  const inner = error.cause;
  const from = inner instanceof AggregateError ? inner.errors[0] : inner;
  if (!(from instanceof Error)) return { code: '', message: error.message };
  return { code: String((from as NodeJS.ErrnoException).code ?? ''), message: from.message };
}
