import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { printStatus } from './print-status.ts';
import type { FollowerStatus, ReplicatorStatus } from './status.ts';

const test = suite('print status');
const workflow = 'projects/acme/locations/europe-west1/workflows/nightly';
const id = '8eb42a23-79b3-457c-ab08-905ec5217b86';
const follower: FollowerStatus = {
  id: 'us-central1-prod',
  repository: 'projects/acme/locations/us-central1/repositories/prod',
  state: 'succeeded',
  copied: 14,
  skipped: 0,
  deleted: null,
  seconds: 5,
  upTo: '2026-01-01T03:00:00Z',
  behindSeconds: 90,
};
const status: ReplicatorStatus = {
  name: 'nightly',
  workflow,
  link: 'https://console',
  healthy: true,
  why: 'the last run succeeded',
  schedule: null,
  followers: [follower],
  runs: [
    {
      name: `${workflow}/executions/${id}`,
      link: 'https://console/execution',
      state: 'succeeded',
      message: '1 of 1 destinations copied to; versions copied: 14',
      dryRun: false,
      startTime: '2026-01-01T03:00:00.123Z',
      seconds: 5.1,
      results: [],
    },
  ],
};

test('a run is shown with the id that logs asks for, where there is room', () => {
  assert.match(
    printStatus(status, 120),
    new RegExp(`^2026-01-01T03:00:00Z +succeeded +5.1 s +1 of 1 .* ${id}$`, 'm'),
  );
  const narrow = printStatus(status, 80);
  assert.not.match(narrow, new RegExp(` ${id}`));
  for (const line of narrow.split('\n')) assert.ok(line.length <= 80, line);
});

test('what was deleted has a column where a mirror has', () => {
  assert.not.match(printStatus(status, 80), /deleted/);
  const mirrored = { ...status, followers: [{ ...follower, deleted: 2 }] };
  assert.match(printStatus(mirrored, 80), /copied +skipped +deleted +time\b/);
});

test('what a service said cannot write to the terminal', () => {
  const why = 'the last run failed: \u001b[2J\u202eno';
  assert.match(printStatus({ ...status, why }, 80), /the last run failed: \ufffdno/);
});

test.run();
