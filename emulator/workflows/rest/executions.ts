/**
 * The Workflow Executions v1 REST API, with step entries.
 *
 * https://cloud.google.com/workflows/docs/reference/executions/rest/v1/projects.locations.workflows.executions
 */
import type { Hono, Context as HonoContext } from 'hono';
import { GoogleError } from '../../errors.ts';
import { listAnswer, page } from '../../paging.ts';
import type { Engine } from '../engine.ts';
import type { Execution, ExecutionResource } from '../execution.ts';
import type { NewExecution } from '../executions.ts';
import { callLogLevels, historyLevels, timestamp } from '../workflow.ts';
import { type Fields, filter, order } from './filter.ts';
import {
  answer,
  body,
  type ExecutionView,
  enumField,
  executionViews,
  integerQuery,
  stringField,
  stringMap,
} from './request.ts';
import { stepFields, stepResource } from './steps.ts';
import { parentOf, split } from './workflows.ts';

const accepted = [
  'argument',
  'callLogLevel',
  'labels',
  'executionHistoryLevel',
  'disableConcurrencyQuotaOverflowBuffering',
];
/** Fields that a client may send back as it got them; they are ignored. */
const outputOnly = [
  'name',
  'createTime',
  'startTime',
  'endTime',
  'duration',
  'state',
  'result',
  'error',
  'workflowRevisionId',
  'status',
  'stateError',
];

const fields: Fields<Execution> = {
  executionID: ({ id }) => id,
  name: ({ record }) => record.name,
  state: ({ record }) => record.state,
  createTime: ({ record }) => record.createTime,
  startTime: ({ record }) => record.startTime,
  endTime: ({ record }) => record.endTime,
  duration: ({ record: { startTime, endTime } }) =>
    startTime === undefined || endTime === undefined ? undefined : (endTime - startTime) / 1000,
  workflowRevisionID: ({ record }) => record.workflowRevisionId,
  stepName: (execution) => execution.toResource().status?.currentSteps.at(-1)?.step,
  label: ({ record }) =>
    Object.entries(record.labels ?? {})
      .map(([key, value]) => `${key}:${value}`)
      .join(','),
};

/** What a view shows. BASIC has the metadata alone. */
function shown(execution: Execution, view: ExecutionView): Partial<ExecutionResource> {
  const resource = execution.toResource();
  if (view === 'FULL') return resource;
  const { name, createTime, startTime, endTime, duration, state, workflowRevisionId } = resource;
  return {
    name,
    createTime,
    ...(startTime !== undefined && { startTime }),
    ...(endTime !== undefined && { endTime }),
    ...(duration !== undefined && { duration }),
    state,
    workflowRevisionId,
  };
}

function viewOf(c: HonoContext, fallback: ExecutionView): ExecutionView {
  return enumField(c.req.query('view'), executionViews, 'view') ?? fallback;
}

async function newExecution(c: HonoContext): Promise<NewExecution> {
  const read = await body(c, [...accepted, ...outputOnly]);
  const argument = stringField(read, 'argument', 'execution');
  const callLogLevel = enumField(read.callLogLevel, callLogLevels, 'execution.call_log_level');
  const executionHistoryLevel = enumField(
    read.executionHistoryLevel,
    historyLevels,
    'execution.execution_history_level',
  );
  const labels = stringMap(read, 'labels', 'execution');
  return {
    // An empty string is what a proto has for none.
    ...(argument && { argument }),
    ...(callLogLevel && { callLogLevel }),
    ...(executionHistoryLevel && { executionHistoryLevel }),
    ...(labels && { labels }),
  };
}

/** All that is kept of an execution, as `exportData` gives it: the documentation leaves its form open. */
function exported(execution: Execution): string {
  return JSON.stringify({
    execution: execution.toResource(),
    stepEntries: execution.entries.map((entry) => stepResource(execution, entry)),
  });
}

