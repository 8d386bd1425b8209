/** A real browser for tests of the console page: pages that tell what went wrong in them. */
import { spawnSync } from 'node:child_process';
import { setTimeout as pause } from 'node:timers/promises';
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import * as assert from 'uvu/assert';

/** A page, and what its console and its Content-Security-Policy complained of. */
export interface Tab {
  readonly page: Page;
  /** Complete once it is closed. */
  readonly complaints: readonly string[];
  close(): Promise<void>;
}

let browser: Promise<Browser> | undefined;

/** Starts the browser at its first use; a test file closes it at its end. */
function theBrowser(): Promise<Browser> {
  browser ??= chromium.launch({
    executablePath: spawnSync('sh', ['-c', 'command -v chromium'], { encoding: 'utf8' }).stdout.trim(),
    // Without a user of its own, as in a container, Chromium cannot make its sandbox.
    args: process.getuid?.() === 0 ? ['--no-sandbox'] : [],
  });
  return browser;
}

/** Opens a page of its own context. */
export async function openTab(options: BrowserContextOptions = {}): Promise<Tab> {
  const context = await (await theBrowser()).newContext({
    viewport: { width: 1280, height: 800 },
    ...options,
  });
  context.setDefaultTimeout(30_000);
  // What the policy forbids fails silently where a script catches it.
  await context.addInitScript(`document.addEventListener('securitypolicyviolation',
    ({ violatedDirective, blockedURI }) => console.error('violates ' + violatedDirective + ': ' + blockedURI))`);
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(error.message));
  return {
    page,
    complaints,
    async close() {
      // What went wrong at the very end is told a task later.
      if (!page.isClosed()) await page.evaluate('new Promise((resolve) => setTimeout(resolve))');
      await context.close();
    },
  };
}

/**
 * Waits until what is read of a page is what is expected. A page follows a moment after what was done to it, so what
 * it shows is never read just once.
 *
 * @param expected a text is found by a pattern, all else is compared
 */
export async function becomes(read: () => Promise<unknown>, expected: unknown): Promise<void> {
  const end = Date.now() + 30_000;
  for (;;) {
    const found = await read();
    const holds = expected instanceof RegExp ? expected.test(String(found)) : Object.is(found, expected);
    if (holds) return;
    if (Date.now() > end) {
      if (expected instanceof RegExp) assert.match(String(found), expected);
      else assert.is(found, expected);
    }
    await pause(20);
  }
}

export async function closeBrowser(): Promise<void> {
  await (await browser)?.close();
  browser = undefined;
}
