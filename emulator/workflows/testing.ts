/** What tests of this folder share: an engine on a driven clock, and a way to run a source. */
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Hono } from 'hono';
import { type Behavior, behaviorWith } from '../behavior.ts';
import { type DrivenClock, drivenClock } from '../clock.ts';
import type { Context } from '../context.ts';
import { Operations } from '../operations.ts';
import { compileSource } from './compile.ts';
import type { Engine, WorkflowsOptions } from './engine.ts';
import type { Execution } from './execution.ts';
import { documentedLimits } from './limits.ts';
import { workflowsEngine, workflowsService } from './service.ts';

/** Where test workflows live. */
export const parent = 'projects/p/locations/europe-west1';

/** An execution that is over, as plain values. */
export interface Outcome {
  readonly state: string;
  /** The result, or what was raised. */
  readonly value: unknown;
  /** The first line of the error's context. */
  readonly headline: string | undefined;
  readonly execution: Execution;
}

/** An engine of its own. */
export interface Bed {
  readonly clock: DrivenClock;
  readonly context: Context;
  readonly engine: Engine;
  readonly app: Hono;
  /** Deploys a source and starts it. */
  start(source: string, argument?: unknown): Execution;
  /** Deploys a source, executes it and waits until it is over. */
  run(source: string, argument?: unknown): Promise<Outcome>;
}

/** Makes an engine. `auto` skips idle time, which is the default. */
export function bed(
  options: WorkflowsOptions & {
    auto?: boolean;
    dataDir?: string;
    behavior?: Partial<Behavior>;
    dispatch?: (request: Request) => Promise<Response>;
  } = {},
): Bed {
  const clock = drivenClock({ auto: options.auto ?? true });
  const context: Context = {
    clock,
    dataDir: options.dataDir ?? mkdtempSync(join(tmpdir(), 'workflows-')),
    operations: new Operations(clock),
    behavior: behaviorWith(options.behavior),
    dispatch: async (request) => (options.dispatch ? options.dispatch(request) : app.fetch(request)),
  };
  const app = workflowsService(context, options);
  const engine = workflowsEngine(context);
  let count = 0;
  const start = (source: string, argument?: unknown) => {
    const id = `w${++count}`;
    try {
      engine.workflows.create(parent, id, { sourceContents: source });
    } catch (error) {
      // uvu can't show an error whose `details` are no text: it would end the suite, and count no failure.
      throw new Error(error instanceof Error ? error.message : String(error));
    }
    return engine.executions.start(
      `${parent}/workflows/${id}`,
      argument === undefined ? {} : { argument: JSON.stringify(argument) },
    );
  };
  return {
    clock,
    context,
    engine,
    app,
    start,
    async run(source, argument) {
      const execution = start(source, argument);
      await execution.over;
      return outcome(execution);
    },
  };
}

/** An execution as plain values. */
export function outcome(execution: Execution): Outcome {
  const { state, result, error } = execution.toResource();
  return {
    state,
    value: result !== undefined ? JSON.parse(result) : error && JSON.parse(error.payload),
    headline: error?.context.split('\n', 1)[0],
    execution,
  };
}

/** The value of an expression, with variables given as an argument `v`. */
export async function evaluated(expression: string, v: unknown = null): Promise<unknown> {
  const { value } = await bed().run(
    `main:\n  params: [v]\n  steps:\n    - r:\n        return: ${JSON.stringify(`\${${expression}}`)}\n`,
    v,
  );
  return value;
}

/** What is wrong with a source, as `line:column code message`. */
export function faultsOf(source: string): string[] {
  const definition = compileSource(source, documentedLimits);
  if (!Array.isArray(definition)) return [];
  return definition.map(({ at, code, message }) => `${at.line}:${at.column} ${code} ${message}`);
}

/** Indents a block of YAML, for tests that nest one in another. */
export function indent(yaml: string, by: number): string {
  return yaml.replace(/^(?=.)/gm, ' '.repeat(by));
}
