import { readFileSync, writeFileSync } from 'node:fs';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { fillDocument } from './document.ts';

const page = new URL('../../docs/observability.md', import.meta.url);

test('docs/observability.md is what the table of log entries gives', () => {
  const text = readFileSync(page, 'utf8');
  assert.match(text, /<!-- log entries -->[\s\S]+<!-- end of log entries -->/);
  if (process.env.UPDATE) writeFileSync(page, fillDocument(text));
  else assert.fixture(text, fillDocument(text), 'made anew by: UPDATE=1 npm test -- observability/document');
});

test.run();
