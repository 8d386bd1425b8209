/** The console page in a real browser where names are long and counts large. */
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { seed } from '../emulator/registry/seed.ts';
import { workflowsEngine } from '../emulator/workflows/service.ts';
import { closeBrowser, openTab } from './browser.ts';
import { digest, parent, repository } from './console-bench.ts';
import { withBench } from './harness.ts';
import { testWith } from './parts.ts';

test.after(closeBrowser);

testWith(test, ['chromium'], 'long names are told apart and large counts are read, narrow and wide', () =>
  withBench({}, async ({ emulator }) => {
    const place = 'projects/a-project-with-a-long-id-0123/locations/northamerica-northeast1/repositories';
    const engine = workflowsEngine(emulator.context);
    engine.workflows.create(parent, 'named', {
      sourceContents: `
main:
  steps:
    - each:
        for:
          value: number
          range: [1, 2]
          steps:
            - tell:
                call: sys.log
                args: {json: {message: started, replicator: {destination: '\${"${place}/prod-" + string(number)}', phase: await, counts: {copied: 12345, total: 123456}}}}
`,
    });
    const execution = engine.executions.start(`${parent}/workflows/named`);
    await execution.over;
    const names = [repository('europe-west1'), `${place}/prod-1`];
    const packages = { app: [{ id: digest(1), tags: ['v1', `v1-${'x'.repeat(120)}`], image: {} }] };
    for (const name of names) seed(emulator.registry, name, { packages });
    const { page, close } = await openTab();
    const found: string[] = [];
    for (const width of [360, 768, 1280]) {
      await page.setViewportSize({ width, height: 800 });
      await page.goto(
        `${emulator.url}/?${width}#/execution?name=${encodeURIComponent(execution.record.name)}&step=1`,
      );
      await page.locator('.drawer h3').first().waitFor();
      await page.locator('.list-destinations .list-row').nth(1).waitFor();
      const cut = await page.evaluate<string[]>(
        `[...document.querySelectorAll('.list-destinations .progress > span, .list-destinations .parted > :last-child')]
          .filter((one) => one.scrollWidth > one.clientWidth).map(({ textContent }) => textContent)`,
      );
      found.push(...cut.map((text) => `${width}: ${text} is cut`));
      const close = await page.evaluate<number>(`document.querySelector('.close').clientHeight`);
      if (close > 40) found.push(`${width}: the button is ${close} high`);
      await page.goto(
        `${emulator.url}/?${width}#/package?package=app&by=versions&compare=${encodeURIComponent(names.join())}`,
      );
      await page.locator('tbody .tag').first().waitFor();
      const lines = await page.evaluate<number>(
        `document.querySelector('tbody th .mono').getClientRects().length`,
      );
      if (lines > 1) found.push(`${width}: a digest is broken into ${lines}`);
      const wide = await page.evaluate<number>(`document.querySelector('tbody td').clientWidth`);
      if (wide > 500) found.push(`${width}: a tag makes its column ${wide} wide`);
    }
    await close();
    assert.equal(found, []);
  }),
);

test.run();
