/**
 * Module experimental.executions: runs other workflows and waits for them.
 *
 * https://cloud.google.com/workflows/docs/reference/stdlib/experimental.executions/map
 */
import { connectors } from '../connectors.ts';
import { systemError, WorkflowError } from '../errors.ts';
import { parseJson, stringifyJson } from '../json.ts';
import { type Args, define, type Host, type LibraryFunction, named } from '../stdlib/library.ts';
import { type Dict, dict, isDict, type Value } from '../value.ts';

const executions = 'googleapis.workflowexecutions.v1.projects.locations.workflows.executions';
const params = ['timeout?', 'location?', 'project_id?'];

async function invoke(name: string, args: Record<string, Value>, host: Host): Promise<Dict> {
  const found = connectors.get(`${executions}.${name}`);
  const answer = found ? await found.run(named(found, dict(args)), host) : null;
  return isDict(answer) ? answer : dict({});
}

function workflowOf(args: Args, host: Host): string {
  const project = args.has('project_id') ? args.string('project_id') : host.env('GOOGLE_CLOUD_PROJECT_ID');
  const location = args.has('location') ? args.string('location') : host.env('GOOGLE_CLOUD_LOCATION');
  return `projects/${project}/locations/${location}/workflows/${args.string('workflow_id')}`;
}

function start(parent: string, argument: Value, host: Host): Promise<Dict> {
  const body = dict(argument === null ? {} : { argument: stringifyJson(argument) });
  return invoke('create', { parent, body, connector_params: dict({ skip_polling: true }) }, host);
}

/** The result of an execution that was started, polled as connectors poll. */
async function resultOf(started: Dict, until: number, host: Host): Promise<Value> {
  let execution = started;
  for (let delay = 1; ; delay = Math.min(60, delay * 1.25)) {
    const state = execution.get('state');
    if (state === 'SUCCEEDED') {
      const text = execution.get('result');
      return typeof text === 'string' ? parseJson(text) : null;
    }
    if (state !== 'ACTIVE' && state !== 'QUEUED') {
      const message = 'Execution failed or cancelled.';
      throw new WorkflowError(dict({ message, operation: execution, tags: ['ExecutionError'] }), message);
    }
    if (host.now() + delay * 1000 > until)
      throw systemError('TimeoutError', 'the executions took longer than the timeout');
    await host.sleep(delay * 1000);
    execution = await invoke('get', { name: started.get('name') ?? null }, host);
  }
}

function deadline(args: Args, host: Host): number {
  const seconds = args.has('timeout') ? Number(args.number('timeout')) : 1800;
  if (!(seconds > 0)) throw args.invalid(`'timeout' must be positive; got: ${seconds}`);
  return host.now() + seconds * 1000;
}

/** The functions of the module. They block, and so are steps. */
export const experimental: readonly LibraryFunction[] = [
  define(
    'experimental.executions.run',
    ['workflow_id', 'argument?', ...params],
    async (args, host) => {
      const until = deadline(args, host);
      return resultOf(await start(workflowOf(args, host), args.any('argument'), host), until, host);
    },
    { blocking: true },
  ),
  define(
    'experimental.executions.map',
    ['workflow_id', 'arguments', ...params],
    async (args, host) => {
      const until = deadline(args, host);
      const started: Dict[] = [];
      for (const argument of args.list('arguments'))
        started.push(await start(workflowOf(args, host), argument, host));
      const results: Value[] = [];
      for (const one of started) results.push(await resultOf(one, until, host));
      return results;
    },
    { blocking: true },
  ),
];
