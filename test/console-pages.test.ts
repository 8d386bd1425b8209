/** Every page of the console in a real browser: for everybody, on every screen, with much in it and with malice in it. */
import axe from 'axe-core';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { seed } from '../emulator/registry/seed.ts';
import type { Emulator } from '../emulator/server.ts';
import { workflowsEngine } from '../emulator/workflows/service.ts';
import { becomes, closeBrowser, openTab } from './browser.ts';
import { digest, parent, repository } from './console-bench.ts';
import { withBench } from './harness.ts';
import { testWith } from './parts.ts';

test.after(closeBrowser);

/** Two destinations, one of which fails after a retry; a loop, a jump, a dry run that it knows. */
const source = `
main:
  params: [given]
  steps:
    - dry:
        assign:
          - dryRun: \${given}
    - all:
        parallel:
          for:
            value: place
            in: [us-central1, asia-east1]
            steps:
              - copy:
                  call: copy
                  args: {place: '\${place}'}
copy:
  params: [place]
  steps:
    - name_it:
        assign:
          - name: '\${"projects/acme/locations/" + place + "/repositories/prod"}'
    - tell:
        call: sys.log
        args: {json: {message: started, replicator: {destination: '\${name}', phase: await, counts: {copied: 1, total: 3}}}}
    - attempt:
        try:
          steps:
            - ask:
                switch:
                  - condition: '\${place == "asia-east1"}'
                    raise: the quota of asia-east1 is used up
        retry: {predicate: '\${always}', max_retries: 1, backoff: {initial_delay: 1, max_delay: 1, multiplier: 1}}
        except:
          as: e
          steps:
            - tell_failure:
                call: sys.log
                args: {severity: ERROR, json: {message: '\${e}', replicator: {destination: '\${name}', phase: result, state: failed, seconds: 2}}}
            - give_up:
                raise: '\${e}'
    - tell_success:
        call: sys.log
        args: {json: {message: done, replicator: {destination: '\${name}', phase: result, state: succeeded, seconds: 1, counts: {copied: 3, total: 3}}}}
always:
  params: [e]
  steps:
    - yes: {return: true}
`;

/** Deploys and executes a source. @returns the execution's name */
async function executed({ context }: Emulator, id: string, sourceContents: string): Promise<string> {
  const engine = workflowsEngine(context);
  engine.workflows.create(parent, id, { sourceContents, description: `What ${id} is for` });
  const execution = engine.executions.start(`${parent}/workflows/${id}`, {
    executionHistoryLevel: 'EXECUTION_HISTORY_DETAILED',
  });
  await execution.over;
  return execution.record.name;
}

interface Violation {
  readonly id: string;
  readonly impact: string;
  readonly nodes: readonly { readonly target: readonly string[]; readonly failureSummary: string }[];
}

