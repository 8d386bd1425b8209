/**
 * The connector of Pub/Sub, as far as workflows use it.
 *
 * https://cloud.google.com/workflows/docs/reference/googleapis/pubsub/v1/Overview
 */
import { call, connector, only } from '../connectors.ts';
import type { LibraryFunction } from '../stdlib/library.ts';

const host = 'https://pubsub.googleapis.com/v1/';
const topics = 'googleapis.pubsub.v1.projects.topics';
const subscriptions = 'googleapis.pubsub.v1.projects.subscriptions';

type Method = 'GET' | 'POST' | 'PUT' | 'DELETE';

/** A method on one resource, which the argument `of` names. */
function on(name: string, method: Method, of: string, verb = ''): LibraryFunction {
  const sends = method === 'POST' || method === 'PUT';
  return connector(name, sends ? [of, 'body?'] : [of], (args, outside) =>
    call(outside, method, `${host}${args.string(of)}${verb}`, {
      ...(sends && { body: args.has('body') ? args.map('body') : new Map() }),
    }),
  );
}

/** A page of what a project has. */
function list(name: string, collection: string): LibraryFunction {
  return connector(name, ['project', 'pageSize?', 'pageToken?'], (args, outside) =>
    call(outside, 'GET', `${host}${args.string('project')}/${collection}`, {
      query: only(args, ['pageSize', 'pageToken']),
    }),
  );
}

/** The functions that are emulated. */
export const pubsub: readonly LibraryFunction[] = [
  on(`${topics}.create`, 'PUT', 'name'),
  on(`${topics}.get`, 'GET', 'topic'),
  on(`${topics}.delete`, 'DELETE', 'topic'),
  list(`${topics}.list`, 'topics'),
  on(`${topics}.publish`, 'POST', 'topic', ':publish'),
  on(`${subscriptions}.create`, 'PUT', 'name'),
  on(`${subscriptions}.get`, 'GET', 'subscription'),
  on(`${subscriptions}.delete`, 'DELETE', 'subscription'),
  list(`${subscriptions}.list`, 'subscriptions'),
  on(`${subscriptions}.pull`, 'POST', 'subscription', ':pull'),
  on(`${subscriptions}.acknowledge`, 'POST', 'subscription', ':acknowledge'),
];
