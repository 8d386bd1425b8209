/** The console page in a real browser where answers come in another order than they were asked for. */
import type { Page } from 'playwright-core';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { drivenClock } from '../emulator/clock.ts';
import { seed } from '../emulator/registry/seed.ts';
import { startEmulator } from '../emulator/server.ts';
import { workflowsEngine } from '../emulator/workflows/service.ts';
import { becomes, closeBrowser, openTab } from './browser.ts';
import { digest, parent, repository } from './console-bench.ts';
import { onConsole, pageOf, started } from './console-page.ts';
import type { Bench } from './harness.ts';
import { testWith } from './parts.ts';

test.after(closeBrowser);

/** Holds back the first answer of those that are asked for so; each has what was so when it was asked for. */
async function held(page: Page, isOne: (url: URL) => boolean) {
  let release = () => {};
  const released = new Promise<void>((resolve) => {
    release = resolve;
  });
  let asked = () => {};
  const isAsked = new Promise<void>((resolve) => {
    asked = resolve;
  });
  let isFirst = true;
  await page.route(isOne, async (route) => {
    if (!isFirst) return route.continue();
    isFirst = false;
    const response = await route.fetch();
    asked();
    await released;
    await route.fulfill({ response });
  });
  return {
    asked: isAsked,
    /** Lets it go on, and waits until the page has taken it. */
    async release() {
      const arrived = page.waitForEvent('requestfinished', (request) => isOne(new URL(request.url())));
      release();
      await arrived;
      await page.evaluate('new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve, 50)))');
    },
  };
}

/** Three iterations at once, each of which fails in its own words. */
const source = `
main:
  steps:
    - all:
        parallel:
          for:
            value: number
            range: [1, 3]
            steps:
              - one:
                  try:
                    call: work
                    args: {name: '\${"place-" + string(number)}'}
                  except:
                    as: e
                    steps:
                      - keep: {assign: [kept: '\${e}']}
work:
  params: [name]
  steps:
    - tell:
        call: sys.log
        args: {severity: ERROR, json: {message: '\${name + " is broken"}', replicator: {destination: '\${name}', phase: result, state: failed, error: '\${name + " is broken"}'}}}
    - fail:
        raise: '\${name + " is broken"}'
`;

async function executed(bench: Bench, sourceContents: string): Promise<string> {
  const execution = started(bench, sourceContents);
  await execution.over;
  return pageOf(bench, execution);
}

testWith(test, ['chromium'], 'a comparison shows what was searched last', () =>
  onConsole({}, async ({ page }, { emulator }) => {
    const packages = {
      app: [1, 2, 3].map((digit) => ({ id: digest(digit), tags: [`v${digit}`], image: {} })),
    };
    const names = [repository('europe-west1'), repository('us-central1')];
    for (const name of names) seed(emulator.registry, name, { packages });
    await page.goto(`${emulator.url}/#/package?package=app&compare=${names.join(',')}`);
    await becomes(() => page.locator('tbody tr').count(), 3);
    const { asked, release } = await held(page, (url) => url.searchParams.get('search') === 'v');
    await page.getByLabel('Search tags').fill('v');
    await asked;
    await page.getByLabel('Search tags').fill('v2');
    await becomes(() => page.locator('tbody tr').count(), 1);
    await release();
    assert.is(await page.locator('tbody tr').count(), 1);
  }),
);

testWith(test, ['chromium'], 'iterations are those that were searched last', () =>
  onConsole({}, async ({ page }, bench) => {
    await page.goto(await executed(bench, source));
    await becomes(() => page.locator('.iteration').count(), 3);
    const { asked, release } = await held(page, (url) => url.searchParams.get('search') === 'place');
    const search = page.getByLabel('Search iterations');
    await search.fill('place');
    await asked;
    await search.fill('place-2');
    await becomes(() => page.locator('.iteration').count(), 1);
    await release();
    assert.is(await page.locator('.iteration').count(), 1);
  }),
);

