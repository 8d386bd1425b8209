import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { commandsOf } from './commands.ts';
import type { Change } from './difference.ts';
import { inTheirTrack } from './policy-track.ts';

const policy = (action: Change['action'], names: readonly string[] = []): Change => ({
  action,
  resource: {
    kind: 'alertPolicy',
    id: 'alertPolicy w run-failed',
    name: 'run-failed',
    owner: 'w',
    project: 'acme',
    key: 'run-failed',
    file: 'workflows/nightly.alert-run-failed.json',
    fields: {},
  },
  fields: [],
  after: [],
  found: { fields: {}, isOurs: true, names },
});

/** A gcloud of a release, and how often it was asked. */
function gcloudOf(version: string) {
  const asked: string[][] = [];
  return {
    asked,
    async run(args: readonly string[]) {
      asked.push([...args]);
      return { exitCode: 0, stdout: JSON.stringify({ 'Google Cloud SDK': version }), stderr: '' };
    },
  };
}
const words = (changes: readonly Change[]) =>
  changes.flatMap(commandsOf).map(({ args }) => args.slice(0, args.indexOf('policies') + 2).join(' '));

test('commands for alert policies are in the alpha track until 548.0.0', async () => {
  for (const [version, track] of [
    ['528.0.0', 'alpha '],
    ['548.0.0', 'alpha '],
    ['549.0.0', ''],
    ['1000.1.0', ''],
  ] as const) {
    const changes = [policy('create'), policy('update', ['p/1', 'p/2']), policy('remove', ['p/3'])];
    assert.equal(words(await inTheirTrack(changes, gcloudOf(version))), [
      `${track}monitoring policies create`,
      `${track}monitoring policies update`,
      `${track}monitoring policies delete`,
      `${track}monitoring policies delete`,
    ]);
  }
});

test('gcloud is asked which it is where there is a command, and once', async () => {
  const idle = gcloudOf('528.0.0');
  await inTheirTrack([policy('unchanged'), policy('taken')], idle);
  assert.equal(idle.asked, []);
  const busy = gcloudOf('528.0.0');
  await inTheirTrack([policy('create'), policy('create')], busy);
  assert.is(busy.asked.length, 1);
});

test('policies of a project are changed one after the other', () => {
  const locks = [policy('create'), policy('update', ['p/1']), policy('remove', ['p/1', 'p/2'])]
    .flatMap(commandsOf)
    .map(({ lock }) => lock);
  assert.is(locks.length, 4);
  assert.equal([...new Set(locks)], ['alert policies acme']);
});

test.run();
