/** A deploy that stops after any of its commands goes on where it was, however often that happens. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Ran } from '../scripts/cloud/gcloud.ts';
import {
  config,
  deployHere,
  exists,
  follower,
  foreign,
  leader,
  makeRepositories,
  startDeployBench,
  writeConfig,
} from './deploy-bench.ts';
import { testWith } from './parts.ts';

const test = suite('deploy that goes on');
const place = 'v1/projects/acme/locations/europe-west1';

testWith(test, ['gcloud'], 'stopped after each command and run again: the same end', async () => {
  const killed = await startDeployBench();
  try {
    await makeRepositories(killed, [leader, follower, foreign]);
    const { session } = killed;
    for (let round = 1; ; round++) {
      assert.ok(round < 20, 'it does not come to an end');
      let commands = 0;
      // After its first command nothing more is run. Real kills are for deploy-killed.test.ts.
      const gcloud = {
        ...session.gcloud,
        run: async (args: readonly string[]): Promise<Ran> =>
          ++commands > 1 ? { exitCode: 137, stdout: '', stderr: 'Killed' } : session.gcloud.run(args),
      };
      const { code } = await deployHere({ ...killed, session: { ...session, gcloud } }, config);
      if (code === 0) break;
    }
    const last = await deployHere(killed, config);
    assert.is(last.code, 0);
    assert.not.match(last.out, /^(create|update|remove)/m);
    assert.ok(await exists(killed, `${place}/jobs/replicator`));
  } finally {
    await killed.close();
  }
});

testWith(test, ['gcloud'], 'Ctrl-C says how to go on', async () => {
  let stop = () => {};
  const bench = await startDeployBench({ onRequest: ({ path }) => path.endsWith(':batchEnable') && stop() });
  try {
    await makeRepositories(bench, [leader, follower, foreign]);
    const child = spawn(
      process.execPath,
      [
        ...['--import', 'tsx', 'scripts/deploy.ts', '--skip-doctor'],
        ...['--out', bench.folder, '--config', writeConfig(bench, config)],
      ],
      {
        cwd: new URL('..', import.meta.url),
        stdio: ['ignore', 'pipe', 'inherit'],
        env: { ...process.env, REPLICATOR_EMULATOR_HOST: bench.emulator.host },
      },
    );
    stop = () => child.kill('SIGINT');
    let out = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      out += text;
    });
    const [code] = (await once(child, 'close')) as [number];
    assert.is(code, 130, out);
    assert.match(
      out,
      /Stopped\. What was on its way may be done all the same\. To go on: npm run deploy -- --skip/,
    );
  } finally {
    await bench.close();
  }
});

test.run();
