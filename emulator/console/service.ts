/**
 * The console page: what runs in the emulator and what its repositories hold, for a person with a browser. It reads the
 * engine and the registry in the process, as the owner of everything, whatever roles `--iam` enforces: whoever reaches
 * the port may name anybody in a token.
 */
import { Hono } from 'hono';
import * as v from 'valibot';
import { answerError, GoogleError } from '../errors.ts';
import { readJson } from '../read-json.ts';
import { readBody } from '../registry/call.ts';
import type { Registry } from '../registry/registry.ts';
import type { Jobs } from '../run/jobs.ts';
import type { Engine } from '../workflows/engine.ts';
import { workflowOf } from '../workflows/executions.ts';
import { drawnOf } from './definitions.ts';
import { executionHead, executionRow, workflowRow } from './executions.ts';
import { pageFile } from './files.ts';
import { guard, secured } from './guard.ts';
import { logRow } from './logged.ts';
import { number, required, windowed, windowOf } from './query.ts';
import { mountRepositories } from './repositories.ts';
import { iterationRow, iterationsOf, stepDetails, stepRow, stepsOf } from './steps.ts';
import { Watch } from './watch.ts';

/** Milliseconds that a page waits for news before it is answered without. */
const longestWait = 20_000;
/** Milliseconds between two answers with news: a fast run changes more often than an eye can see. */
const pause = 150;

const NewRun = v.strictObject({
  workflow: v.string(),
  /** JSON text. */
  argument: v.optional(v.string()),
  /** Whether the history keeps variables, arguments and results of each step. */
  detailed: v.optional(v.boolean(), false),
});
const Cancel = v.strictObject({ execution: v.string() });

/** Whether a request is for the console and not for one of the emulated services. */
export function isConsole(pathname: string): boolean {
  return pathname === '/' || pathname.startsWith('/console/');
}

/** The page at `/`, its files and `/console/api/`. */
export function consoleService(engine: Engine, registry: Registry, jobs: Jobs): Hono {
  const app = new Hono();
  const api = new Hono();
  mountRepositories(api, registry);
  mountLists(api, engine);
  mountExecution(api, engine, jobs);
  app.use(secured());
  app.use(guard());
  app.get('/', () => pageFile('index.html') ?? notFound('index.html'));
  app.route('/console/api', api);
  app.get('/console/:file', (c) => pageFile(c.req.param('file')) ?? notFound(c.req.path));
  app.notFound((c) => notFound(c.req.path));
  app.onError((error) => answerError(error));
  return app;
}

function notFound(path: string): Response {
  return answerError(new GoogleError('NOT_FOUND', `The console has nothing at ${path}.`));
}

function mountLists(api: Hono, engine: Engine): void {
  api.get('/workflows', (c) =>
    c.json({
      now: engine.now(),
      workflows: engine.workflows.all().map((workflow) => workflowRow(engine, workflow)),
    }),
  );

  api.get('/workflow', (c) => {
    const workflow = engine.workflows.get(required(c, 'workflow'));
    const { routines, knowsDryRun } = drawnOf(engine, workflow.name, c.req.query('revision'));
    return c.json({ ...workflowRow(engine, workflow), routines, knowsDryRun });
  });

  api.get('/executions', (c) => {
    const workflow = c.req.query('workflow');
    const state = c.req.query('state');
    const all = workflow === undefined ? engine.executions.all() : engine.executions.list(workflow);
    const newest = all.filter(({ record }) => state === undefined || record.state === state).reverse();
    return c.json({ now: engine.now(), ...windowed(newest, windowOf(c), executionRow) });
  });

  api.post('/executions', async (c) => {
    const { workflow, argument, detailed } = readBody(NewRun, await readJson(c.req.raw));
    const execution = engine.executions.start(workflow, {
      ...(argument !== undefined && { argument }),
      ...(detailed && { executionHistoryLevel: 'EXECUTION_HISTORY_DETAILED' as const }),
    });
    return c.json(executionRow(execution));
  });

  api.post('/cancel', async (c) => {
    const { execution } = readBody(Cancel, await readJson(c.req.raw));
    return c.json(executionRow(await engine.executions.cancel(execution)));
  });
}

/** One execution: what changed, and its lists in windows. */
function mountExecution(api: Hono, engine: Engine, jobs: Jobs): void {
  const watchOf = (name: string) => Watch.of(engine.executions.get(name), jobs);

  api.get('/execution', async (c) => {
    const watch = watchOf(required(c, 'execution'));
    const since = number(c, 'since', 0);
    const { execution, destinations } = watch;
    if (since > 0) {
      const { signal } = c.req.raw;
      await watch.news(since, longestWait, signal);
      // What follows at once comes with it.
      if (!execution.isOver && !signal.aborted) await new Promise((resolve) => setTimeout(resolve, pause));
    }
    const scoped = execution.entries[number(c, 'scope', 0) - 1];
    return c.json({
      version: watch.version,
      now: engine.now(),
      execution: executionHead(execution),
      boxes: scoped ? watch.boxesWithin(scoped) : watch.boxes(since),
      scope: scoped && stepRow(watch, scoped),
      destinations: [...destinations.all.values()].filter(({ changed }) => changed > since),
      steps: execution.entries.length,
      logs: watch.logs.length,
    });
  });

  api.get('/steps', (c) => {
    const watch = watchOf(required(c, 'execution'));
    const steps = stepsOf(watch, {
      box: c.req.query('box'),
      scope: number(c, 'scope', 0) || undefined,
      state: c.req.query('state'),
      search: c.req.query('search'),
    });
    return c.json(windowed(steps, windowOf(c), (entry) => stepRow(watch, entry)));
  });

  api.get('/iterations', (c) => {
    const watch = watchOf(required(c, 'execution'));
    const found = iterationsOf(watch, {
      box: required(c, 'box'),
      scope: number(c, 'scope', 0) || undefined,
      search: c.req.query('search'),
    });
    return c.json(windowed(found, windowOf(c), (entry) => iterationRow(watch, entry)));
  });

  api.get('/step', (c) => {
    const watch = watchOf(required(c, 'execution'));
    const { execution } = watch;
    const drawn = drawnOf(engine, workflowOf(execution.record.name), execution.record.workflowRevisionId);
    return c.json(stepDetails(watch, number(c, 'id', 0), drawn));
  });

  api.get('/logs', (c) => {
    const { logs } = watchOf(required(c, 'execution'));
    const severity = c.req.query('severity');
    const wanted = severity === undefined ? logs : logs.filter((log) => log.severity === severity);
    return c.json(windowed(wanted, windowOf(c), logRow));
  });
}
