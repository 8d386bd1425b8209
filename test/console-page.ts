/** The console page in a real browser, on an emulator of its own. */
import * as assert from 'uvu/assert';
import type { EmulatorOptions } from '../emulator/server.ts';
import type { Execution } from '../emulator/workflows/execution.ts';
import { workflowsEngine } from '../emulator/workflows/service.ts';
import { openTab, type Tab } from './browser.ts';
import { parent } from './console-bench.ts';
import { type Bench, withBench } from './harness.ts';

/** A page on an emulator; at the end nothing may have gone wrong in it. */
export function onConsole(
  options: EmulatorOptions,
  body: (tab: Tab, bench: Bench) => Promise<void>,
): Promise<void> {
  return withBench(options, async (bench) => {
    const tab = await openTab();
    try {
      await body(tab, bench);
    } finally {
      await tab.close();
    }
    assert.equal(tab.complaints, []);
  });
}

/** Deploys a source and starts it. */
export function started({ emulator }: Bench, source: string): Execution {
  const engine = workflowsEngine(emulator.context);
  engine.workflows.create(parent, 'own', { sourceContents: source });
  return engine.executions.start(`${parent}/workflows/own`);
}

/**
 * The address of an execution's page.
 *
 * @param load another text loads the page anew, where else only its address would change
 */
export const pageOf = ({ emulator }: Bench, { record }: Pick<Execution, 'record'>, load = ''): string =>
  `${emulator.url}/?${load}#/execution?name=${encodeURIComponent(record.name)}`;
