/** What `generate` costs beyond a bare type-check, and what sixty destinations cost beyond two. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { compare, run } from './measure.ts';

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const node = [process.execPath, '--import', 'tsx'];

export async function benchGenerate(): Promise<Record<string, unknown>> {
  const out = await mkdtemp(join(tmpdir(), 'bench-generate-'));
  try {
    const generate = (config: string) => () =>
      run([...node, here('../scripts/generate.ts'), '--config', here(config), '--out', out]);
    const two = '../test/golden/two-destinations.config.ts';
    const sixty = '../test/golden/sixty-destinations.config.ts';
    const floor = () => run([...node, here('floor/type-check.ts'), here(two)]);
    const bare = await compare(generate(two), floor, 9);
    const many = await compare(generate(sixty), generate(two), 9);
    return {
      seconds: bare.seconds,
      typeCheckSeconds: bare.floorSeconds,
      toTypeCheck: bare.ratio,
      sixtyToTwo: many.ratio,
      peakMegabytes: Math.max(...bare.runs.map(({ peakMegabytes = 0 }) => peakMegabytes)),
    };
  } finally {
    await rm(out, { recursive: true, force: true });
  }
}
