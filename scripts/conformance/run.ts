/** Runs a definition on an interpreter of its own, apart from all services. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { behaviorWith } from '../../emulator/behavior.ts';
import { type Clock, drivenClock } from '../../emulator/clock.ts';
import type { Context } from '../../emulator/context.ts';
import { Operations } from '../../emulator/operations.ts';
import type { Execution } from '../../emulator/workflows/execution.ts';
import { workflowsEngine, workflowsService } from '../../emulator/workflows/service.ts';
import { dict } from '../../emulator/workflows/value.ts';
import { stubAnswer } from './stub.ts';

/** An execution that is over. */
export interface Ran {
  readonly state: string;
  /** The result, or what was raised. */
  readonly value: unknown;
  /** The first line of the error. */
  readonly headline: string | undefined;
  /** Requests that it sent, to a stub or to what is emulated. */
  readonly requests: number;
  /** What it did, step by step, without times and places. */
  readonly trace: string;
}

const parent = 'projects/sample/locations/us-central1';

/** @throws Error when the definition is refused */
export async function runSample(text: string, argument: unknown): Promise<Ran> {
  const folder = mkdtempSync(join(tmpdir(), 'conformance-'));
  const clock = drivenClock({ auto: true });
  let requests = 0;
  const stub = async (request: Request) => {
    requests++;
    return stubAnswer(request);
  };
  const context: Context = {
    clock,
    dataDir: folder,
    operations: new Operations(clock),
    behavior: behaviorWith(),
    // Workflows and Pub/Sub are here; for other services there is the stub.
    dispatch: async (request) => {
      if (!/^(?:workflow(?:s|executions)|pubsub)\.googleapis\.com$/.test(new URL(request.url).hostname))
        return stub(request);
      requests++;
      return app.fetch(request);
    },
  };
  // A definition that waits for ever must not keep the command.
  const app = workflowsService(context, { fetch: stub, limits: { steps: 20_000 } });
  try {
    const engine = workflowsEngine(context);
    engine.workflows.create(parent, 'sample', { sourceContents: text });
    const execution = engine.executions.start(`${parent}/workflows/sample`, {
      ...(argument !== undefined && { argument: JSON.stringify(argument) }),
    });
    await Promise.all([callBack(execution, clock), execution.over]);
    const { state, result, error } = execution.toResource();
    const trace = execution.entries.map(({ routine, step, type, state }) => [routine, step, type, state]);
    return {
      state,
      // An error of branches names lines, which are others in another language.
      value: JSON.parse((result ?? error?.payload ?? 'null').replace(/line: \d+/g, 'line')),
      headline: error?.context.split('\n', 1)[0],
      requests,
      trace: JSON.stringify(trace),
    };
  } finally {
    clock.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Sends what an execution waits for, as the person or service would that a sample has in mind. */
async function callBack(execution: Execution, clock: Clock): Promise<void> {
  const fiber = clock.fiber();
  const body = dict({ approved: true, approver: 'somebody', event: dict({ type: 'test' }) });
  while (!execution.isOver) {
    await fiber.sleep(60_000);
    for (const { name, method, waiters } of execution.callbacks.list(() => ''))
      if (waiters !== '0') {
        const request = dict({ body, headers: dict({}), method, query: dict({}) });
        execution.callbacks.receive(name.split('/').at(-1) ?? '', method, dict({ http_request: request }));
      }
  }
  fiber.end();
}
