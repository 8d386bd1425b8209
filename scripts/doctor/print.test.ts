import { stripVTControlCharacters } from 'node:util';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { printFindings } from './print.ts';

const test = suite('findings');

test('a finding is a line, and below it what mends it; what a service said cannot write to the terminal', () => {
  const shown = printFindings([
    { check: 'project', state: 'ok', message: 'acme' },
    {
      check: 'topic',
      state: 'fail',
      message: 'there is none\u001b[2J\u202e',
      fix: 'gcloud pubsub topics create x',
    },
  ]);
  assert.not.ok(shown.includes('\u001b[2J'));
  assert.is(
    stripVTControlCharacters(shown),
    [
      'ok    project       acme',
      'FAIL  topic         there is none\ufffd',
      '                    gcloud pubsub topics create x',
    ].join('\n'),
  );
});

test.run();
