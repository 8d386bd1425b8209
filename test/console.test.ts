/** The console page in a real browser: what a person does with it. */
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { type DrivenClock, drivenClock } from '../emulator/clock.ts';
import { seed } from '../emulator/registry/seed.ts';
import type { Execution } from '../emulator/workflows/execution.ts';
import { workflowsEngine } from '../emulator/workflows/service.ts';
import { becomes, closeBrowser, openTab } from './browser.ts';
import { config, digest, parent, repository } from './console-bench.ts';
import { onConsole, pageOf, started } from './console-page.ts';
import { type Bench, deploy } from './harness.ts';
import { testWith } from './parts.ts';

test.after(closeBrowser);

/** A leader with three versions, two followers, and their workflow. */
async function replicator({ emulator }: Bench): Promise<(argument?: unknown) => Execution> {
  seed(emulator.registry, repository('europe-west1'), {
    packages: { app: [1, 2, 3].map((digit) => ({ id: digest(digit), tags: [`v${digit}`], image: {} })) },
  });
  for (const location of ['us-central1', 'asia-east1']) seed(emulator.registry, repository(location));
  await deploy(emulator, config);
  return (argument) =>
    workflowsEngine(emulator.context).executions.start(
      `${parent}/workflows/replicator`,
      argument === undefined ? {} : { argument: JSON.stringify(argument) },
    );
}

const slow = `
main:
  steps:
    - tell:
        call: sys.log
        args: {json: {message: started, replicator: {destination: far-away, phase: copy, counts: {copied: 0, total: 8}}}}
    - wait:
        call: sys.sleep
        args: {seconds: 60}
    - tell_more:
        call: sys.log
        args: {json: {message: half, replicator: {destination: far-away, phase: await, counts: {copied: 4, total: 8}}}}
    - wait_again:
        call: sys.sleep
        args: {seconds: 60}
    - over:
        call: sys.log
        args: {json: {message: done, replicator: {destination: far-away, phase: result, state: succeeded, counts: {copied: 8, total: 8}}}}
    - finished:
        return: {message: all is well}
`;

testWith(test, ['chromium'], 'a run is followed from its start to its end, without a reload', () => {
  const clock: DrivenClock = drivenClock();
  return onConsole({ clock }, async ({ page }, bench) => {
    const execution = started(bench, slow);
    await page.goto(pageOf(bench, execution));
    await page.locator('.title .badge', { hasText: 'running' }).waitFor();
    await page.locator('.box[data-state="running"]', { hasText: 'wait' }).waitFor();
    await page.locator('.list-destinations .list-row', { hasText: '0 of 8' }).waitFor();
    await clock.advance(60_000);
    await page.locator('.list-destinations .list-row', { hasText: '4 of 8' }).waitFor();
    await page.locator('.box[data-state="running"]', { hasText: 'wait_again' }).waitFor();
    await page.locator('.list-steps .list-row', { hasText: 'tell_more' }).waitFor();
    await clock.advance(60_000);
    await page.locator('.title .badge', { hasText: 'succeeded' }).waitFor();
    await page.locator('.list-destinations .list-row', { hasText: '8 of 8' }).waitFor();
    await page.locator('.box[data-state="succeeded"]', { hasText: 'finished' }).waitFor();
    await becomes(() => page.locator('.box[data-state="running"]').count(), 0);
    await becomes(() => page.locator('#announcer').textContent(), /succeeded/);
    await page.getByRole('tab', { name: 'Argument and result' }).click();
    await page.getByText('"message": "all is well"').waitFor();
  });
});

testWith(
  test,
  ['chromium'],
  'what failed is found from the first page in two clicks, with its error and its place',
  () =>
    onConsole(
      { faults: [{ copy: '*asia-east1*', fail: { message: 'The quota is used up.' } }] },
      async ({ page }, bench) => {
        const start = await replicator(bench);
        await start().over;
        await page.goto(bench.emulator.url);
        await page.locator('.list-executions .list-row', { hasText: 'failed' }).click();
        await page.locator('.list-destinations .list-row').first().getByText('asia-east1/acme/prod').click();
        const drawer = page.locator('.drawer');
        await drawer
          .getByText(/The quota is used up/)
          .first()
          .waitFor();
        await drawer.getByText(/Source, line \d+/).waitFor();
        await page.locator('.scope', { hasText: 'asia-east1/acme/prod' }).waitFor();
        await page.locator('.box.selected').waitFor();
        // All of it is in the address: whoever is sent it sees the same.
        const { url, close, ...other } = { url: page.url(), ...(await openTab()) };
        await other.page.goto(url);
        await other.page
          .locator('.drawer')
          .getByText(/The quota is used up/)
          .first()
          .waitFor();
        await close();
      },
    ),
);

