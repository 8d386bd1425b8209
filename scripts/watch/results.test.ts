import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { printResults } from './results.ts';

const test = suite('results');
const row = {
  destination: 'us-central1-prod',
  repository: 'projects/acme/locations/us-central1/repositories/prod',
  state: 'failed',
  copied: 0,
  skipped: 0,
  seconds: 3,
  operation: null,
};

test('an error that a service gave cannot write to the terminal', () => {
  const error = 'refused\u001b[2J: \u202eno';
  const message = 'us-central1-prod: \u001b[31mrefused';
  const results = [{ ...row, error }];
  const shown = printResults(
    { state: 'failed', message, dryRun: false, results },
    { width: 80, deleted: new Map() },
  );
  for (const sent of ['\u001b[2J', '\u202e', '\u001b[31mrefused']) assert.not.ok(shown.includes(sent));
  assert.match(shown, /^us-central1-prod: refused: \ufffdno$/m);
  assert.match(shown, /us-central1-prod: refused$/);
});

test('of a dry run it says what would be posted', () => {
  const request = {
    url: 'https://artifactregistry.test/v1/x:copyRepository',
    body: { sourceRepository: 'y' },
  };
  const shown = printResults(
    { state: 'dryRun', message: 'dry run', dryRun: true, results: [{ ...row, state: 'dryRun', request }] },
    { width: 80, deleted: new Map() },
  );
  assert.match(
    shown,
    /^would POST https:\/\/artifactregistry\.test\/v1\/x:copyRepository\n {2}\{"sourceRepository":"y"\}$/m,
  );
});

test('an error of several lines is wrapped as any other', () => {
  const results = [{ ...row, error: 'refused:\n  no space' }];
  const shown = printResults(
    { state: 'failed', message: 'us-central1-prod: refused:\n  no space', dryRun: false, results },
    { width: 80, deleted: new Map() },
  );
  assert.match(shown, /^us-central1-prod: refused: no space$/m);
  assert.match(shown, /^failed {2}us-central1-prod: refused: no space$/m);
});

test.run();
