/**
 * Methods of the Cloud Run Admin API v2, by their paths. Another surface on the same jobs, such as v1's
 * `/apis/run.googleapis.com/v1/namespaces/…`, is another table beside this one.
 *
 * https://cloud.google.com/run/docs/reference/rest/v2/projects.locations.jobs
 */
import { GoogleError } from '../errors.ts';
import type { Operation, Operations } from '../operations.ts';
import { listAnswer, page } from '../paging.ts';
import { decodePath } from '../registry/names.ts';
import type { Execution } from './execution.ts';
import type { Jobs } from './jobs.ts';
import { typePrefix } from './resource.ts';
import { readChange, readJob, readRun } from './schema.ts';

/** A call that found its route. */
export interface Call {
  readonly jobs: Jobs;
  readonly operations: Operations;
  /** The resource that the path names, without the verb, the collection or `v2/`. */
  readonly name: string;
  readonly query: Readonly<Record<string, string | undefined>>;
  readonly body: unknown;
}

/** A route. */
export interface Route {
  readonly method: string;
  /** Of the path below `/v2/`; its first group is the resource's name. */
  readonly path: RegExp;
  readonly parameters: ReadonlySet<string>;
  readonly handler: (call: Call) => unknown;
}

/** @param pattern `*` stands for an id; what is in parentheses is the call's name */
function route(signature: string, handler: Route['handler'], parameters: readonly string[] = []): Route {
  const [method = '', pattern = ''] = signature.split(' ');
  const path = new RegExp(`^${pattern.replaceAll('*', '[^/]+')}$`);
  return { method, path, parameters: new Set(parameters), handler };
}

const flag = (text: string | undefined) => text === 'true' || text === '1';

const location = 'projects/*/locations/*';
const job = `${location}/jobs/*`;
const execution = `${job}/executions/*`;
const task = `${execution}/tasks/*`;
const operation = `${location}/operations/*`;
const paging = ['pageSize', 'pageToken'];
const deleting = ['validateOnly', 'etag'];

const routes: readonly Route[] = [
  route(`POST (${location})/jobs`, createJob, ['jobId', 'validateOnly']),
  route(`GET (${location})/jobs`, listJobs, [...paging, 'showDeleted']),
  route(`POST (${execution}):cancel`, cancelExecution),
  route(`POST (${job}):run`, runJob),
  route(`GET (${job})`, ({ jobs, name }) => jobs.get(name)),
  route(`PATCH (${job})`, updateJob, ['validateOnly', 'allowMissing']),
  route(`DELETE (${job})`, deleteJob, deleting),
  route(`GET (${job})/executions`, listExecutions, [...paging, 'showDeleted']),
  route(`GET (${execution})`, ({ jobs, name }) => jobs.execution(name).toResource()),
  route(`DELETE (${execution})`, deleteExecution, deleting),
  route(`GET (${execution})/tasks`, listTasks, [...paging, 'showDeleted']),
  route(`GET (${task})`, getTask),
  route(`GET (${location})/operations`, listOperations, [...paging, 'filter', 'returnPartialSuccess']),
  route(`GET (${operation})`, ({ operations, name }) => operations.get(name)),
  route(`DELETE (${operation})`, deleteOperation),
];

/** Finds the route of a request and the resource that it names. */
export function find(method: string, pathname: string): { route: Route; name: string } | undefined {
  const [version, ...segments] = decodePath(pathname);
  if (version !== 'v2') return undefined;
  const path = segments.join('/');
  for (const each of routes) {
    if (each.method !== method) continue;
    const name = each.path.exec(path)?.[1];
    if (name !== undefined) return { route: each, name };
  }
  return undefined;
}

/** The location of a resource, below which its operations are. */
const parentOf = (name: string) => name.split('/').slice(0, 4).join('/');

const typed = (kind: 'Job' | 'Execution', resource: object) => ({
  '@type': `${typePrefix}.${kind}`,
  ...resource,
});

