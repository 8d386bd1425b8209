/** What log entries say to a person. */
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { visible } from '../../job/log/logger.ts';
import { deletedIn, messageOf } from './logs.ts';

const timestamp = '2026-01-01T00:00:00Z';

test("Workflows' own entries say in what state an execution is, and why it failed", () => {
  const logName = 'projects/p/logs/workflows.googleapis.com%2Fexecutions_system';
  const say = (jsonPayload: object) => messageOf({ timestamp, logName, jsonPayload });
  assert.is(say({ state: 'ACTIVE', start: {} }), 'the execution has begun');
  const failure = { exception: `out of memory${'!'.repeat(1000)}`, source: 'main.a' };
  assert.match(say({ state: 'FAILED', failure }), /^the execution has failed: out of memory!{187}$/);
});

test("of a failure that is a run's whole table its message is said", () => {
  const logName = 'projects/p/logs/workflows.googleapis.com%2Fexecutions_system';
  const exception = JSON.stringify({ copied: 0, message: '0 of 1 destinations succeeded', results: [] });
  const jsonPayload = { state: 'FAILED', failure: { exception } };
  assert.is(
    messageOf({ timestamp, logName, jsonPayload }),
    'the execution has failed: 0 of 1 destinations succeeded',
  );
});

test('of a table that was cut its message is said too', () => {
  const logName = 'projects/p/logs/workflows.googleapis.com%2Fexecutions_system';
  const say = (exception: string) =>
    messageOf({ timestamp, logName, jsonPayload: { state: 'FAILED', failure: { exception } } });
  const message = '0 of 9 destinations succeeded: "quoted"\u0007and\\more';
  const whole = JSON.stringify({ copied: 0, message, results: Array(99).fill({ error: 'x' }) });
  assert.is(say(whole.slice(0, 500)), `the execution has failed: ${visible(message)}`);
  for (let end = 35; end < 100; end++)
    assert.match(say(whole.slice(0, end)), /^the execution has failed: 0 of 9/, String(end));
  assert.is(say('{"copied":0,"mess'), 'the execution has failed: {"copied":0,"mess');
  // What only looks like one: neither a line's end nor such an escape is in a text of JSON.
  assert.is(say('{"message":"one\ntwo'), 'the execution has failed: one');
  assert.is(say('{"message":"in C:\\work'), 'the execution has failed: in C:');
});

test("Workflows' own entries of calls say which step called what, and what came of it", () => {
  const call = { step: 'run_and_wait', callee: 'googleapis.run.v2.projects.locations.jobs.run' };
  const say = (jsonPayload: object) => messageOf({ timestamp, jsonPayload: { ...call, ...jsonPayload } });
  const exception = JSON.stringify({ message: 'The operation failed.', operation: { done: true } });
  assert.is(
    say({ state: 'EXCEPTION_RAISED', exceptionRaised: { exception } }),
    `run_and_wait got an error from ${call.callee}: The operation failed.`,
  );
  assert.is(say({ state: 'BEGUN' }), `run_and_wait calls ${call.callee}`);
});

test("an entry of ours is its message, another one's text or whole payload", () => {
  assert.is(messageOf({ timestamp, jsonPayload: { message: 'hello' } }), 'hello');
  assert.is(messageOf({ timestamp, textPayload: 'hello' }), 'hello');
  assert.is(messageOf({ timestamp, jsonPayload: { state: 'x' } }), '{"state":"x"}');
});

test('what came from elsewhere cannot write to the terminal, and keeps its lines', () => {
  assert.is(messageOf({ timestamp, textPayload: 'one\u001b[2J\ntwo\u202e' }), 'one\ntwo\ufffd');
  assert.is(
    messageOf({ timestamp, jsonPayload: { message: 'a\u001b]0;x\u0007b' } }).includes('\u001b'),
    false,
  );
});

test("what a mirror deleted is in the job's last entry of each follower", () => {
  const entry = (destination: string, counts: object) => ({
    timestamp,
    jsonPayload: { replicator: { phase: 'result', destination, counts } } as const,
  });
  const deleted = deletedIn([
    entry('a', { copied: 5 }),
    entry('a', { deleted: 1 }),
    entry('b', { copied: 2 }),
    { timestamp, jsonPayload: { replicator: { phase: 'end', counts: { deleted: 1 } } } },
  ]);
  assert.equal([...deleted], [['a', 1]]);
});

test.run();
