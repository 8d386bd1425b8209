/**
 * Real programs that tests hold the project against. On a user's machine a missing one is a named skip; in CI
 * it is a failure, since a suite that skips what matters proves nothing.
 */
import { spawnSync } from 'node:child_process';
import type { Test } from 'uvu';

/** Programs that tests may need, as they are called on the command line. */
export type Part = 'gcloud' | 'skopeo' | 'docker-registry' | 'buildah' | 'chromium';

const found = new Map<Part, boolean>();

/** Whether a program is installed. */
export function hasPart(part: Part): boolean {
  let there = found.get(part);
  if (there === undefined) {
    there = spawnSync('sh', ['-c', `command -v ${part}`]).status === 0;
    found.set(part, there);
  }
  return there;
}

/**
 * Registers a test that needs real programs.
 *
 * @param suite the uvu suite, or its `test` function
 * @param parts what it needs; the skipped test is named after what is missing
 */
export function testWith<T>(
  suite: Test<T>,
  parts: readonly Part[],
  name: string,
  body: () => Promise<void>,
): void {
  const missing = parts.filter((part) => !hasPart(part));
  if (missing.length === 0) suite(name, body);
  else if (process.env.CI)
    suite(name, () => {
      throw new Error(`needs ${missing.join(', ')}, which CI must install`);
    });
  else suite.skip(`${name} (needs ${missing.join(', ')})`);
}
