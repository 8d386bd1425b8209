/** The console page in a real browser where it is asked for what is not there, or not any more. */
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { workflowsEngine } from '../emulator/workflows/service.ts';
import { becomes, closeBrowser, openTab } from './browser.ts';
import { parent } from './console-bench.ts';
import { withBench } from './harness.ts';
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
  withBench({}, async ({ emulator }) => {
    const engine = workflowsEngine(emulator.context);
    engine.workflows.create(parent, 'own', { sourceContents: source });
    const execution = engine.executions.start(`${parent}/workflows/own`);
    await execution.over;
    const { page, complaints, close } = await openTab();
    const address = `#/execution?name=${encodeURIComponent(execution.record.name)}`;
    const rows = () => page.locator('.list-steps .list-row').count();
    // No tab of this name, no step of this number.
    await page.goto(`${emulator.url}/?1${address}&tab=nowhere`);
    await page.locator('[role=tab][aria-selected=true]', { hasText: 'Steps' }).waitFor();
    await page.locator('.list-steps .list-row').first().waitFor();
    await page.goto(`${emulator.url}/?2${address}&scope=99999`);
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
    await close();
    assert.equal(complaints, []);
  }),
);

test.run();
