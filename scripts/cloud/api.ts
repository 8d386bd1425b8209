/** Reads of Google's REST APIs. Whatever changes something goes through gcloud, where a person can follow it. */
import { setTimeout as pause } from 'node:timers/promises';
import { endpoint, ifEmulator, type Service, type Target } from './target.ts';

/** A request that was refused. */
export class ApiError extends Error {
  override name = 'ApiError';
  /** HTTP status; 0 when there was no answer. */
  readonly status: number;
  /** `SERVICE_DISABLED` and the like, where the answer says. */
  readonly reason: string | undefined;

  constructor(status: number, message: string, reason?: string) {
    super(message);
    this.status = status;
    this.reason = reason;
  }
}

/** Reads. */
export interface Api {
  /** @param path with its version, `v1/projects/acme` */
  get<T>(service: Service, path: string): Promise<T>;
  /** As {@link get}; undefined where there is no such thing. */
  find<T>(service: Service, path: string): Promise<T | undefined>;
  /** A read that is a POST, as policies and log entries are read. */
  ask<T>(service: Service, path: string, body: unknown): Promise<T>;
  /** All items of a paged list. */
  list<T>(service: Service, path: string, field: string): Promise<T[]>;
}

/** Answers that may be different a moment later. */
const passing: ReadonlySet<number> = new Set([0, 429, 500, 502, 503, 504]);
const attempts = 5;

/** Whether a request that got no answer, or was refused, may be answered a moment later. */
export function mayPass(error: unknown): boolean {
  return error instanceof ApiError && passing.has(error.status);
}

/**
 * Makes a client.
 *
 * @param token gives an access token; asked before each request, since one is good for an hour and a run may take longer
 */
export function createApi(target: Target, token: () => Promise<string>): Api {
  const send = async <T>(service: Service, method: string, path: string, body?: unknown): Promise<T> => {
    const bearer = await token();
    for (let attempt = 1; ; attempt++)
      try {
        return await once<T>(`${endpoint(target, service)}/${path}`, method, bearer, body);
      } catch (error) {
        if (!(error instanceof ApiError) || !mayPass(error)) throw error;
        if (attempt >= attempts)
          throw error.status === 0 ? new ApiError(0, `${error.message}${ifEmulator(target)}`) : error;
        await pause(100 * 2 ** attempt * Math.random());
      }
  };
  const get: Api['get'] = (service, path) => send(service, 'GET', path);
  return {
    get,
    ask: (service, path, body) => send(service, 'POST', path, body),
    find: (service, path) =>
      get<never>(service, path).catch((error: unknown) => {
        if (error instanceof ApiError && error.status === 404) return undefined;
        throw error;
      }),
    async list<T>(service: Service, path: string, field: string) {
      const items: T[] = [];
      let pageToken = '';
      do {
        const join = path.includes('?') ? '&' : '?';
        const page: Record<string, unknown> = await get(
          service,
          `${path}${pageToken && `${join}pageToken=${encodeURIComponent(pageToken)}`}`,
        );
        items.push(...((page[field] as T[] | undefined) ?? []));
        pageToken = (page.nextPageToken as string | undefined) ?? '';
      } while (pageToken !== '');
      return items;
    },
  };
}

async function once<T>(url: string, method: string, token: string, body: unknown): Promise<T> {
  let answer: Response;
  let text: string;
  try {
    answer = await fetch(url, {
      method,
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    text = await answer.text();
  } catch (error) {
    const cause = (error as Error).cause;
    const why = cause instanceof Error && cause.message ? cause.message : (error as Error).message;
    throw new ApiError(0, `${method} ${url}: ${why}`);
  }
  if (answer.ok)
    try {
      return JSON.parse(text) as T;
    } catch {
      // Something in between answers in Google's place, as the page of a network that wants a login.
      throw new ApiError(answer.status, `${method} ${url}: the answer is no JSON`);
    }
  let message = text.slice(0, 500);
  let reason: string | undefined;
  try {
    const { error } = JSON.parse(text) as {
      error: { message: string; details?: { reason?: string }[] };
    };
    message = error.message;
    reason = error.details?.find((detail) => detail.reason !== undefined)?.reason;
  } catch {
    // Not Google's shape: the text as it is.
  }
  throw new ApiError(answer.status, message, reason);
}

/** For a list that may be left out where it may not be read. @throws what is no refusal */
export function noneIfRefused(error: unknown): [] {
  if (error instanceof ApiError) return [];
  throw error;
}

/** Where an API is off, nothing of it is there. */
export function unlessDisabled(error: unknown): undefined {
  if (error instanceof ApiError && isDisabled(error)) return undefined;
  throw error;
}

/** Whether a refusal means that the API is not enabled. */
export function isDisabled({ status, reason, message }: ApiError): boolean {
  return (
    status === 403 &&
    (reason === 'SERVICE_DISABLED' ||
      /has not been used in project .* before or it is disabled/.test(message))
  );
}
