/** What happens when a job is due: its target is called, as its service account, until it takes the call. */
import type { Context } from '../context.ts';
import { rpcCodes } from '../errors.ts';
import { tokenOf } from '../iam/caller.ts';
import type { Job } from './job.ts';

const seconds = (duration: string | undefined, preset: number) =>
  duration === undefined ? preset : Number.parseFloat(duration);

/** `google.rpc.Code` of an HTTP status. */
const codes: Readonly<Record<number, number>> = {
  400: rpcCodes.INVALID_ARGUMENT,
  401: rpcCodes.UNAUTHENTICATED,
  403: rpcCodes.PERMISSION_DENIED,
  404: rpcCodes.NOT_FOUND,
  409: rpcCodes.ALREADY_EXISTS,
  429: rpcCodes.RESOURCE_EXHAUSTED,
  500: rpcCodes.INTERNAL,
  503: rpcCodes.UNAVAILABLE,
  504: rpcCodes.DEADLINE_EXCEEDED,
};

/**
 * Calls the target, again with growing pauses as far as the job says.
 *
 * @param tell called after each attempt with how it ended
 */
export async function attempt(
  job: Job,
  context: Context,
  tell: (status: NonNullable<Job['status']>) => void,
): Promise<void> {
  const { retryCount = 0, minBackoffDuration, maxBackoffDuration, maxDoublings = 5 } = job.retryConfig ?? {};
  const fiber = context.clock.fiber();
  try {
    for (let number = 0; ; number++) {
      const status = await callOnce(job, context);
      tell(status);
      if (!status.code || number >= retryCount) return;
      const pause = seconds(minBackoffDuration, 5) * 2 ** Math.min(number, maxDoublings);
      await fiber.sleep(1000 * Math.min(pause, seconds(maxBackoffDuration, 3600)));
    }
  } finally {
    fiber.end();
  }
}

async function callOnce({ httpTarget }: Job, context: Context): Promise<NonNullable<Job['status']>> {
  const { uri, httpMethod = 'POST', headers, body, oauthToken, oidcToken } = httpTarget;
  const account = (oauthToken ?? oidcToken)?.serviceAccountEmail;
  const request = new Request(uri, {
    method: httpMethod,
    headers: {
      'user-agent': 'Google-Cloud-Scheduler',
      ...headers,
      ...(account !== undefined && { authorization: `Bearer ${tokenOf(account)}` }),
    },
    ...(body !== undefined && { body: Buffer.from(body, 'base64') }),
  });
  try {
    const answer = await context.dispatch(request);
    const text = await answer.text();
    if (answer.ok) return {};
    return { code: codes[answer.status] ?? rpcCodes.UNKNOWN, message: messageOf(text) };
  } catch (error) {
    return { code: rpcCodes.UNAVAILABLE, message: (error as Error).message };
  }
}

function messageOf(text: string): string {
  try {
    return (JSON.parse(text) as { error: { message: string } }).error.message;
  } catch {
    return text.slice(0, 500);
  }
}
