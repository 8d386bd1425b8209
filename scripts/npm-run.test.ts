import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { npmRun } from './npm-run.ts';

const test = suite('npm run');

test('a command that is printed is about the same config', () => {
  assert.is(npmRun('status', {}), 'npm run status');
  assert.is(npmRun('status', { config: 'a b.ts' }), "npm run status -- --config 'a b.ts'");
  assert.is(
    npmRun('replicate', { config: 'other.ts', name: 'nightly' }, '--cancel'),
    'npm run replicate -- --cancel --config other.ts --name nightly',
  );
});

test.run();
