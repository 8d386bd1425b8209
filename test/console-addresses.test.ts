/** The console page in a real browser where it is asked for what is not there, or not any more. */
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { becomes, closeBrowser } from './browser.ts';
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

test.run();