function createJob({ jobs, operations, name: parent, query, body }: Call): Operation {
  const { jobId = '', validateOnly } = query;
  if (jobId === '') throw new GoogleError('INVALID_ARGUMENT', 'Missing required field: job_id');
  const made = jobs.create(`${parent}/jobs/${jobId}`, readJob(body).fields, flag(validateOnly));
  return operations.finished(parent, typed('Job', made), typed('Job', made));
}

function updateJob({ jobs, operations, name, query, body }: Call): Operation {
  const { fields, etag } = readJob(body);
  const isThere = jobs.list(parentOf(name)).some((one) => one.name === name);
  const validateOnly = flag(query.validateOnly);
  const changed =
    !isThere && flag(query.allowMissing)
      ? jobs.create(name, fields, validateOnly)
      : jobs.update(name, fields, etag, validateOnly);
  return operations.finished(parentOf(name), typed('Job', changed), typed('Job', changed));
}

function deleteJob({ jobs, operations, name, query: { etag, validateOnly } }: Call): Operation {
  const gone = jobs.delete(name, etag, flag(validateOnly));
  return operations.finished(parentOf(name), typed('Job', gone), typed('Job', gone));
}

function listJobs({ jobs, name: parent, query }: Call) {
  return listed('jobs', jobs.list(parent), parent, query);
}

function runJob({ jobs, operations, name, body }: Call): Operation {
  const { overrides, validateOnly, etag } = readRun(body);
  if (validateOnly) {
    const resource = typed('Job', jobs.get(name));
    return operations.finished(parentOf(name), resource, resource);
  }
  const started = jobs.run(name, overrides, etag);
  return operations.start(parentOf(name), () => {
    const metadata = typed('Execution', started.toResource());
    const { response, error } = started.operation;
    return { metadata, ...(response && { response: metadata }), ...(error && { error }) };
  });
}

function cancelExecution({ jobs, operations, name, body }: Call): Operation {
  const { validateOnly } = readChange(body);
  const cancelled = jobs.execution(name);
  if (!validateOnly) cancelled.cancel();
  return whenOver(operations, cancelled, validateOnly);
}

function deleteExecution({ jobs, operations, name, query }: Call): Operation {
  const validateOnly = flag(query.validateOnly);
  const gone = validateOnly ? jobs.execution(name) : jobs.deleteExecution(name);
  return whenOver(operations, gone, validateOnly);
}

/** An operation that is done when an execution has ended. */
function whenOver(operations: Operations, execution: Execution, atOnce: boolean): Operation {
  return operations.start(parentOf(execution.name), () => {
    const metadata = typed('Execution', execution.toResource());
    return { metadata, ...((execution.isOver || atOnce) && { response: metadata }) };
  });
}

function listExecutions({ jobs, name, query }: Call) {
  const found = jobs.executions(name).map((one) => one.toResource());
  return listed('executions', found, name, query);
}

function tasksOf({ jobs }: Call, name: string) {
  const [job, id] = name.split('/executions/') as [string, string];
  const executions = id === '-' ? jobs.executions(job) : [jobs.execution(name)];
  return executions.flatMap((one) => one.taskResources());
}

function listTasks(call: Call) {
  return listed('tasks', tasksOf(call, call.name), call.name, call.query);
}

function getTask(call: Call) {
  const found = tasksOf(call, call.name.replace(/\/tasks\/.*$/, '')).find(({ name }) => name === call.name);
  if (!found) throw new GoogleError('NOT_FOUND', `Resource '${call.name}' was not found.`);
  return found;
}

function listOperations({ operations, name: parent, query }: Call) {
  return listed('operations', operations.list(parent), parent, query);
}

function deleteOperation({ operations, name }: Call) {
  operations.delete(name);
  return {};
}

function listed<T extends { name: string }>(
  field: string,
  all: readonly T[],
  parent: string,
  query: Call['query'],
) {
  const { pageSize = '', pageToken = '' } = query;
  if (!/^\d*$/.test(pageSize)) throw new GoogleError('INVALID_ARGUMENT', `Invalid page size: ${pageSize}`);
  const shown = page(all, ({ name }) => name, {
    size: Number(pageSize),
    token: pageToken,
    query: [field, parent],
    defaultSize: 100,
    maxSize: 1000,
  });
  return listAnswer(field, shown);
}