/** Mounts the API. */
export function mountExecutions(app: Hono, engine: Engine): void {
  const collection = '/v1/projects/:project/locations/:location/workflows/:workflow/executions';
  const workflowOf = (c: HonoContext) => `${parentOf(c)}/workflows/${c.req.param('workflow')}`;
  const nameOf = (c: HonoContext) => `${workflowOf(c)}/executions/${c.req.param('execution')}`;

  app.get(collection, (c) => {
    const workflow = workflowOf(c);
    // A workflow that isn't there has no list either.
    engine.workflows.get(workflow);
    const text = c.req.query('filter') ?? '';
    const by = c.req.query('orderBy') ?? '';
    const view = viewOf(c, 'BASIC');
    const newest = engine.executions.list(workflow).reverse().filter(filter(text, fields));
    const compare = order(by, fields);
    const found = page(compare ? newest.sort(compare) : newest, ({ record }) => record.name, {
      size: integerQuery(c, 'pageSize'),
      token: c.req.query('pageToken') ?? '',
      query: [workflow, text, by, view],
      defaultSize: 100,
      maxSize: view === 'FULL' ? 100 : 1000,
    });
    return answer(
      c,
      listAnswer('executions', found, (one) => shown(one, view)),
      'execution',
    );
  });

  app.post(collection, async (c) => {
    const workflow = workflowOf(c);
    return answer(c, engine.executions.start(workflow, await newExecution(c)).toResource(), 'execution');
  });

  app.get(`${collection}/:execution`, (c) => {
    const [name, verb] = split(nameOf(c));
    const execution = engine.executions.get(name);
    if (verb === undefined) return answer(c, shown(execution, viewOf(c, 'FULL')), 'execution');
    if (verb !== 'exportData')
      throw new GoogleError('NOT_FOUND', `There is no method ${verb} for executions.`);
    return c.json({ data: exported(execution) });
  });

  app.post(`${collection}/:execution`, async (c) => {
    const [name, verb] = split(nameOf(c));
    if (verb === 'deleteExecutionHistory') {
      engine.executions.get(name).forget();
      return c.json({});
    }
    if (verb !== 'cancel')
      throw new GoogleError('NOT_FOUND', `There is no method ${verb ?? 'POST'} for executions.`);
    return answer(c, (await engine.executions.cancel(name)).toResource(), 'execution');
  });

  app.get(`${collection}/:execution/stepEntries`, (c) => {
    const name = nameOf(c);
    const text = c.req.query('filter') ?? '';
    const by = c.req.query('orderBy') ?? '';
    const execution = engine.executions.get(name);
    const matching = execution.entries.filter(filter(text, stepFields));
    const compare = order(by, stepFields);
    const sorted = compare ? [...matching].sort(compare) : matching;
    const found = page(sorted, ({ id }) => String(id), {
      size: integerQuery(c, 'pageSize'),
      // From the page that the token names, so it skips on every page that repeats it.
      skip: integerQuery(c, 'skip'),
      token: c.req.query('pageToken') ?? '',
      query: [name, text, by],
      defaultSize: 1000,
      maxSize: 1000,
    });
    return answer(c, {
      ...listAnswer('stepEntries', found, (entry) => stepResource(execution, entry)),
      totalSize: matching.length,
    });
  });

  app.get(`${collection}/:execution/stepEntries/:entry`, (c) => {
    const name = nameOf(c);
    const execution = engine.executions.get(name);
    const entry = execution.entries[Number(c.req.param('entry')) - 1];
    if (!entry)
      throw new GoogleError('NOT_FOUND', `Step entry ${c.req.param('entry')} of ${name} was not found.`);
    return answer(c, stepResource(execution, entry));
  });

  // The emulator's own: what an execution logged. The service has it in Cloud Logging.
  app.get(`/emulator${collection}/:execution/logs`, (c) =>
    c.json({
      entries: engine.executions
        .get(nameOf(c))
        .logs.map(({ log, timestamp: at, severity, payload, routine, step }) => ({
          logName: `workflows.googleapis.com/${log}`,
          timestamp: timestamp(at),
          severity,
          ...payload,
          labels: { routine, step },
        })),
    }),
  );
}
