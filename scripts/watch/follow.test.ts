/** Following an execution whose steps come faster than a page holds. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type Api, ApiError } from '../cloud/api.ts';
import type { Execution, Executions } from './executions.ts';
import { follow } from './follow.ts';

const test = suite('follow');

/** Serves pages as the service does: `skip` counts from the page that a token names. */
function pages(entries: readonly unknown[]): Api {
  const get = async (_service: string, path: string) => {
    const query = new URL(path, 'http://api.test').searchParams;
    const start = Number(query.get('pageToken') ?? 0) + Number(query.get('skip') ?? 0);
    const end = start + Number(query.get('pageSize'));
    return {
      stepEntries: entries.slice(start, end),
      ...(end < entries.length && { nextPageToken: String(end) }),
    };
  };
  return {
    get: get as Api['get'],
    find: get as Api['find'],
    ask: (async () => ({})) as Api['ask'],
    list: async () => {
      throw new Error('lists are paged by token');
    },
  };
}

test('tells every step once, also where one look brings several pages in later looks', async () => {
  const entries: object[] = [];
  const enter = (count: number) => {
    for (let index = 0; index < count; index++)
      entries.push({
        entryId: String(entries.length + 1),
        createTime: new Date(0).toISOString(),
        routine: 'main',
        step: `step_${entries.length + 1}`,
        stepType: 'STEP_SUBWORKFLOW_CALL',
      });
  };
  const states = ['ACTIVE', 'SUCCEEDED'];
  const execution = (state: string) =>
    ({
      name: 'projects/p/locations/l/workflows/w/executions/e',
      state,
      startTime: 0,
    }) as unknown as Execution;
  const said: string[] = [];
  await follow(execution('ACTIVE'), {
    api: pages(entries),
    executions: {
      get: async () => {
        enter(states.length === 2 ? 10 : 2490);
        return execution(states.shift() ?? 'SUCCEEDED');
      },
    } as unknown as Executions,
    say: (line) => said.push(line),
    signal: new AbortController().signal,
  });
  const told = said.map((line) => /step_(\d+)/.exec(line)?.[1]).filter((id) => id !== undefined);
  assert.equal(
    told,
    Array.from({ length: 2500 }, (_, index) => String(index + 1)),
  );
});

test('what is not answered is asked again, and told once; a refusal is not', async () => {
  const name = 'projects/p/locations/l/workflows/w/executions/e';
  const unavailable = () => Object.assign(new Error('try later'), { code: 14 });
  const unreachable = () => new Error('fetch failed', { cause: new Error('connect ECONNREFUSED') });
  // After an hour another access token is asked for, of a service that is not reached either.
  const noToken = () =>
    Object.assign(
      new Error(
        '2 UNKNOWN: Getting metadata from plugin failed with error: request to https://oauth2.googleapis.com/token failed, reason: getaddrinfo ENOTFOUND oauth2.googleapis.com',
      ),
      { code: 2 },
    );
  const said: string[] = [];
  let busy = true;
  const following = (answers: (() => Error)[]) =>
    follow({ name, state: 'ACTIVE', startTime: 0 } as Execution, {
      api: {
        ...pages([
          { entryId: '1', createTime: '', routine: 'main', step: 's', stepType: 'STEP_SUBWORKFLOW_CALL' },
        ]),
        ask: (async () => {
          // A quota: the entries come with the next look.
          if (busy) {
            busy = false;
            throw new ApiError(429, 'quota');
          }
          const jsonPayload = { message: 'told', replicator: { phase: 'result' } };
          return { entries: [{ timestamp: '2026-01-01T00:00:00Z', jsonPayload }] };
        }) as Api['ask'],
      },
      executions: {
        get: async () => {
          const error = answers.shift();
          if (error) throw error();
          return { name, state: busy ? 'ACTIVE' : 'SUCCEEDED' } as Execution;
        },
      } as unknown as Executions,
      say: (line) => said.push(line),
      signal: new AbortController().signal,
    });
  assert.is((await following([unavailable, unreachable, noToken])).state, 'SUCCEEDED');
  assert.equal(
    said.filter((line) => line.includes('again')),
    ['no answer, asking again: try later'],
  );
  assert.ok(
    said.some((line) => line.endsWith('told')),
    said.join('\n'),
  );
  const refused = Object.assign(new Error('denied'), { code: 7 });
  await following([() => refused]).then(
    () => assert.unreachable(),
    (error: unknown) => assert.is(error, refused),
  );
});

test.run();
