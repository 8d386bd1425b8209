import { Hono } from 'hono';
import type { Context } from '../context.ts';

/** Cloud Workflows: the Workflows v1 and Workflow Executions v1 REST APIs. */
export function workflowsService(_context: Context): Hono {
  return new Hono();
}
