/** Reports as a reader's browser shows them. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import axe from 'axe-core';
import type { Page } from 'playwright-core';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { openRegistry } from '../job/registry/open.ts';
import { type DestinationOutcome, planAll } from '../scripts/plan/plan.ts';
import { registryEnvironment } from '../scripts/plan/registry.ts';
import { reportFile } from '../scripts/report/file.ts';
import { writePlanReport } from '../scripts/report/write-plan.ts';
import { closeBrowser, openTab } from './browser.ts';
import { type DeployBench, startDeployBench } from './deploy-bench.ts';
import { hasPart, testWith } from './parts.ts';
import { deployed, fillBoth, followers, runAndReport } from './report-bench.ts';

const test = suite('report in a browser');

let bench: DeployBench;
let files: string[];
test.before(async () => {
  if (!hasPart('chromium')) return;
  bench = await startDeployBench({ behavior: { copyVersionsPerSecond: 1, copyStartSeconds: 2 } });
  const names = followers(3);
  fillBoth(bench, names, { versions: 14, own: 3, packages: ['app', '<script>alert(1)</script>'] });
  const [first = '', ...others] = names;
  const { plan } = await deployed(bench, [{ name: first, mirror: { maxDeletionShare: 1 } }, ...others], {
    job: true,
  });
  const planned = join(bench.folder, 'plan.html');
  const outcomes: DestinationOutcome[] = [];
  const registry = openRegistry({ env: registryEnvironment(bench.session.target) });
  for await (const outcome of planAll([plan], registry, () => {})) outcomes.push(outcome);
  await writePlanReport(await reportFile(planned), [plan], outcomes);
  bench.emulator.faults.set([{ copy: others[0] ?? '', fail: { message: 'quota <b>exceeded</b>' } }]);
  const run = join(bench.folder, 'run.html');
  writeFileSync(run, await runAndReport(bench, plan));
  files = [planned, run];
});
test.after(async () => {
  await closeBrowser();
  await bench?.close();
});

/** Opens each report, and fails on whatever it asks for or complains about. */
async function withPages(
  { width, colorScheme = 'light' }: { readonly width: number; readonly colorScheme?: 'light' | 'dark' },
  body: (page: Page, file: string) => Promise<void>,
): Promise<void> {
  const { page, complaints, close } = await openTab({ viewport: { width, height: 900 }, colorScheme });
  const asked: string[] = [];
  page.on('request', (request) => asked.push(request.url()));
  try {
    for (const file of files) {
      await page.goto(pathToFileURL(file).href);
      await body(page, file);
    }
    assert.equal(
      asked,
      files.map((file) => pathToFileURL(file).href),
    );
    assert.equal(complaints, []);
  } finally {
    await close();
  }
}

for (const colorScheme of ['light', 'dark'] as const)
  testWith(test, ['chromium'], `no serious finding of axe-core, ${colorScheme}`, () =>
    withPages({ width: 1280, colorScheme }, async (page, file) => {
      // What is closed is looked at too.
      await page.evaluate('document.querySelectorAll("details").forEach((one) => { one.open = true; })');
      await page.evaluate(axe.source);
      const { violations } = (await page.evaluate('axe.run(document)')) as {
        violations: { id: string; impact: string; nodes: { html: string; failureSummary: string }[] }[];
      };
      const serious = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical');
      assert.equal(
        serious.map(({ id, nodes }) => [id, nodes[0]?.html, nodes[0]?.failureSummary]),
        [],
        file,
      );
    }),
  );

for (const width of [360, 1920])
  testWith(test, ['chromium'], `no sideways scrolling at ${width} px, open or closed`, () =>
    withPages({ width }, async (page, file) => {
      for (const open of [false, true]) {
        await page.evaluate(`document.querySelectorAll("details").forEach((one) => { one.open = ${open}; })`);
        assert.is(await page.evaluate('document.documentElement.scrollWidth'), width, file);
      }
    }),
  );

testWith(test, ['chromium'], 'what came from a registry is text, and paper shows what is closed', () =>
  withPages({ width: 1280 }, async (page, file) => {
    assert.is(await page.evaluate('document.scripts.length + document.querySelectorAll("main b").length'), 0);
    assert.is(await page.evaluate('document.querySelectorAll("h1").length'), 1);
    await page.emulateMedia({ media: 'screen' });
    const closed = page.locator('details:not([open]) table').first();
    assert.is(await closed.isVisible(), false, file);
    await page.emulateMedia({ media: 'print' });
    const height = (await page.evaluate(
      'document.querySelector("details:not([open]) table").getBoundingClientRect().height',
    )) as number;
    assert.ok(height > 50, `${file}: ${height}`);
  }),
);

test.run();
