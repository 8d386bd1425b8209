/** The console page in a real browser where it is asked for what is not there, or not any more. */
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { seed } from '../emulator/registry/seed.ts';
import { becomes, closeBrowser } from './browser.ts';
import { parent } from './console-bench.ts';
import { onConsole, pageOf, started } from './console-page.ts';
import { testWith } from './parts.ts';

test.after(closeBrowser);

const source = `
main:
  steps:
    - outer:
        for:
          value: one
          range: [1, 2]
          steps:
            - inner: {for: {value: two, range: [1, 150], steps: [{step: {assign: [a: '\${two}']}}]}}
`;

testWith(test, ['chromium'], 'a page that was given more than there is shows what there is', () =>
  onConsole({}, async ({ page }, bench) => {
    const execution = started(bench, source);
    await execution.over;
    const rows = () => page.locator('.list-steps .list-row').count();
    // No tab of this name, no step of this number.
    await page.goto(`${pageOf(bench, execution, '1')}&tab=nowhere`);
    await page.locator('[role=tab][aria-selected=true]', { hasText: 'Steps' }).waitFor();
    await page.locator('.list-steps .list-row').first().waitFor();
    await page.goto(`${pageOf(bench, execution, '2')}&scope=99999`);
    await page.locator('.list-steps .list-row').first().waitFor();
    assert.ok((await rows()) > 1);
    // The second page of all iterations, and then those of one outer iteration, which fill but one.
    const inner = page.locator('.iterations', { hasText: 'of 300' });
    await inner.getByRole('button', { name: 'Next' }).click();
    await becomes(() => page.locator('.iteration').count(), 102);
    await becomes(() => page.evaluate('document.activeElement.textContent'), 'Back');
    await page.locator('.iteration[data-number="2"]').first().click();
    await page.locator('.scope').waitFor();
    await becomes(() => page.locator('.iteration').count(), 152);
  }),
);

testWith(test, ['chromium'], 'going back leads to where one was', () =>
  onConsole({}, async ({ page }, { emulator }) => {
    for (let number = 0; number < 60; number++) seed(emulator.registry, `${parent}/repositories/r${number}`);
    await page.goto(`${emulator.url}/#/repositories`);
    await page.locator('.repository', { hasText: 'r59' }).scrollIntoViewIfNeeded();
    const scrolled = () => page.evaluate<number>('Math.round(scrollY)');
    await becomes(async () => (await scrolled()) > 500, true);
    await becomes(
      async () => page.evaluate('Math.round(history.state?.scroll) === Math.round(scrollY)'),
      true,
    );
    const before = await scrolled();
    await page.getByRole('link', { name: 'Workflows' }).evaluate((link: { click(): void }) => link.click());
    await page.getByText('No workflow is deployed').waitFor();
    await becomes(scrolled, 0);
    await page.goBack();
    await becomes(scrolled, before);
    // A page that is gone to anew begins at its top.
    await page.goForward();
    await page.getByRole('link', { name: 'Repositories' }).click();
    await page.locator('.repository', { hasText: 'r59' }).waitFor();
    await becomes(scrolled, 0);
  }),
);

test.run();