testWith(test, ['chromium'], 'a step that raised is found by where errors began', () =>
  onConsole({}, async ({ page }, bench) => {
    const execution = started(
      bench,
      `
main:
  steps:
    - outer:
        call: inner
inner:
  steps:
    - breaks:
        raise: it is broken
`,
    );
    await execution.over;
    await page.goto(pageOf(bench, execution));
    await page.locator('.error-panel', { hasText: 'it is broken' }).waitFor();
    await page.getByRole('button', { name: 'inner › breaks' }).click();
    await page.locator('.drawer', { hasText: 'it is broken' }).waitFor();
    await page.keyboard.press('Escape');
    await page.getByLabel('Which steps').selectOption('raised');
    await page.locator('.list-steps .list-row', { hasText: 'breaks' }).waitFor();
    await becomes(() => page.locator('.list-steps .list-row').count(), 1);
  }),
);

testWith(test, ['chromium'], 'a run is cancelled', () => {
  const clock = drivenClock();
  return onConsole({ clock }, async ({ page }, bench) => {
    const execution = started(bench, slow);
    await page.goto(pageOf(bench, execution));
    // Left while it waits for news, and come back to.
    await page.getByRole('link', { name: 'Repositories' }).click();
    await page.getByText('There is no repository').waitFor();
    await page.goBack();
    await page.getByRole('button', { name: 'Cancel', exact: true }).click();
    await page.locator('.title .badge', { hasText: 'cancelled' }).waitFor();
    await page.locator('.box[data-state="cancelled"]', { hasText: 'wait' }).waitFor();
    await page.locator('.list-destinations .list-row', { hasText: 'stopped' }).waitFor();
    assert.is(execution.record.state, 'CANCELLED');
    await becomes(() => page.getByRole('button', { name: 'Cancel', exact: true }).count(), 0);
  });
});

testWith(test, ['chromium'], 'a run is run again with its argument, and dry with it', () =>
  onConsole({}, async ({ page }, bench) => {
    const start = await replicator(bench);
    const first = start({ destinations: ['us-central1-prod'] });
    await first.over;
    const { executions } = workflowsEngine(bench.emulator.context);
    const last = () => executions.list(`${parent}/workflows/replicator`).at(-1)?.record;
    await page.goto(pageOf(bench, first));
    await page.getByRole('button', { name: 'Run again' }).click();
    await page.waitForURL((url) => !url.href.includes(first.record.name.split('/').at(-1) ?? ''));
    await page.locator('.title .badge', { hasText: 'succeeded' }).waitFor();
    assert.equal(JSON.parse(last()?.argument ?? ''), { destinations: ['us-central1-prod'] });
    // It keeps what the first one did not: what went into each step and came out.
    await page.locator('.list-steps .list-row', { hasText: 'read_arguments' }).first().click();
    await page.locator('.drawer h3', { hasText: 'Input' }).waitFor();
    await page.keyboard.press('Escape');
    const posted = () => bench.requests.filter(({ path }) => path.endsWith(':copyRepository')).length;
    const before = posted();
    await page.getByRole('button', { name: 'Dry run' }).click();
    await page.locator('.list-destinations .list-row', { hasText: 'dry run' }).waitFor();
    await page.locator('.title .badge', { hasText: 'succeeded' }).waitFor();
    assert.equal(JSON.parse(last()?.argument ?? ''), { destinations: ['us-central1-prod'], dryRun: true });
    assert.is(posted(), before);
  }),
);

