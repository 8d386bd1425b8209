/** Configs and the YAML they give, compared as text. `UPDATE=1` writes what is new: read the difference. */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { parse } from 'yaml';
import { generate } from '../generator/generate.ts';
import { resolve } from '../generator/resolve.ts';

const test = suite('golden');
const folder = fileURLToPath(new URL('golden/', import.meta.url));
const update = process.env.UPDATE === '1';

const configs = readdirSync(folder).filter((name) => name.endsWith('.config.ts'));

/** Fails with the first lines that differ: the whole files are thousands of lines. */
function sameText(actual: string, expected: string, name: string): void {
  if (actual === expected) return;
  const [one, other] = [actual.split('\n'), expected.split('\n')];
  const line = one.findIndex((text, index) => text !== other[index]);
  const show = (lines: string[], mark: string) =>
    lines.slice(line, line + 4).map((text) => `${mark} ${text}`);
  throw new Error(
    [`${name} differs from line ${line + 1}:`, ...show(other, '-'), ...show(one, '+')].join('\n'),
  );
}

test('there are at least eight configs', () => {
  assert.ok(configs.length >= 8);
});

for (const config of configs)
  test(config, async () => {
    const { default: value } = (await import(`./golden/${config}`)) as { default: unknown };
    const { plans, problems } = resolve(value);
    assert.equal(problems, []);
    const generated = generate(plans, config);
    assert.equal(generated.problems, []);
    const workflows = generated.files.filter(({ name }) => name.endsWith('.yaml'));
    const text = [
      ...generated.notices.map(({ path, message }) => `# notice at ${path}: ${message}\n`),
      ...workflows.map((file) => `# file: ${file.name}\n${file.text}`),
    ].join('');
    const golden = `${folder}${config.replace('.config.ts', '.yaml')}`;
    if (update) writeFileSync(golden, text);
    sameText(text, readFileSync(golden, 'utf8'), golden);
    for (const file of workflows) {
      const [old, current] = (['1.1', '1.2'] as const).map((version) =>
        JSON.stringify(parse(file.text, { version })),
      );
      assert.is(old, current, 'YAML 1.1 and 1.2 read the same');
      assert.ok(!/[ \t]$/m.test(file.text), 'no line ends in a space');
    }
  });

test('the same config gives the same bytes', async () => {
  const { default: value } = (await import('./golden/several.config.ts')) as { default: unknown };
  const [one, two] = [resolve(value), resolve(structuredClone(value))];
  assert.equal(generate(one.plans, 'c').files, generate(two.plans, 'c').files);
});

test.run();
