/** Cloud Workflows: the Workflows v1 and Workflow Executions v1 REST APIs, and the same in-process. */
import { Hono } from 'hono';
import type { Context } from '../context.ts';
import { GoogleError } from '../errors.ts';
import { mountPubsub } from '../pubsub/rest.ts';
import { Engine, type WorkflowsOptions } from './engine.ts';
import { mountCallbacks } from './rest/callbacks.ts';
import { mountExecutions } from './rest/executions.ts';
import { mountWorkflows } from './rest/workflows.ts';

/** How an emulator departs from the service. */
export type { WorkflowsOptions } from './engine.ts';

const engines = new WeakMap<Context, Engine>();

/**
 * The workflows and executions of an emulator, for tests and the demo: deploy, execute, follow, look at steps,
 * logs and memory without HTTP. The same as the REST API works on.
 */
export function workflowsEngine(context: Context, options?: WorkflowsOptions): Engine {
  let engine = engines.get(context);
  if (!engine) {
    engine = new Engine(context, options);
    engines.set(context, engine);
  }
  return engine;
}

/** The REST APIs. Operations are answered by whoever serves `operations` of the context. */
export function workflowsService(context: Context, options?: WorkflowsOptions): Hono {
  const engine = workflowsEngine(context, options);
  const app = new Hono();
  mountWorkflows(app, engine);
  mountExecutions(app, engine);
  mountCallbacks(app, engine);
  mountPubsub(app, engine.topics);
  app.onError((error, c) => {
    if (error instanceof GoogleError) return c.json(error, error.code as 400);
    console.error(error);
    const internal = new GoogleError('INTERNAL', 'Internal error encountered.');
    return c.json(internal, internal.code as 500);
  });
  return app;
}
