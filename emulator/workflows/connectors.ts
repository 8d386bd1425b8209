/**
 * Connectors: functions that call Google's own APIs. Each is an entry of a table: its arguments, the request it
 * makes, and whether it waits for what it started.
 *
 * https://cloud.google.com/workflows/docs/reference/googleapis
 */
import { systemError, typeError, WorkflowError } from './errors.ts';
import { parseJson, stringifyJson } from './json.ts';
import { received } from './stdlib/http.ts';
import { type Args, define, type Host, type LibraryFunction } from './stdlib/library.ts';
import { isIdempotentRetry, isNonIdempotentRetry } from './stdlib/retry.ts';
import { type Dict, dict, isDict, typeOf, type Value } from './value.ts';

/** How a connector waits for a long-running operation, in seconds. */
interface Polling {
  readonly timeout: number;
  readonly initialDelay: number;
  readonly multiplier: number;
  readonly maxDelay: number;
  readonly skip: boolean;
}

const executions = 'googleapis.workflowexecutions.v1.projects.locations.workflows.executions';
const executionsHost = 'https://workflowexecutions.googleapis.com/v1/';

const jobs = 'googleapis.run.v2.projects.locations.jobs';
const runHost = 'https://run.googleapis.com/v2/';

/** The connectors that are emulated, by name. Another one is another entry. */
export const connectors: ReadonlyMap<string, LibraryFunction> = new Map(
  [
    connector(
      `${executions}.list`,
      ['parent', 'filter?', 'orderBy?', 'pageSize?', 'pageToken?', 'view?'],
      (args, host) =>
        call(host, 'GET', `${executionsHost}${args.string('parent')}/executions`, {
          query: only(args, ['filter', 'orderBy', 'pageSize', 'pageToken', 'view']),
        }),
    ),
    connector(`${executions}.get`, ['name', 'view?'], (args, host) =>
      call(host, 'GET', `${executionsHost}${args.string('name')}`, { query: only(args, ['view']) }),
    ),
    connector(`${executions}.cancel`, ['name', 'body?'], (args, host) =>
      call(host, 'POST', `${executionsHost}${args.string('name')}:cancel`, {
        body: args.any('body') ?? dict({}),
      }),
    ),
    connector(`${executions}.create`, ['parent', 'body'], async (args, host) => {
      const url = `${executionsHost}${args.string('parent')}/executions`;
      return finished(host, polling(args), await call(host, 'POST', url, { body: args.map('body') }));
    }),
    connector(
      `${executions}.run`,
      ['workflow_id', 'argument?', 'location?', 'project_id?'],
      async (args, host) => {
        const project = args.has('project_id')
          ? args.string('project_id')
          : host.env('GOOGLE_CLOUD_PROJECT_ID');
        const location = args.has('location') ? args.string('location') : host.env('GOOGLE_CLOUD_LOCATION');
        const url = `${executionsHost}projects/${project}/locations/${location}/workflows/${args.string('workflow_id')}/executions`;
        const body = dict({
          argument: args.has('argument') ? stringifyJson(args.any('argument')) : undefined,
        });
        const policy = polling(args);
        const execution = await finished(host, policy, await call(host, 'POST', url, { body }));
        const result = execution.get('result');
        return policy.skip ? execution : typeof result === 'string' ? parseJson(result) : null;
      },
    ),
    connector(`${jobs}.run`, ['name', 'body'], async (args, host) => {
      const url = `${runHost}${args.string('name')}:run`;
      return done(host, polling(args), runHost, await call(host, 'POST', url, { body: args.map('body') }));
    }),
    reader(`${jobs}.get`, runHost, 'name'),
    reader(`${jobs}.list`, runHost, 'parent', 'jobs'),
    reader(`${jobs}.executions.get`, runHost, 'name'),
    reader(`${jobs}.executions.list`, runHost, 'parent', 'executions'),
    reader(`${jobs}.executions.tasks.get`, runHost, 'name'),
    reader(`${jobs}.executions.tasks.list`, runHost, 'parent', 'tasks'),
    connector(`${jobs}.executions.cancel`, ['name', 'body'], async (args, host) => {
      const url = `${runHost}${args.string('name')}:cancel`;
      return done(host, polling(args), runHost, await call(host, 'POST', url, { body: args.map('body') }));
    }),
    reader('googleapis.run.v2.projects.locations.operations.get', runHost, 'name'),
  ].map((one) => [one.name, one]),
);

/** A connector that reads a resource by its `name`, or a page of what is below a `parent`. */
function reader(name: string, root: string, of: 'name' | 'parent', collection = ''): LibraryFunction {
  const paging = of === 'parent' ? ['pageSize', 'pageToken'] : [];
  return connector(name, [of, ...paging.map((one) => `${one}?`)], (args, host) => {
    const url = `${root}${args.string(of)}${collection && `/${collection}`}`;
    return call(host, 'GET', url, { query: only(args, paging) });
  });
}