testWith(test, ['chromium'], 'every page is for everybody: light and dark, narrow and wide', () =>
  withBench({}, async ({ emulator }) => {
    const execution = await executed(emulator, 'replicator', source);
    const packages = {
      app: [
        { id: digest(1), tags: ['v1'], image: {} },
        { id: digest(2), tags: ['v2'], image: {} },
      ],
    };
    seed(emulator.registry, repository('europe-west1'), { packages });
    seed(emulator.registry, repository('us-central1'), {
      packages: { app: [{ id: digest(1), tags: ['v2', 'x'], image: {} }] },
    });
    const compare = encodeURIComponent([repository('europe-west1'), repository('us-central1')].join());
    const name = encodeURIComponent(execution);
    const pages: Record<string, [address: string, shown: string]> = {
      workflows: ['#/', '.list-row'],
      workflow: [`#/workflow?name=${parent}/workflows/replicator`, '.list-row'],
      execution: [`#/execution?name=${name}`, '.list-steps .list-row'],
      'log entries': [`#/execution?name=${name}&tab=logs`, '.list-logs .list-row'],
      'argument and result': [`#/execution?name=${name}&tab=data`, '.code'],
      step: [`#/execution?name=${name}&step=3`, '.drawer h3'],
      repositories: ['#/repositories', '.repository .diff'],
      'side by side': [`#/repositories?compare=${compare}`, 'tbody td'],
      tags: [`#/package?package=app&compare=${compare}`, 'tbody td'],
      versions: [`#/package?package=app&compare=${compare}&by=versions`, 'tbody td'],
      nothing: ['#/nowhere', '.notice'],
    };
    const { page, complaints, close } = await openTab();
    await page.addInitScript(axe.source);
    const found: string[] = [];
    for (const [title, [address, shown]] of Object.entries(pages)) {
      // Another query, so that the page is loaded anew.
      await page.goto(`${emulator.url}/?${encodeURIComponent(title)}${address}`);
      await page.locator(shown).first().waitFor();
      for (const width of [360, 768, 1280, 1920]) {
        await page.setViewportSize({ width, height: 800 });
        const wide = await page.evaluate<number>('document.documentElement.scrollWidth');
        if (wide > width) found.push(`${title} at ${width}: scrolls sideways, ${wide}`);
        if (width === 768 || width === 1920) continue;
        for (const colorScheme of ['light', 'dark'] as const) {
          await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
          const violations = await page.evaluate<Violation[]>(
            `axe.run({ resultTypes: ['violations'] }).then((all) => all.violations.map(({ id, impact, nodes }) => ({ id, impact, nodes: nodes.slice(0, 3).map(({ target, failureSummary }) => ({ target, failureSummary })) })))`,
          );
          for (const { id, impact, nodes } of violations)
            if (impact === 'serious' || impact === 'critical')
              found.push(
                `${title} at ${width}, ${colorScheme}: ${id} ${nodes.map(({ target, failureSummary }) => `${target}: ${failureSummary}`).join('\n')}`,
              );
        }
      }
    }
    await close();
    assert.equal(found, []);
    assert.equal(complaints, []);
  }),
);

testWith(test, ['chromium'], '200 destinations and 20,000 step entries stay usable', () =>
  withBench({}, async ({ emulator }) => {
    const execution = await executed(
      emulator,
      'large',
      `
main:
  steps:
    - all:
        parallel:
          concurrency_limit: 20
          for:
            value: number
            range: [1, 200]
            steps:
              - work:
                  call: work
                  args: {number: '\${number}'}
work:
  params: [number]
  steps:
    - tell:
        call: sys.log
        args: {json: {message: started, replicator: {destination: '\${"place-" + string(number)}', phase: await, counts: {copied: 1, total: 3}}}}
    - each:
        for:
          value: item
          range: [1, 32]
          steps:
            - one: {assign: [a: '\${item}']}
            - two: {assign: [b: '\${a}']}
`,
    );
    const { page, complaints, close } = await openTab();
    // Of what was asked for, and not of the frame around it. What else the machine does can only add to it.
    const paints: number[] = [];
    while (paints.length < 5 && Math.min(...paints) >= 1000) {
      await page.goto(`${emulator.url}/?${paints.length}#/execution?name=${encodeURIComponent(execution)}`);
      await page.locator('.list-destinations .list-row').first().waitFor();
      await page.locator('.list-steps .list-row').first().waitFor();
      await page.locator('.iteration').first().waitFor();
      paints.push(
        await page.evaluate<number>(
          'new Promise((resolve) => requestAnimationFrame(() => resolve(performance.now())))',
        ),
      );
    }
    assert.ok(Math.min(...paints) < 1000, `all is there after ${paints.map(Math.round)} ms`);
    await becomes(() => page.locator('.list-count').first().textContent(), /^2\d,\d{3}$/);
    await becomes(() => page.locator('.list-destinations').getAttribute('aria-rowcount'), '201');
    const nodes = () => page.evaluate<number>(`document.querySelectorAll('*').length`);
    const before = await nodes();
    assert.ok(before < 2500, `${before} elements`);
    for (const part of [0.3, 0.6, 1]) {
      const index = await page.evaluate<number>(`(() => {
        const list = document.querySelector('.list-steps');
        list.scrollTop = (list.scrollHeight - list.clientHeight) * ${part};
        return Math.floor(list.scrollTop / 36) + 5;
      })()`);
      await page.locator(`.list-steps [aria-rowindex="${index}"]`).waitFor();
    }
    assert.ok((await nodes()) < before + 300, `${await nodes()} elements after scrolling`);
    // The iterations as a grid, one of them found by its destination.
    await becomes(() => page.locator('.iteration').count(), 200);
    await page.getByLabel('Search iterations').fill('place-137');
    await page.locator('.iteration[data-number="1"]').waitFor({ state: 'detached' });
    await page.locator('.iteration').click();
    await page.locator('.scope', { hasText: 'place-137' }).waitFor();
    await page
      .locator('.list-count', { hasText: /^1\d\d$/ })
      .first()
      .waitFor();
    await close();
    assert.equal(complaints, []);
  }),
);

