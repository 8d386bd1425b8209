/** Cloud Workflows of one emulator: workflows, and their executions. */
import { join } from 'node:path';
import type { Context } from '../context.ts';
import type { Operation } from '../operations.ts';
import { Topics } from '../pubsub/topics.ts';
import { Catalog } from './catalog.ts';
import { Executions } from './executions.ts';
import { documentedLimits, type Limits } from './limits.ts';
import type { Fetch } from './network.ts';
import { Store } from './store.ts';

/** How an emulator departs from the service. */
export interface WorkflowsOptions {
  /** Limits other than the documented ones; `Infinity` lifts one. */
  readonly limits?: Partial<Limits>;
  /** Answers requests to hosts other than Google's, instead of real ones to this machine. */
  readonly fetch?: Fetch;
}

/** Workflows and executions, as the REST API works on them. */
export class Engine {
  readonly workflows: Catalog;
  readonly executions: Executions;
  /** Pub/Sub's topics, for connectors and tests. */
  readonly topics: Topics;

  readonly #clock: Context['clock'];

  constructor(context: Context, options: WorkflowsOptions = {}) {
    const limits = { ...documentedLimits, ...options.limits };
    const store = new Store(join(context.dataDir, 'workflows'));
    this.#clock = context.clock;
    this.topics = new Topics(context.clock);
    this.workflows = new Catalog(context, limits, store);
    this.executions = new Executions({
      context,
      limits,
      fetch: options.fetch,
      store,
      catalog: this.workflows,
    });
  }

  /** Milliseconds since the epoch, by the emulator's clock. */
  now(): number {
    return this.#clock.now();
  }

  /** Deletes a workflow with its executions; those that run are cancelled. @throws GoogleError NOT_FOUND */
  async deleteWorkflow(name: string): Promise<Operation> {
    this.workflows.get(name);
    await this.executions.deleteAll(name);
    return this.workflows.delete(name);
  }
}
