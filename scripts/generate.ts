/** `npm run generate`: the config to `workflows/`. */
import { resolve } from 'node:path';
import { diagramFiles } from '../generator/diagram/files.ts';
import { isGenerated, mayBeGenerated } from '../generator/generate.ts';
import { configFile, configName, readConfig, root } from './config-file.ts';
import { compareFiles, shownPath, writeFiles } from './files.ts';
import { fromCaller, readFlags, runCommand } from './flags.ts';

const help = `npm run generate [-- --check] [--config FILE] [--out DIR]

Compiles replicator.config.ts into Cloud Workflows YAML, one file for each replicator, and beside it what is deployed
to Cloud Monitoring (log-based metrics, a dashboard, alert policies) and a diagram of it all as SVG.

  --config FILE  the config to read            (default: replicator.config.ts)
  --out DIR      the folder to write to        (default: workflows)
  --check        write nothing; exit 1 when a file is missing, stale or left over
  --help         this text

Exit codes: 0 done, 1 the config has faults or (with --check) files are stale, 64 usage.`;

const states = { created: 'created', updated: 'updated', unchanged: 'unchanged', removed: 'removed' };
const staleStates = { created: 'missing', updated: 'stale', unchanged: 'fresh', removed: 'left over' };

async function generateCommand(args: readonly string[]): Promise<number> {
  const { values } = readFlags(args, help, {
    check: { type: 'boolean' },
    config: { type: 'string' },
    out: { type: 'string' },
  });
  const prepared = await readConfig(values.config);
  if (!prepared) return 1;
  const folder = values.out === undefined ? resolve(root, 'workflows') : fromCaller(values.out);
  const config = configName(configFile(values.config));
  const files = [...prepared.files, ...(await diagramFiles(prepared.plans, config))];
  const changes = await compareFiles(folder, files, (name, text) =>
    text === undefined ? mayBeGenerated(name) : isGenerated(name, text, config),
  );
  if (!values.check) await writeFiles(folder, files, changes);
  const words = values.check ? staleStates : states;
  for (const { name, state } of changes)
    console.log(`${words[state].padEnd(9)}  ${shownPath(resolve(folder, name))}`);
  const stale = changes.filter(({ state }) => state !== 'unchanged');
  if (!values.check || stale.length === 0) return 0;
  console.error(
    `${stale.length} of ${changes.length} files are not what the config gives; run: npm run generate`,
  );
  return 1;
}

await runCommand('generate', () => generateCommand(process.argv.slice(2)));