/** Makes a connector; all take `connector_params`. */
export function connector(
  name: string,
  params: readonly string[],
  run: LibraryFunction['run'],
): LibraryFunction {
  return define(name, [...params, 'connector_params?'], run);
}

/** The arguments that go into the query, those that were given. */
export function only(args: Args, names: readonly string[]): [string, string][] {
  return names.flatMap((name) => {
    const value = args.any(name);
    if (value === null) return [];
    if (typeof value === 'string') return [[name, value] as [string, string]];
    if (typeof value === 'bigint') return [[name, String(value)] as [string, string]];
    throw typeError(`'${name}' must be a string or an integer; got: ${typeOf(value)}`);
  });
}

/** Seconds that one request of a connector may take. */
const requestTimeout = 1800;

/** Sends a request, retrying as connectors do: what is safe to repeat with more cause than what isn't. */
export async function call(
  host: Host,
  method: 'GET' | 'POST' | 'PUT' | 'DELETE',
  url: string,
  { query = [], body }: { query?: [string, string][]; body?: Value },
): Promise<Dict> {
  const address = new URL(url);
  for (const [name, value] of query) address.searchParams.append(name, value);
  const again = method !== 'POST' ? isIdempotentRetry : isNonIdempotentRetry;
  for (let attempt = 0, delay = 1000; ; attempt++) {
    try {
      const request = new Request(address, {
        method,
        headers: {
          authorization: 'Bearer emulated-access-token',
          ...(body !== undefined && { 'content-type': 'application/json; charset=utf-8' }),
        },
        ...(body !== undefined && { body: stringifyJson(body) }),
      });
      const answer = (await received(await host.fetch(request, requestTimeout), host)).get('body') ?? null;
      if (isDict(answer)) return answer;
      throw systemError(
        'ResponseTypeError',
        `expected a map from ${address.pathname}; got: ${typeOf(answer)}`,
      );
    } catch (error) {
      if (!(error instanceof WorkflowError) || attempt >= 5 || !again(error.payload)) throw error;
      await host.sleep(delay);
      delay = Math.min(60_000, delay * 1.25);
    }
  }
}

function polling(args: Args): Polling {
  const given = args.has('connector_params') ? args.map('connector_params') : dict({});
  const policy = given.get('polling_policy') ?? null;
  const number = (from: Value, key: string, fallback: number): number => {
    const value = isDict(from) ? from.get(key) : undefined;
    return typeof value === 'bigint' || typeof value === 'number' ? Number(value) : fallback;
  };
  return {
    timeout: number(given, 'timeout', 1800),
    initialDelay: number(policy, 'initial_delay', 1),
    multiplier: number(policy, 'multiplier', 1.25),
    maxDelay: number(policy, 'max_delay', 60),
    skip: given.get('skip_polling') === true,
  };
}

/** Waits until an operation is done. @returns the operation, with its response */
async function done(host: Host, policy: Polling, root: string, started: Dict): Promise<Dict> {
  const name = started.get('name') ?? null;
  if (policy.skip || typeof name !== 'string') return started;
  const operation = await poll(host, policy, `${root}${name}`, started, (now) => now.get('done') === true);
  if (!operation.has('error')) return operation;
  // What the message says is not documented: whoever wants to know why must look at the operation.
  const message = 'The operation failed.';
  throw new WorkflowError(dict({ message, operation, tags: ['OperationError'] }), message);
}

/** Waits until an execution is over. */
async function finished(host: Host, policy: Polling, started: Dict): Promise<Dict> {
  const name = started.get('name') ?? null;
  if (policy.skip || typeof name !== 'string') return started;
  const execution = await poll(host, policy, `${executionsHost}${name}`, started, (now) => {
    const state = now.get('state');
    return state !== 'ACTIVE' && state !== 'QUEUED';
  });
  if (execution.get('state') === 'SUCCEEDED') return execution;
  const message = 'Execution failed or cancelled.';
  throw new WorkflowError(dict({ message, operation: execution, tags: ['OperationError'] }), message);
}

/** Looks again and again. @throws WorkflowError TimeoutError */
async function poll(
  host: Host,
  policy: Polling,
  url: string,
  started: Dict,
  isOver: (now: Dict) => boolean,
): Promise<Dict> {
  const until = host.now() + policy.timeout * 1000;
  let operation = started;
  for (let delay = policy.initialDelay; ; delay = Math.min(policy.maxDelay, delay * policy.multiplier)) {
    if (isOver(operation)) return operation;
    if (host.now() + delay * 1000 > until)
      throw systemError(
        'TimeoutError',
        `${new URL(url).pathname.slice('/v1/'.length)} was not over after ${policy.timeout} seconds`,
        { operation },
      );
    await host.sleep(delay * 1000);
    operation = await call(host, 'GET', url, {});
  }
}
