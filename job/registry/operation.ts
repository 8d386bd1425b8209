/** Long-running operations: looked at, and waited for. */
import { type Ask, type Call, jsonObject } from './call.ts';
import type { Clock } from './clock.ts';
import { type Endpoints, resourceUrl } from './endpoints.ts';
import { malformed, oneLine, type Purpose } from './refusal.ts';
import { RegistryError } from './registry.ts';

/** `google.longrunning.Operation`, as far as it is looked at. */
export interface Operation {
  readonly name: string;
  readonly done: boolean;
  readonly metadata: Readonly<Record<string, unknown>>;
  readonly response: Readonly<Record<string, unknown>> | undefined;
  /** In one line; undefined where it has not failed. */
  readonly error: string | undefined;
}

const objectOf = (value: unknown) =>
  typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined;

/** Reads an operation. @throws RegistryError `malformed` */
export function readOperation(purpose: Purpose, answer: Record<string, unknown>): Operation {
  const { name, done, metadata, response } = answer;
  if (typeof name !== 'string' || !name.includes('/operations/'))
    throw malformed(purpose, 'the answer is no operation');
  const error = objectOf(answer.error);
  return {
    name,
    done: done === true,
    metadata: objectOf(metadata) ?? {},
    response: objectOf(response),
    error: error && describeStatus(error),
  };
}

/** `google.rpc.Status` in one line. */
export function describeStatus({ code, message }: Readonly<Record<string, unknown>>): string {
  return typeof message === 'string' && message !== '' ? oneLine(message) : `code ${code ?? 'unknown'}`;
}

/** One look at an operation. */
export async function getOperation(call: Call, endpoints: Endpoints, name: string): Promise<Operation> {
  const ask: Ask = {
    method: 'GET',
    url: resourceUrl(endpoints, name),
    kind: 'read',
    verb: 'look at',
    on: name,
    role: 'roles/artifactregistry.reader',
    grantOn: 'its repository',
  };
  return readOperation(ask, jsonObject(ask, await call(ask)));
}

/** Between two looks, in milliseconds: first and longest wait. */
const wait = { first: 200, factor: 1.5, longest: 5000 };

/**
 * Waits for an operation.
 *
 * @param patience milliseconds
 * @throws RegistryError `unclear` when it takes longer
 */
export async function awaitOperation(
  call: Call,
  endpoints: Endpoints,
  clock: Clock,
  operation: Operation,
  patience: number,
): Promise<Operation> {
  const until = clock.now() + patience;
  let delay = wait.first;
  for (let current = operation; ; current = await getOperation(call, endpoints, operation.name)) {
    if (current.done) return current;
    if (clock.now() >= until)
      throw new RegistryError(
        'unclear',
        0,
        `${operation.name} is not done after ${patience / 1000} s; it goes on`,
      );
    await clock.sleep(Math.min(delay, until - clock.now()));
    delay = Math.min(delay * wait.factor, wait.longest);
  }
}