testWith(
  test,
  ['chromium'],
  'a workflow is run with an argument; one that is no JSON is refused where it was written',
  () =>
    onConsole({}, async ({ page }, bench) => {
      await replicator(bench);
      await page.goto(`${bench.emulator.url}/#/workflow?name=${parent}/workflows/replicator`);
      const argument = page.getByRole('textbox', { name: 'Argument' });
      await argument.fill('{"destinations": oops}');
      await page.getByRole('button', { name: 'Dry run' }).click();
      await page.locator('.fault', { hasText: 'no JSON' }).waitFor();
      await argument.fill('{"destinations": ["asia-east1-prod"]}');
      await page.getByRole('button', { name: 'Run', exact: true }).click();
      await page.locator('.title .badge', { hasText: 'succeeded' }).waitFor();
      await becomes(() => page.locator('.list-destinations .list-row').count(), 1);
    }),
);

testWith(test, ['chromium'], 'repositories are compared as they change', () =>
  onConsole({}, async ({ page }, bench) => {
    const start = await replicator(bench);
    const { registry } = bench.emulator;
    await page.goto(`${bench.emulator.url}/#/repositories`);
    const row = page.locator('.repository', { hasText: 'us-central1/acme/prod' });
    await row.getByText('6 missing').waitFor();
    await start().over;
    await row.getByText('equal').waitFor();
    await page.getByRole('link', { name: 'Compare side by side' }).click();
    await page.locator('tbody td').getByText('equal').nth(1).waitFor();
    await page.getByText('Choose repositories').click();
    await page.getByLabel('asia-east1/acme/prod is the leader').check();
    await page.getByRole('button', { name: 'Compare' }).click();
    await page.locator('thead th', { hasText: /asia-east1.*leader/ }).waitFor();
    await page.goBack();
    await page.locator('thead th', { hasText: /europe-west1.*leader/ }).waitFor();
    registry
      .repository(repository('us-central1'))
      .record({ is: 'tag', package: 'app', tag: 'v1', version: digest(2) });
    await page.locator('tbody td').getByText('1 different').waitFor();
    await page.getByRole('link', { name: 'app', exact: true }).click();
    await page.locator('tr', { hasText: 'v1' }).getByText('other digest').waitFor();
    await page.getByLabel('Only what differs').check();
    await page.locator('tr', { hasText: 'v3' }).waitFor({ state: 'detached' });
    registry
      .repository(repository('us-central1'))
      .record({ is: 'version gone', package: 'app', version: digest(3) });
    await page.locator('tr', { hasText: 'v3' }).getByText('missing here').waitFor();
    await page.getByRole('link', { name: 'Versions' }).click();
    await page.locator('tr', { hasText: '333333333333' }).getByText('missing here').waitFor();
  }),
);

testWith(test, ['chromium'], 'the keyboard is enough', () =>
  onConsole({}, async ({ page }, bench) => {
    const execution = started(
      bench,
      'main: {steps: [{first: {assign: [a: 1]}}, {second: {assign: [b: 2]}}]}',
    );
    await execution.over;
    await page.goto(bench.emulator.url);
    await page.locator('.list-executions .list-row').waitFor();
    const focused = (what: string) => page.evaluate(`document.activeElement?.${what}`);
    await page.keyboard.press('Tab');
    await becomes(() => focused('textContent'), /Skip/);
    await page.keyboard.press('Enter');
    await becomes(() => focused('id'), 'main');
    await page.keyboard.press('Tab');
    await becomes(() => focused('textContent'), 'own');
    await page.keyboard.press('Tab');
    await becomes(() => focused('getAttribute("role")'), 'row');
    await page.keyboard.press('Shift+Tab');
    await becomes(() => focused('textContent'), 'own');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await page.locator('.title .badge', { hasText: 'succeeded' }).waitFor();
    await page.locator('.list-steps').focus();
    await page.keyboard.press('ArrowDown');
    await becomes(() => focused('textContent'), /second/);
    await page.keyboard.press('Enter');
    await page.locator('.drawer', { hasText: 'second' }).waitFor();
    await page.keyboard.press('Escape');
    await page.locator('.drawer').waitFor({ state: 'hidden' });
    await becomes(() => focused('textContent'), /second/);
    const tab = page.getByRole('tab', { name: 'Steps' });
    await tab.focus();
    await page.keyboard.press('ArrowRight');
    await becomes(() => focused('textContent'), 'Log entries');
    const outline = await page.evaluate(`getComputedStyle(document.activeElement).outlineStyle`);
    assert.is(outline, 'solid');
  }),
);

test.run();
