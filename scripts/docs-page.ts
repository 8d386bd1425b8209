/** A page of `docs/` that is written from the sources: by `node --import tsx scripts/NAME.ts`. */
import { readFile, writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { readFlags, runCommand } from './flags.ts';

/**
 * Runs the command that writes a page. `--check` writes nothing and exits 1 when the page is stale.
 *
 * @param script its name, `docs-config`
 * @param page path below the checkout, `docs/configuration.md`
 * @param from what the page is written from, for `--help`
 * @param print makes the page, the same every time
 */
export function runDocs(script: string, page: string, from: string, print: () => string): Promise<void> {
  const command = `node --import tsx scripts/${script}.ts`;
  const help = `${command} [--check]

Writes ${page} from ${from}.

  --check  write nothing; exit 1 when the page is stale
  --help   this text`;
  return runCommand(script, async () => {
    const { values } = readFlags(process.argv.slice(2), help, { check: { type: 'boolean' } });
    const path = resolve(import.meta.dirname, '..', page);
    const text = print();
    const there = await readFile(path, 'utf8').catch(() => '');
    if (text === there) return 0;
    if (values.check) {
      console.error(`${page} is stale; run: ${command}`);
      return 1;
    }
    await writeFile(path, text);
    console.log(`wrote ${page}`);
    return 0;
  });
}
