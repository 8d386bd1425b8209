/** The console page in a real browser: what the Cloud Run job does for a destination. */
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { seed } from '../emulator/registry/seed.ts';
import { workflowsEngine } from '../emulator/workflows/service.ts';
import { claimLabel, claimOf } from '../job/difference/guards.ts';
import { becomes, closeBrowser, openTab } from './browser.ts';
import { config, digest, repository } from './console-bench.ts';
import { deploy, deployJob, withBench } from './harness.ts';
import { testWith } from './parts.ts';

test.after(closeBrowser);

const leader = { project: 'acme', location: 'europe-west1', repository: 'prod' };

const mirrored = { ...config, job: true, mirror: { maxDeletionShare: 1 } };

testWith(
  test,
  ['chromium'],
  'a mirror that was refused says why, one that deleted says what; both logs are there',
  () =>
    withBench({}, async ({ emulator }) => {
      const createTime = emulator.clock.now() - 24 * 3600 * 1000;
      // Nothing of this type can be attached to another version, so that its bytes are never asked for.
      const image = { mediaType: 'application/vnd.docker.distribution.manifest.v2+json' };
      const version = (digit: number) => ({ id: digest(digit), tags: [`v${digit}`], createTime, image });
      const { registry } = emulator;
      seed(registry, repository('europe-west1'), { packages: { app: [1, 2].map(version) } });
      const surplus = { app: [3].map(version) };
      seed(registry, repository('us-central1'), {
        packages: surplus,
        resource: { labels: { [claimLabel]: claimOf(leader) } },
      });
      seed(registry, repository('asia-east1'), { packages: surplus });
      const [plan] = await deploy(emulator, mirrored);
      if (!plan) throw new Error('no plan');
      await deployJob(emulator, plan);
      const execution = workflowsEngine(emulator.context).executions.start(
        'projects/acme/locations/europe-west1/workflows/replicator',
        {},
      );
      const { page, complaints, close } = await openTab();
      await page.goto(`${emulator.url}/#/execution?name=${encodeURIComponent(execution.record.name)}`);
      const row = (location: string) =>
        page.locator('.list-destinations .list-row', { hasText: `${location}/acme/prod` });
      await row('asia-east1')
        .getByText(/^mirror refused: .*does not carry the label/)
        .waitFor();
      await row('us-central1').getByText('mirror: 1 tag changed, 1 version deleted').waitFor();
      await page.locator('.title .badge', { hasText: 'failed' }).waitFor();
      await page.getByRole('tab', { name: 'Log entries' }).click();
      const entries = page.locator('.list-logs .list-row');
      await entries.filter({ hasText: 'us-central1-prod: mirror started' }).waitFor();
      const deletion = entries.filter({ hasText: /delete app@sha256:3+:/ });
      await becomes(() => deletion.textContent(), /job replicator-\w+, task 0/);
      await deletion.click();
      await page.locator('.drawer', { hasText: '"action": "delete-version"' }).waitFor();
      await page.keyboard.press('Escape');
      await page.locator('.drawer').waitFor({ state: 'hidden' });
      await close();
      assert.equal(complaints, []);
    }),
);

test.run();
