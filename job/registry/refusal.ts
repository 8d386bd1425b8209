/** Errors in words: what happened, where, and what to do next. */
import { RegistryError, type RegistryErrorKind } from './registry.ts';
import type { Failure } from './retry.ts';

/** What was asked, in words that complete "cannot …". */
export interface Purpose {
  /** `read`, `delete versions of`. */
  readonly verb: string;
  /** Full name of the resource. */
  readonly on: string;
  /** Role that whoever asks needs. */
  readonly role: string;
  /** Name of what the role is granted on; `on` where it is left out. */
  readonly grantOn?: string;
}

/** Longest text of the service's that is repeated. */
const longest = 500;

/**
 * What a service said in the body of an error: the message of Google's or of the registry protocol's shape, or the
 * text itself.
 *
 * @returns `isService` whether it was the service that spoke, and not something on the way
 */
export function readError(body: Buffer): { said: string; code: number | undefined; isService: boolean } {
  const text = body.subarray(0, 16_384).toString('utf8');
  try {
    const { error, errors } = JSON.parse(text) as {
      error?: { code?: unknown; message?: unknown; status?: unknown };
      errors?: readonly { code?: unknown; message?: unknown }[];
    };
    const first = error ?? errors?.[0];
    if (first && typeof first.message === 'string')
      return {
        said: oneLine(first.message || String(error?.status ?? first.code)),
        code: typeof first.code === 'number' ? first.code : undefined,
        isService: true,
      };
  } catch {
    // A page of HTML from something in between, most likely.
  }
  return { said: oneLine(text.replace(/<[^>]*>/g, ' ')), code: undefined, isService: false };
}

/** One line, of bounded length, without anything that a terminal might take as an order. */
export function oneLine(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is taken out
  const line = text.replace(/[\s\u0000-\u001f\u007f-\u009f]+/g, ' ').trim();
  return line.length > longest ? `${line.slice(0, longest)}…` : line;
}

/** The error for a request that will not be sent again. @param attempts how often it was sent */
export function refusal(purpose: Purpose, failure: Failure, attempts: number): RegistryError {
  const { verb, on, role, grantOn = on } = purpose;
  const often = attempts > 1 ? ` (sent ${attempts} times)` : '';
  const status = statusOf(failure);
  const detail = detailOf(failure);
  const [kind, message] = ((): [RegistryErrorKind, string] => {
    switch (status) {
      case 0:
        return ['unavailable', `cannot ${verb} ${on}: ${detail}${often}`];
      case 401:
        return [
          'permission',
          `cannot ${verb} ${on}: the credentials were not accepted; sign in again with 'gcloud auth application-default login', or see that the job's service account is enabled. ${detail}`,
        ];
      case 403:
        return [
          'permission',
          `may not ${verb} ${on}: grant ${role} on ${grantOn} to whoever asks (you, or the job's service account), or see whether it exists. ${detail}`,
        ];
      case 404:
        return ['not-found', `cannot ${verb} ${on}: it does not exist. ${detail}`];
      case 429:
        return [
          'unavailable',
          `cannot ${verb} ${on}: the quota is used up${often}. Try again in a minute, lower the job's --requests-per-minute, or ask for a higher quota. ${detail}`,
        ];
      default:
        return [
          status < 500 || status === 501 ? 'refused' : 'unavailable',
          `cannot ${verb} ${on}${often}: ${detail}`,
        ];
    }
  })();
  return new RegistryError(kind, status, message, detail);
}

const statusOf = (failure: Failure) => (failure.is === 'answer' ? failure.status : 0);

/** `503: Try again later`; without an answer, what became of the connection. */
function detailOf(failure: Failure): string {
  if (failure.is === 'connection') return failure.said;
  return failure.said === '' ? `${failure.status}` : `${failure.status}: ${failure.said}`;
}

/** The error where a request may have been done although its answer was lost. */
export function unclear({ verb, on }: Purpose, failure: Failure): RegistryError {
  const detail = detailOf(failure);
  return new RegistryError(
    'unclear',
    statusOf(failure),
    `no answer to the request to ${verb} ${on}; whether it was done is not known. ${detail}`,
    detail,
  );
}

/** The error for an answer that is not what the API promises. */
export function malformed(
  { verb, on }: Pick<Purpose, 'verb' | 'on'>,
  what: string,
  status = 200,
): RegistryError {
  return new RegistryError('malformed', status, `cannot ${verb} ${on}: ${what}`, what);
}
