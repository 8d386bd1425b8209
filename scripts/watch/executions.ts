/** Executions through Google's own client: start, look at, cancel. */
import { ExecutionsClient, type protos } from '@google-cloud/workflows';
import { isUnreached } from '../cloud/session.ts';
import { ifEmulator, type Target } from '../cloud/target.ts';

type Wire = protos.google.cloud.workflows.executions.v1.IExecution;

/** An execution, as far as anybody here looks. */
export interface Execution {
  readonly name: string;
  /** `ACTIVE`, `SUCCEEDED`, … */
  readonly state: string;
  /** Milliseconds since the epoch. */
  readonly startTime: number | undefined;
  readonly endTime: number | undefined;
  /** JSON text. */
  readonly result: string | undefined;
  readonly error: string | undefined;
}

/** What can be done with executions. */
export interface Executions {
  /** @param argument JSON that the workflow is given */
  start(workflow: string, argument: unknown): Promise<Execution>;
  get(name: string): Promise<Execution>;
  /** Those that have not ended: what waits for its turn, then what runs. */
  active(workflow: string): Promise<Execution[]>;
  /** Cancels it. One that has ended meanwhile is given as it ended. */
  cancel(name: string): Promise<Execution>;
  close(): Promise<void>;
}

/** The client of Google's services, or of the emulator with a token that names who we are. */
export function openExecutions({ emulator }: Target): Executions {
  const [address = '', port = ''] = emulator?.host.split(':') ?? [];
  const client = emulator
    ? new ExecutionsClient({
        apiEndpoint: address,
        port: Number(port),
        protocol: 'http',
        fallback: true,
        projectId: 'emulator',
        authClient: signer(emulator.token),
      })
    : new ExecutionsClient();
  const get = async (name: string) => {
    const [execution] = await client.getExecution({ name, view: 'FULL' });
    return read(execution);
  };
  return {
    get,
    async start(parent, argument) {
      const [execution] = await client.createExecution({
        parent,
        execution: { argument: JSON.stringify(argument) },
      });
      return read(execution);
    },
    async active(parent) {
      // In this order none is missed that starts in between; it is in both lists then.
      const [queued] = await client.listExecutions({ parent, filter: 'state="QUEUED"' });
      const [running] = await client.listExecutions({ parent, filter: 'state="ACTIVE"' });
      return [...new Map([...queued, ...running].map(read).map((one) => [one.name, one])).values()];
    },
    async cancel(name) {
      try {
        const [execution] = await client.cancelExecution({ name });
        return read(execution);
      } catch (error) {
        if ((error as { code?: unknown }).code !== codes.failedPrecondition) throw error;
        return get(name);
      }
    },
    close: () => client.close(),
  };
}

/** The client wants somebody who signs its requests. */
function signer(token: string): never {
  return {
    getRequestHeaders: async () => new Headers({ authorization: `Bearer ${token}` }),
    fetch: (url: string, init: RequestInit = {}) => {
      const headers = new Headers(init.headers);
      headers.set('authorization', `Bearer ${token}`);
      return fetch(url, { ...init, headers });
    },
  } as never;
}

/** In the order of their numbers, which the client may give in place of names. */
const states = ['STATE_UNSPECIFIED', 'ACTIVE', 'SUCCEEDED', 'FAILED', 'CANCELLED', 'UNAVAILABLE', 'QUEUED'];

function read({ name, state, startTime, endTime, result, error }: Wire): Execution {
  return {
    name: name ?? '',
    state: typeof state === 'number' ? (states[state] ?? String(state)) : String(state ?? ''),
    startTime: timeOf(startTime),
    endTime: timeOf(endTime),
    result: result || undefined,
    error: error?.payload || undefined,
  };
}

function timeOf(time: Wire['startTime']): number | undefined {
  if (!time?.seconds) return undefined;
  return Number(time.seconds) * 1000 + Math.floor((time.nanos ?? 0) / 1e6);
}

/** `google.rpc.Code` of what the client throws. */
const codes = { notFound: 5, permissionDenied: 7, failedPrecondition: 9, unauthenticated: 16 } as const;

/** Those of a question that may be answered a moment later: a deadline, a quota, a fault within, nobody there. */
const passing: ReadonlySet<unknown> = new Set([4, 8, 13, 14]);

/** What the client says where there was no answer at all, as fetch has it. */
const noAnswer = 'fetch failed';

/**
 * Whether what the client threw may be otherwise a moment later. It asks again by itself for none of its reads, and
 * where an access token has expired and another cannot be had, the code is that of an unknown error.
 */
export function isPassing(error: unknown): boolean {
  const { code, message } = error as { code?: unknown; message?: string };
  return passing.has(code) || message === noAnswer || isUnreached(error);
}

/** Why there was no answer. */
export function reasonOf(error: unknown): string {
  const { message, cause } = error as Error;
  return message === noAnswer && cause instanceof Error ? cause.message : message;
}

/**
 * What the client threw, in words that say what to do; undefined: a fault of another kind.
 *
 * @param deploy the command that deploys the workflow
 */
export function explainClientError(
  error: unknown,
  workflow: string,
  { target, deploy }: { readonly target: Target; readonly deploy: string },
): string | undefined {
  const { code, message } = error as { code?: number; message?: string };
  if (message === noAnswer) return `${reasonOf(error)}${ifEmulator(target)}`;
  switch (code) {
    case codes.notFound:
      return `there is no workflow ${workflow}; deploy it with: ${deploy}`;
    case codes.permissionDenied:
      return `${message} To run and follow a workflow: roles/workflows.invoker and roles/workflows.viewer on its project`;
    case codes.unauthenticated:
      return `${message}. Log in with: gcloud auth application-default login`;
    default:
      return isPassing(error) ? reasonOf(error) : undefined;
  }
}
