import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { drivenClock } from '../../emulator/clock.ts';
import { startEmulator } from '../../emulator/server.ts';
import { until } from '../../test/deploy-bench.ts';
import { rest } from '../rest.ts';
import { openExecutions } from './executions.ts';

test('active: those that wait for their turn too, however many', async () => {
  const emulator = await startEmulator({ clock: drivenClock(), limits: { activeExecutions: 1 } });
  const executions = openExecutions({
    emulator: { host: emulator.host, token: 'emulated:owner@emulator.test' },
  });
  try {
    const place = 'projects/acme/locations/europe-west1/workflows';
    await rest(emulator.url, 'POST', `${place}?workflowId=a`, {
      sourceContents: '- s:\n    call: sys.sleep\n    args: {seconds: 3600}\n',
    });
    const started: string[] = [];
    for (let index = 0; index < 103; index++)
      started.push((await rest<{ name: string }>(emulator.url, 'POST', `${place}/a/executions`, {})).name);
    const active = await executions.active(`${place}/a`);
    assert.equal(active.map(({ name }) => name).sort(), [...started].sort());
    const states = active.map(({ state }) => state);
    assert.equal([states.length, states.indexOf('ACTIVE'), states.lastIndexOf('QUEUED')], [103, 102, 101]);
    for (const { name } of active) assert.is((await executions.cancel(name)).state, 'CANCELLED');
    assert.equal(await executions.active(`${place}/a`), []);
  } finally {
    await executions.close();
    await emulator.close();
  }
});

test('one that ended before it was cancelled is given as it ended', async () => {
  const emulator = await startEmulator();
  const executions = openExecutions({
    emulator: { host: emulator.host, token: 'emulated:owner@emulator.test' },
  });
  try {
    const place = 'projects/acme/locations/europe-west1/workflows';
    await rest(emulator.url, 'POST', `${place}?workflowId=a`, { sourceContents: '- s:\n    return: done\n' });
    const { name } = await executions.start(`${place}/a`, {});
    await until(async () => ((await executions.get(name)).state === 'SUCCEEDED' ? true : undefined));
    assert.is((await executions.cancel(name)).state, 'SUCCEEDED');
  } finally {
    await executions.close();
    await emulator.close();
  }
});

test.run();
