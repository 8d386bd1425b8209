/** The console page in a real browser, with a keyboard alone. */
import { test } from 'uvu';
import { drivenClock } from '../emulator/clock.ts';
import { workflowsEngine } from '../emulator/workflows/service.ts';
import { becomes, closeBrowser } from './browser.ts';
import { parent } from './console-bench.ts';
import { onConsole, pageOf, started } from './console-page.ts';
import { testWith } from './parts.ts';

test.after(closeBrowser);

const source = `
main:
  steps:
    - each: {for: {value: number, range: [1, 200], steps: [{one: {assign: [a: '\${number}']}}]}}
    - last: {raise: it is broken}
`;

testWith(test, ['chromium'], 'the focus is never lost', () =>
  onConsole({}, async ({ page }, bench) => {
    const execution = started(bench, source);
    await execution.over;
    const { keyboard } = page;
    const focused = () =>
      page.evaluate<string>(`(() => {
      const { id, className, textContent } = document.activeElement;
      return id + ' ' + className + ' ' + textContent.slice(0, 60);
    })()`);
    await page.goto(pageOf(bench, execution, '1'));
    await becomes(() => page.locator('.list-steps').getAttribute('aria-rowcount'), '403');
    // The last row has to be asked for first; what is opened is what has the focus.
    await page.locator('.list-steps').focus();
    await becomes(focused, /list-row .*each main/);
    await keyboard.press('End');
    await becomes(focused, /list-row .*last main/);
    await keyboard.press('Enter');
    await page.locator('.drawer h2', { hasText: 'last' }).waitFor();
    await becomes(focused, /step-title/);
    await keyboard.press('Escape');
    await becomes(focused, /list-row .*last main/);
    // A step that was opened by a button leads back to it.
    await page.getByRole('button', { name: 'main › last' }).focus();
    await keyboard.press('Enter');
    await becomes(focused, /step-title/);
    await keyboard.press('Escape');
    await becomes(focused, /plain main › last/);
    // What is shown alone, and everything again.
    await page.locator('.iteration[data-number="3"]').focus();
    const place = () =>
      page.evaluate<string>(
        `(({ offsetTop, offsetLeft }) => offsetTop + ' ' + offsetLeft)(document.activeElement)`,
      );
    const [top = 0, left = 0] = (await place()).split(' ').map(Number);
    await keyboard.press('ArrowDown');
    await becomes(async () => Number((await place()).split(' ')[0]) > top, true);
    await becomes(async () => Number((await place()).split(' ')[1]), left);
    await keyboard.press('ArrowUp');
    await becomes(place, `${top} ${left}`);
    await keyboard.press('Enter');
    await page.getByRole('button', { name: 'Show everything' }).focus();
    await keyboard.press('Enter');
    await page.locator('.scope').waitFor({ state: 'hidden' });
    await becomes(focused, /graph-frame/);
    await page.locator('.box-button', { hasText: 'last' }).focus();
    await keyboard.press('Enter');
    await page.locator('.chip').focus();
    await keyboard.press('Enter');
    await page.locator('.chip').waitFor({ state: 'detached' });
    await becomes(() => page.evaluate('document.activeElement.ariaLabel'), 'Search steps by name');
    // One that the address names was opened by nothing.
    await page.goto(`${pageOf(bench, execution, '2')}&step=1`);
    await becomes(focused, /step-title/);
    await keyboard.press('Escape');
    await becomes(focused, /^main /);
  }),
);

testWith(test, ['chromium'], 'the focus outlives the buttons of a run that ends', () => {
  const clock = drivenClock();
  return onConsole({ clock }, async ({ page }, bench) => {
    const engine = workflowsEngine(bench.emulator.context);
    const sourceContents = 'main: {steps: [{wait: {call: sys.sleep, args: {seconds: 60}}}]}';
    engine.workflows.create(parent, 'own', { sourceContents });
    const focused = () => page.evaluate('document.activeElement.id + document.activeElement.textContent');
    const show = async (state: string, button: string) => {
      const execution = engine.executions.start(`${parent}/workflows/own`);
      await page.goto(pageOf(bench, execution, state));
      await page.getByRole('button', { name: button, exact: true }).focus();
    };
    await show('succeeded', 'Run again');
    await clock.advance(60_000);
    await page.locator('.title .badge', { hasText: 'succeeded' }).waitFor();
    await becomes(focused, 'Run again');
    await show('cancelled', 'Cancel');
    await page.keyboard.press('Enter');
    await page.locator('.title .badge', { hasText: 'cancelled' }).waitFor();
    await becomes(focused, /^main/);
  });
});

test.run();
