/** Warnings of Node in the output of the job, where each line is an entry or a line for people. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { job, startQuickEmulator, warningAtEnd } from './job-cli-process.ts';

const test = suite('warnings of the job');

const at = (location: string) => `projects/acme/locations/${location}/repositories/prod`;
const plan = [
  'plan',
  `--source=${at('europe-west1')}`,
  `--destination=${at('us-central1')}`,
  '--name=nightly',
];

test('with entries it is one, with lines for people a line', async () => {
  const emulator = await startQuickEmulator();
  try {
    const env = { ...warningAtEnd, REPLICATOR_EMULATOR_HOST: emulator.host };
    const { stderr } = await job([...plan, '--log=json'], env);
    const entries = stderr
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    const { time: _, ...warning } = entries.at(-1);
    assert.equal(warning, {
      severity: 'WARNING',
      message: 'MetadataLookupWarning: no metadata server at all',
      replicator: { command: 'plan', name: 'nightly', phase: 'process' },
    });
    const text = await job([...plan, '--log=text'], env);
    assert.ok(
      text.stderr.endsWith('\nwarning: MetadataLookupWarning: no metadata server at all\n'),
      text.stderr,
    );
    assert.not.match(text.stderr, /\(node:|trace-warnings/);
  } finally {
    await emulator.close();
  }
});

test('so it is where the command line is wrong, and who wants none gets none', async () => {
  const wrong = await job(['plan', '--sorce=x'], { ...warningAtEnd, CLOUD_RUN_JOB: 'job' });
  assert.is(wrong.code, 64);
  for (const line of wrong.stderr.trim().split('\n')) assert.ok(JSON.parse(line).severity, line);
  assert.match(wrong.stderr, /MetadataLookupWarning/);
  const none = await job(['plan', '--sorce=x'], { ...warningAtEnd, NODE_NO_WARNINGS: '1' });
  assert.not.match(none.stderr, /MetadataLookupWarning/);
});

test.run();
