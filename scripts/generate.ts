/** `npm run generate`: the config to `workflows/`. */
import { basename, isAbsolute, relative, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { headingStart } from '../generator/compile/compile.ts';
import { prepare } from '../generator/prepare.ts';
import { printFaults } from '../generator/print-faults.ts';
import { compareFiles, writeFiles } from './files.ts';
import { readFlags, runCommand } from './flags.ts';

const help = `npm run generate [-- --check] [--config FILE] [--out DIR]

Compiles replicator.config.ts into Cloud Workflows YAML, one file for each replicator.

  --config FILE  the config to read            (default: replicator.config.ts)
  --out DIR      the folder to write to        (default: workflows)
  --check        write nothing; exit 1 when a file is missing, stale or left over
  --help         this text

Exit codes: 0 done, 1 the config has faults or (with --check) files are stale, 64 usage.`;

/** The checkout, whatever folder the command was started in. */
const root = fileURLToPath(new URL('..', import.meta.url));

const states = { created: 'created', updated: 'updated', unchanged: 'unchanged', removed: 'removed' };
const staleStates = { created: 'missing', updated: 'stale', unchanged: 'fresh', removed: 'left over' };

async function generateCommand(args: readonly string[]): Promise<number> {
  const { values } = readFlags(args, {
    check: { type: 'boolean' },
    config: { type: 'string' },
    out: { type: 'string' },
    help: { type: 'boolean' },
  });
  if (values.help) {
    console.log(help);
    return 0;
  }
  const config = resolve(values.config ?? resolve(root, 'replicator.config.ts'));
  const folder = resolve(values.out ?? resolve(root, 'workflows'));
  const { files, notices, faults } = await prepare(config, configName(config));
  for (const { path, message } of notices) console.error(`notice ${path}: ${message}`);
  if (faults.length > 0) {
    const { isTTY = false, columns } = process.stderr;
    process.stderr.write(
      printFaults(faults, { color: isTTY, file: config, ...(columns && { width: columns }) }),
    );
    return 1;
  }
  const start = headingStart(configName(config));
  const changes = await compareFiles(folder, files, (text) => text.startsWith(`# ${start}`));
  if (!values.check) await writeFiles(folder, files, changes);
  const words = values.check ? staleStates : states;
  for (const { name, state } of changes)
    console.log(`${words[state].padEnd(9)}  ${showPath(resolve(folder, name))}`);
  const stale = changes.filter(({ state }) => state !== 'unchanged');
  if (!values.check || stale.length === 0) return 0;
  console.error(
    `${stale.length} of ${changes.length} files are not what the config gives; run: npm run generate`,
  );
  return 1;
}

/** How a file's heading names the config: the same wherever the checkout lies. */
export function configName(config: string): string {
  const path = relative(root, config);
  return path.startsWith('..') || isAbsolute(path) ? basename(config) : path.split(sep).join('/');
}

function showPath(path: string): string {
  const short = relative(process.cwd(), path);
  return short.startsWith('..') || isAbsolute(short) ? path : short;
}

await runCommand('generate', () => generateCommand(process.argv.slice(2)));
