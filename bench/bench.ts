/** `npm run bench [-- NAME …] [--json]`: the figures of the README, each measured beside a floor or a peer. */

import { nearest } from '../generator/nearest.ts';
import { readFlags, runCommand, UsageError } from '../scripts/flags.ts';
import { benchContainer } from './container.ts';
import { benchCopy } from './copy.ts';
import { benchGenerate } from './generate.ts';
import { machine } from './measure.ts';
import { benchMirror } from './mirror.ts';
import { benchPlan } from './plan.ts';
import { benchWorkflows } from './workflows.ts';

const help = `npm run bench [-- NAME …] [--json]

Measures, and prints each figure as a ratio against a floor or a peer in the same run.

  NAME      what to measure; all when none is named:
            generate, plan, mirror, copy, workflows, container
  --json    one JSON object a line
  --help    this text`;

const benches: Record<string, () => Promise<Record<string, unknown>>> = {
  generate: benchGenerate,
  plan: benchPlan,
  mirror: benchMirror,
  copy: benchCopy,
  workflows: benchWorkflows,
  container: benchContainer,
};

async function bench(args: readonly string[]): Promise<number> {
  const { values, positionals } = readFlags(args, help, { json: { type: 'boolean' } }, true);
  const names = positionals.length > 0 ? positionals : Object.keys(benches);
  for (const name of names) {
    if (Object.hasOwn(benches, name)) continue;
    const near = nearest(name, Object.keys(benches));
    throw new UsageError(`there is no bench ${name}${near ? `, did you mean ${near}?` : ''}`);
  }
  for (const name of names) {
    const figures = (await benches[name]?.()) ?? {};
    if (values.json) console.log(JSON.stringify({ bench: name, machine: machine(), ...figures }));
    else {
      console.log(`${name} (${machine()})`);
      for (const [figure, value] of Object.entries(figures))
        console.log(
          `  ${figure.padEnd(20)} ${typeof value === 'number' ? value.toFixed(2) : JSON.stringify(value)}`,
        );
    }
  }
  return 0;
}

await runCommand('bench', () => bench(process.argv.slice(2)));
