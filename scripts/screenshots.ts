/**
 * `npm run screenshots`: takes the README's pictures of the console page anew, of a run of the demo in which one
 * destination fails. Needs Chromium.
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';
import { drivenClock } from '../emulator/clock.ts';
import { workflowsEngine } from '../emulator/workflows/service.ts';
import { repositoriesOf, resourceName } from '../generator/plan.ts';
import { makeWorld } from './demo/world.ts';
import { runCommand } from './flags.ts';

const folder = fileURLToPath(new URL('../docs/images/', import.meta.url));

/** The copy to the last follower stops where its quota is used up. */
const faults = [
  {
    copy: '*asia-east1*',
    fail: { status: 'RESOURCE_EXHAUSTED', message: 'The quota of asia-east1 is used up.', afterVersions: 6 },
  },
] as const;

/** When that copy has failed and the others go on, in milliseconds after the start. */
const middle = 4500;

async function screenshots(): Promise<number> {
  const found = spawnSync('sh', ['-c', 'command -v chromium || command -v google-chrome'], {
    encoding: 'utf8',
  });
  const executablePath = found.stdout.trim();
  if (executablePath === '') {
    console.error('screenshots: there is no Chromium; install it, so that "chromium" is found on the PATH');
    return 1;
  }
  mkdirSync(folder, { recursive: true });
  // Time stands still while a picture is taken, however long the page takes.
  const clock = drivenClock({ start: Date.now() });
  const { emulator, plan, workflow } = await makeWorld(
    (what, text) => console.log(what.padEnd(10), text),
    () => {},
    faults,
    clock,
  );
  const browser = await chromium.launch({
    executablePath,
    args: process.getuid?.() === 0 ? ['--no-sandbox'] : [],
  });
  try {
    const page = await browser.newPage({ viewport: { width: 1280, height: 800 }, colorScheme: 'light' });
    const take = async (name: string, height: number) => {
      await page.setViewportSize({ width: 1280, height });
      await page.screenshot({ path: `${folder}${name}.png` });
      console.log('wrote', `docs/images/${name}.png`);
    };
    const execution = workflowsEngine(emulator.context).executions.start(workflow, {
      executionHistoryLevel: 'EXECUTION_HISTORY_DETAILED',
    });
    await page.goto(`${emulator.url}/#/execution?name=${execution.record.name}`);
    await clock.advance(middle);
    await page.locator('.list-destinations .list-row', { hasText: 'failed' }).waitFor();
    await page.locator('.list-destinations .list-row', { hasText: 'running' }).first().waitFor();
    await take('console-execution', 800);
    while (!execution.isOver) await clock.advance(1000);
    const names = repositoriesOf(plan).map(resourceName);
    await page.goto(`${emulator.url}/#/repositories?compare=${names.join(',')}`);
    await page.locator('tbody td').first().waitFor();
    await take('console-repositories', 460);
    return 0;
  } finally {
    await browser.close();
    await emulator.close();
  }
}

await runCommand('screenshots', screenshots);
