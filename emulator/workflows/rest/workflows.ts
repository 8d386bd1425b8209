/**
 * The Workflows v1 REST API.
 *
 * https://cloud.google.com/workflows/docs/reference/rest/v1/projects.locations.workflows
 */
import type { Hono, Context as HonoContext } from 'hono';
import { GoogleError } from '../../errors.ts';
import { listAnswer, page } from '../../paging.ts';
import type { Engine } from '../engine.ts';
import {
  callLogLevels,
  historyLevels,
  type Workflow,
  type WorkflowFields,
  workflowFields,
} from '../workflow.ts';
import { type Fields, filter, order } from './filter.ts';
import { answer, body, enumField, integerQuery, mask, stringField, stringMap } from './request.ts';

/** Fields that a client may send back as it got them; they are ignored. */
const outputOnly = [
  'name',
  'state',
  'revisionId',
  'createTime',
  'updateTime',
  'revisionCreateTime',
  'stateError',
  'allKmsKeys',
  'allKmsKeysVersions',
  'cryptoKeyVersion',
  'tags',
];

const fields: Fields<Workflow> = {
  name: ({ name }) => name,
  createTime: ({ createTime }) => Date.parse(createTime),
  updateTime: ({ updateTime }) => Date.parse(updateTime),
  state: ({ state }) => state,
  revisionId: ({ revisionId }) => revisionId,
  description: ({ description }) => description,
};

async function fieldsOf(c: HonoContext): Promise<WorkflowFields> {
  const read = await body(c, [...workflowFields, ...outputOnly]);
  const text = (name: string) => stringField(read, name, 'workflow');
  const labels = stringMap(read, 'labels', 'workflow');
  const userEnvVars = stringMap(read, 'userEnvVars', 'workflow');
  const callLogLevel = enumField(read.callLogLevel, callLogLevels, 'workflow.call_log_level');
  const executionHistoryLevel = enumField(
    read.executionHistoryLevel,
    historyLevels,
    'workflow.execution_history_level',
  );
  const strings = Object.fromEntries(
    (['description', 'serviceAccount', 'sourceContents', 'cryptoKeyName'] as const).flatMap((name) => {
      const value = text(name);
      return value === undefined ? [] : [[name, value]];
    }),
  );
  return {
    ...strings,
    ...(labels && { labels }),
    ...(userEnvVars && { userEnvVars }),
    ...(callLogLevel && { callLogLevel }),
    ...(executionHistoryLevel && { executionHistoryLevel }),
  };
}

/** `projects/P/locations/L` of a request. */
export function parentOf(c: HonoContext): string {
  return `projects/${c.req.param('project')}/locations/${c.req.param('location')}`;
}

/** Mounts the API. */
export function mountWorkflows(app: Hono, engine: Engine): void {
  const collection = '/v1/projects/:project/locations/:location/workflows';
  const nameOf = (c: HonoContext) => `${parentOf(c)}/workflows/${c.req.param('workflow')}`;

  app.get(collection, (c) => {
    const text = c.req.query('filter') ?? '';
    const by = c.req.query('orderBy') ?? '';
    const matching = engine.workflows.list(parentOf(c)).filter(filter(text, fields));
    const compare = order(by, fields);
    const found = page(compare ? matching.sort(compare) : matching, ({ name }) => name, {
      size: integerQuery(c, 'pageSize'),
      token: c.req.query('pageToken') ?? '',
      query: [parentOf(c), text, by],
      defaultSize: 500,
      maxSize: 1000,
    });
    return answer(c, listAnswer('workflows', found), 'workflow');
  });

  app.post(collection, async (c) => {
    const id = c.req.query('workflowId') ?? c.req.query('workflow_id');
    if (!id) throw new GoogleError('INVALID_ARGUMENT', 'workflow_id is required.');
    return answer(c, engine.workflows.create(parentOf(c), id, await fieldsOf(c)), 'workflow');
  });

  app.get(`${collection}/:workflow`, (c) => {
    const [name, verb] = split(nameOf(c));
    if (verb === undefined)
      return answer(c, engine.workflows.get(name, c.req.query('revisionId')), 'workflow');
    if (verb !== 'listRevisions') throw new GoogleError('NOT_FOUND', `There is no method ${verb}.`);
    const found = page(engine.workflows.revisions(name), ({ revisionId }) => revisionId, {
      size: integerQuery(c, 'pageSize'),
      token: c.req.query('pageToken') ?? '',
      query: [name],
      defaultSize: 20,
      maxSize: 100,
    });
    return answer(c, listAnswer('workflows', found), 'workflow');
  });

  app.patch(`${collection}/:workflow`, async (c) => {
    const given = await fieldsOf(c);
    return answer(
      c,
      engine.workflows.update(nameOf(c), given, mask(c.req.query('updateMask'), workflowFields)),
      'workflow',
    );
  });

  app.delete(`${collection}/:workflow`, async (c) =>
    answer(c, await engine.deleteWorkflow(nameOf(c)), 'workflow'),
  );
}

/** A name and its custom verb, as in `…/executions/E:cancel`. A project's name may hold a colon of its own. */
export function split(name: string): [string, string | undefined] {
  const slash = name.lastIndexOf('/');
  const colon = name.indexOf(':', slash);
  return colon < 0 ? [name, undefined] : [name.slice(0, colon), name.slice(colon + 1)];
}