testWith(test, ['chromium'], 'the iteration that was chosen last is shown', () =>
  onConsole({}, async ({ page }, bench) => {
    await page.goto(await executed(bench, source));
    const { asked, release } = await held(
      page,
      ({ pathname, searchParams }) => pathname.endsWith('/execution') && searchParams.has('scope'),
    );
    await page.locator('.iteration[data-number="1"]').click();
    await asked;
    await page.locator('.iteration[data-number="3"]').click();
    await page.locator('.scope', { hasText: 'place-3' }).waitFor();
    await release();
    assert.match((await page.locator('.scope').textContent()) ?? '', 'place-3');
  }),
);

testWith(test, ['chromium'], 'the destination that was chosen last is shown with its error', () =>
  onConsole({}, async ({ page }, bench) => {
    await page.goto(await executed(bench, source));
    const { asked, release } = await held(
      page,
      ({ pathname, searchParams }) =>
        pathname.endsWith('/steps') && searchParams.get('state') === 'raised' && searchParams.has('scope'),
    );
    const row = (name: string) => page.locator('.list-destinations .list-row', { hasText: name }).first();
    await row('place-1').click();
    await asked;
    await row('place-3').click();
    const error = page.locator('.drawer .error-text').first();
    await becomes(() => error.textContent(), /place-3 is broken/);
    await release();
    assert.match((await error.textContent()) ?? '', 'place-3 is broken');
  }),
);

testWith(test, ['chromium'], 'a list keeps what is newer', async () => {
  const clock = drivenClock();
  const emulator = await startEmulator({ clock });
  const engine = workflowsEngine(emulator.context);
  engine.workflows.create(parent, 'own', {
    sourceContents: `
main:
  steps:
    - each: {for: {value: number, range: [1, 100], steps: [{one: {assign: [a: '\${number}']}}]}}
    - last: {call: sys.sleep, args: {seconds: 60}}
`,
  });
  const execution = engine.executions.start(`${parent}/workflows/own`);
  const { page, complaints, close } = await openTab();
  await page.goto(`${emulator.url}/#/execution?name=${encodeURIComponent(execution.record.name)}`);
  await becomes(() => page.locator('.list-steps').getAttribute('aria-rowcount'), '203');
  const { asked, release } = await held(page, (url) => url.searchParams.get('offset') === '200');
  const last = page.locator('.list-steps .list-row', { hasText: 'last' });
  await page.evaluate(`document.querySelector('.list-steps').scrollTop = 1e6`);
  await asked;
  await clock.advance(60_000);
  await page.locator('.title .badge', { hasText: 'succeeded' }).waitFor();
  await last.getByText('succeeded').waitFor({ state: 'attached' });
  await release();
  assert.match((await last.textContent()) ?? '', 'succeeded');
  await close();
  await emulator.close();
  assert.equal(complaints, []);
});

testWith(test, ['chromium'], 'the focus stays on an execution when a newer one comes', () =>
  onConsole({}, async ({ page }, bench) => {
    await executed(bench, source);
    const { executions } = workflowsEngine(bench.emulator.context);
    const start = async () => {
      const execution = executions.start(`${parent}/workflows/own`);
      await execution.over;
      return execution.record.name.split('/').at(-1) ?? '';
    };
    const id = await start();
    await page.goto(`${bench.emulator.url}/#/workflow?name=${parent}/workflows/own`);
    await becomes(() => page.locator('.list-row').count(), 2);
    const focused = () => page.evaluate<string>('document.activeElement.textContent');
    await page.locator('.list').focus();
    await becomes(focused, new RegExp(id.slice(0, 8)));
    await start();
    await becomes(() => page.locator('.list-row').count(), 3);
    await becomes(focused, new RegExp(id.slice(0, 8)));
    await page.keyboard.press('Enter');
    await page.waitForURL((url) => url.href.includes(id));
  }),
);

test.run();
