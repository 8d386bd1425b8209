/** The console page in a real browser when its connection comes and goes. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { drivenClock } from '../emulator/clock.ts';
import { seed } from '../emulator/registry/seed.ts';
import { type Emulator, startEmulator } from '../emulator/server.ts';
import { workflowsEngine } from '../emulator/workflows/service.ts';
import { becomes, closeBrowser, openTab } from './browser.ts';
import { testWith } from './parts.ts';

test.after(closeBrowser);

const parent = 'projects/acme/locations/europe-west1';
const repository = `${parent}/repositories/prod`;
const waiting = 'main: {steps: [{wait: {call: sys.sleep, args: {seconds: 60}}}]}';

function started({ context }: Emulator): string {
  const engine = workflowsEngine(context);
  engine.workflows.create(parent, 'own', { sourceContents: waiting });
  return engine.executions.start(`${parent}/workflows/own`, {}).record.name;
}

testWith(
  test,
  ['chromium'],
  'an emulator that is stopped is told, and one that is back is shown',
  async () => {
    const { page, complaints, close } = await openTab();
    const lost = page.locator('#connection', { hasText: 'does not answer' });
    const first = await startEmulator({ clock: drivenClock() });
    const { port, url } = first;
    seed(first.registry, repository);
    const name = started(first);
    await page.goto(`${url}/#/repositories`);
    await page.locator('.repository').waitFor();
    await first.close();
    await lost.waitFor();
    // A page that is gone to meanwhile is shown as soon as it can be.
    await page.getByRole('link', { name: 'Workflows' }).click();
    const second = await startEmulator({ clock: drivenClock(), port });
    await page.getByText('No workflow is deployed').waitFor();
    await lost.waitFor({ state: 'hidden' });
    // One that asks for nothing by itself finds out, too.
    const execution = started(second);
    assert.is.not(execution, name);
    await workflowsEngine(second.context).executions.cancel(execution);
    await page.goto(`${url}/#/execution?name=${encodeURIComponent(execution)}`);
    await page.locator('.list-steps .list-row').first().waitFor();
    await second.close();
    await page.getByLabel('Search steps by name').fill('nothing of this name');
    await lost.waitFor();
    const third = await startEmulator({ clock: drivenClock(), port });
    await lost.waitFor({ state: 'hidden' });
    await page.goto(`${url}/?again#/execution?name=${encodeURIComponent(execution)}`);
    await page.locator('.notice', { hasText: 'not found' }).waitFor();
    await third.close();
    await close();
    assert.equal(
      complaints.filter((text) => !/ERR_(CONNECTION|EMPTY|INCOMPLETE|SOCKET|FAILED)|404/.test(text)),
      [],
    );
  },
);

testWith(test, ['chromium'], 'a run that a restart ended is not shown as running', async () => {
  const data = mkdtempSync(join(tmpdir(), 'console-restarted-'));
  const { page, close } = await openTab();
  const first = await startEmulator({ clock: drivenClock(), data });
  await page.goto(`${first.url}/#/execution?name=${encodeURIComponent(started(first))}`);
  await page.locator('.box[data-state="running"]', { hasText: 'wait' }).waitFor();
  await first.close();
  const second = await startEmulator({ clock: drivenClock(), data, port: first.port });
  await page.locator('.title .badge', { hasText: 'failed' }).waitFor();
  await page.getByText('its steps are not kept any more').waitFor();
  await becomes(() => page.locator('.box[data-state="running"]').count(), 0);
  await becomes(() => page.locator('.box', { hasText: 'wait' }).count(), 1);
  await close();
  await second.close();
  rmSync(data, { recursive: true });
});

testWith(test, ['chromium'], 'a page that nobody sees holds no connection', async () => {
  const emulator = await startEmulator({ clock: drivenClock() });
  const { page, complaints, close } = await openTab();
  const isWait = (url: string) => /\/execution\?.*since=/.test(url);
  await page.goto(`${emulator.url}/#/execution?name=${encodeURIComponent(started(emulator))}`);
  await page.waitForRequest((request) => isWait(request.url()));
  const ended = page.waitForEvent('requestfailed', (request) => isWait(request.url()));
  const hidden = (is: boolean) =>
    page.evaluate(`Object.defineProperty(document, 'hidden', { value: ${is}, configurable: true });
      document.dispatchEvent(new Event('visibilitychange'))`);
  await hidden(true);
  await ended;
  const again = page.waitForRequest((request) => isWait(request.url()));
  await hidden(false);
  await again;
  await close();
  await emulator.close();
  assert.equal(complaints, []);
});

testWith(test, ['chromium'], 'what the policy forbids is noticed', async () => {
  const emulator = await startEmulator({ clock: drivenClock() });
  const { page, complaints, close } = await openTab();
  await page.goto(emulator.url);
  await page.evaluate(
    `document.head.append(Object.assign(document.createElement('style'), { textContent: 'p {}' }))`,
  );
  await page.evaluate(
    `new Promise((resolve) => Object.assign(new Image(), { onerror: resolve, src: 'http://127.0.0.1:1/x.png' }))`,
  );
  const markup = await page.evaluate(
    `(() => { try { document.body.innerHTML = ''; } catch ({ name }) { return name; } })()`,
  );
  assert.is(markup, 'TypeError');
  await close();
  await emulator.close();
  for (const directive of ['style-src', 'img-src', 'require-trusted-types-for'])
    assert.ok(
      complaints.some((text) => text.includes(`violates ${directive}`)),
      `${directive}: ${complaints}`,
    );
});

test.run();