testWith(test, ['chromium'], 'hostile names are texts, and run nothing', () =>
  withBench({}, async ({ emulator }) => {
    const evil = `<img src=x onerror="window.pwned=1"><script>window.pwned=1</script>${'x'.repeat(200)}`;
    const id = `evil-${evil}`;
    const { registry, context, url } = emulator;
    seed(registry, repository('europe-west1'), {
      resource: { description: evil },
      packages: { [id]: [{ id: digest(1), tags: [evil], image: { mediaType: evil } }] },
    });
    seed(registry, repository('us-central1'));
    const engine = workflowsEngine(context);
    engine.workflows.create(parent, 'evil', {
      description: evil,
      sourceContents: `
main:
  params: [given]
  steps:
    - tell:
        call: sys.log
        args: {severity: ERROR, json: {message: '\${given}', replicator: {destination: '\${given}', phase: '\${given}', state: '\${given}'}}}
    - fail:
        raise: '\${given}'
`,
    });
    const execution = engine.executions.start(`${parent}/workflows/evil`, {
      argument: JSON.stringify(evil),
      executionHistoryLevel: 'EXECUTION_HISTORY_DETAILED',
    });
    await execution.over;
    const name = encodeURIComponent(execution.record.name);
    const compare = encodeURIComponent([repository('europe-west1'), repository('us-central1')].join());
    // Narrow, so that a long name would be seen to push the page apart.
    const { page, complaints, close } = await openTab({ viewport: { width: 360, height: 800 } });
    for (const [address, shown] of [
      ['#/', '.card .clamp'],
      [`#/workflow?name=${parent}/workflows/evil`, 'main > p'],
      [`#/execution?name=${name}&step=2`, '.drawer .error-text'],
      [`#/execution?name=${name}&tab=logs`, '.list-logs .list-row'],
      [`#/execution?name=${name}&tab=data`, '.code'],
      ['#/repositories', '.repository'],
      [`#/repositories?compare=${compare}`, 'tbody th'],
      [`#/package?package=${encodeURIComponent(id)}&compare=${compare}`, 'tbody th'],
      [`#/package?package=${encodeURIComponent(id)}&compare=${compare}&by=versions`, 'tbody td .tag'],
    ] as const) {
      await page.goto(`${url}/?${encodeURIComponent(shown)}${address}`);
      await page.locator(shown, { hasText: '<img src=x' }).first().waitFor();
      assert.is(await page.evaluate('window.pwned'), undefined, address);
      assert.is(await page.locator('img[src="x"]').count(), 0, address);
      assert.is(await page.evaluate('document.documentElement.scrollWidth'), 360, address);
    }
    await close();
    assert.equal(complaints, []);
  }),
);

test.run();
