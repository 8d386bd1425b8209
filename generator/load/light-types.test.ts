/** The light types against Node's own: whatever passes with the few must pass with all of them. */
import { mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { load } from '../load.ts';

const folder = realpathSync(mkdtempSync(join(tmpdir(), 'replicator-light-')));
test.after(() => rmSync(folder, { recursive: true, force: true }));

/** Everything that the light types declare, used as the values and types that they say it is. */
const everything = `
import { existsSync, readFileSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import process1, { env } from 'node:process';

const variable: string | undefined = process.env.ANY_NAME ?? process1.env['ANY'] ?? env.OTHER;
const all: { [key: string]: string | undefined } = process.env;
const texts: string[] = [process.cwd(), import.meta.dirname, import.meta.filename, import.meta.url];
const there: boolean = existsSync(import.meta.filename);
const content: string = there ? readFileSync(import.meta.filename, 'utf8') + readFileSync(import.meta.filename, 'utf-8') : '';
const paths: string[] = [basename('a', '.b'), basename('a'), dirname('a'), join('a', 'b'), join(), resolve('a'), resolve()];
console.log(1, 'a'); console.error(); console.warn({}); console.info([]);
export default { variable, all, texts, content, paths };
`;

async function messagesOf(name: string, text: string): Promise<string[]> {
  const file = join(folder, name);
  writeFileSync(file, text);
  return (await load(file)).faults.map(({ message }) => message);
}

test('hold nothing that the real ones do not', async () => {
  // The one mistake makes the real types decide.
  const mistake = '\nexport const mistake: number = process.hrtime.name;\n';
  assert.equal(
    await messagesOf('full.config.ts', everything.replace('console.log(1', 'console.debug(1') + mistake),
    ['"mistake" is of type string, expected number'],
  );
});

test('are enough for what they are for', async () => {
  assert.equal(await messagesOf('light.config.ts', everything), []);
});

test.run();
