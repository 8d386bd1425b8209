/** What went wrong with a registry, in words, and how far it reaches. */
import { RegistryError, type RegistryErrorKind } from '../registry/registry.ts';
import type { Failure } from '../registry/retry.ts';

/** What else the same fault will befall: nothing, everything of this repository, every request of the run. */
export type Reach = 'item' | 'repository' | 'run';

/** What was asked, in words that complete "cannot …". */
export interface Purpose {
  /** `read`, `push to`. */
  readonly verb: string;
  /** `HOST/PATH:TAG` or `HOST/PATH@DIGEST`. */
  readonly on: string;
  /** What helps against a 401, and against a 403. */
  readonly remedies: Remedies;
}

/** What a person can do who was not let in. */
export interface Remedies {
  readonly signIn: string;
  readonly grant: string;
}

/** An error of a registry. */
export class OciError extends RegistryError {
  override name = 'OciError';
  readonly reach: Reach;
  /** Whether the same may succeed a moment later. */
  readonly passing: boolean;
  /** What a Retry-After asked for, in milliseconds. */
  readonly wait: number | undefined;

  constructor(
    kind: RegistryErrorKind,
    status: number,
    message: string,
    {
      reach = 'item',
      passing = false,
      wait,
    }: { reach?: Reach; passing?: boolean; wait?: number | undefined } = {},
  ) {
    super(kind, status, message);
    this.reach = reach;
    this.passing = passing;
    this.wait = wait;
  }
}

/** No other image will fit either. */
export function isOutOfSpace({ status, said }: { readonly status: number; readonly said: string }): boolean {
  return (
    status === 507 ||
    (status >= 400 && /no space left|disk quota|insufficient storage|storage quota/i.test(said))
  );
}

/** The error for a request that will not be sent again. @param attempts how often it was sent */
export function refusedBy(
  { verb, on, remedies }: Purpose,
  failure: Failure,
  attempts: number,
  { passing = false, isWrite = false }: { passing?: boolean; isWrite?: boolean } = {},
): OciError {
  const often = attempts > 1 ? ` (sent ${attempts} times)` : '';
  if (failure.is === 'connection')
    return new OciError('unavailable', 0, `cannot ${verb} ${on}: ${failure.said}${often}`, { passing });
  const { status, said, wait } = failure;
  const why = said === '' ? `${status}` : `${status}: ${said}`;
  if (isOutOfSpace(failure))
    return new OciError('refused', status, `cannot ${verb} ${on}: there is no space left. ${why}`, {
      reach: 'run',
    });
  switch (status) {
    case 401:
      return new OciError(
        'permission',
        status,
        `cannot ${verb} ${on}: the credentials were not accepted; ${remedies.signIn}. ${why}`,
        { reach: 'run' },
      );
    case 403:
      return new OciError('permission', status, `may not ${verb} ${on}: ${remedies.grant}. ${why}`, {
        // Who may not write one thing may write nothing; a read may be refused for one thing alone.
        reach: isWrite ? 'repository' : 'item',
      });
    case 404:
      return new OciError('not-found', status, `cannot ${verb} ${on}: it does not exist. ${why}`);
    case 429:
      return new OciError(
        'unavailable',
        status,
        `cannot ${verb} ${on}: the quota is used up${often}. Allow this process fewer requests a minute, or ask for a higher quota. ${why}`,
        { passing, wait },
      );
    default:
      return new OciError(
        status < 500 || status === 501 ? 'refused' : 'unavailable',
        status,
        `cannot ${verb} ${on}${often}: ${why}`,
        { passing, wait },
      );
  }
}

/** The error for an answer that is not what the protocol promises. */
export function malformedBy(
  { verb, on }: Pick<Purpose, 'verb' | 'on'>,
  what: string,
  status = 200,
): OciError {
  return new OciError('malformed', status, `cannot ${verb} ${on}: ${what}`);
}
