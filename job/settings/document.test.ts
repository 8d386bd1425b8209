import { readFileSync, writeFileSync } from 'node:fs';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { fillDocument, parts } from './document.ts';
import { commandNames, type Field } from './field.ts';
import { fieldNames, fields } from './fields.ts';
import { commandHelp, programHelp } from './help.ts';

const page = new URL('../../docs/job.md', import.meta.url);

test('docs/job.md is what the table gives', () => {
  const text = readFileSync(page, 'utf8');
  for (const name of Object.keys(parts)) assert.ok(text.includes(`<!-- ${name} -->`), name);
  if (process.env.UPDATE) writeFileSync(page, fillDocument(text));
  else assert.fixture(text, fillDocument(text), 'made anew by: UPDATE=1 npm test -- document');
});

test('the help of a command has each of its flags, its variable and its default', () => {
  for (const command of commandNames) {
    const help = commandHelp(command);
    for (const line of help.split('\n')) assert.ok(line.length <= 110, line);
    for (const name of fieldNames) {
      const field: Field = fields[name];
      const isThere = new RegExp(`^ {2}--(no-)?${field.flag}( |$)`, 'm').test(help);
      assert.is(isThere, field.commands.includes(command), `${command} ${field.flag}`);
      if (isThere && field.env !== undefined) assert.match(help, new RegExp(`[(; \n]${field.env}[),=]`));
    }
    assert.match(help, /^Exit codes$/m);
    assert.match(help, /^ {2}64 {2}/m);
    assert.ok(programHelp().includes(`\n  ${command}`));
  }
});

test.run();
