import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { isForMachines, jsonLog, textLog } from './logger.ts';
import { redact } from './redact.ts';

test('an entry for machines is one line of JSON, with what is known of the run', () => {
  const lines: string[] = [];
  const log = jsonLog(
    { command: 'copy', name: 'nightly', execution: undefined },
    (line) => lines.push(line),
    () => 0,
  );
  log('WARNING', 'a\nb', {
    phase: 'result',
    destination: 'x',
    state: 'succeeded',
    counts: { copied: 1 },
  });
  assert.is(lines.length, 1);
  assert.not.match(lines[0] ?? '', /\n/);
  assert.equal(JSON.parse(lines[0] ?? ''), {
    severity: 'WARNING',
    message: 'a\nb',
    time: '1970-01-01T00:00:00.000Z',
    replicator: {
      command: 'copy',
      name: 'nightly',
      phase: 'result',
      destination: 'x',
      state: 'succeeded',
      counts: { copied: 1 },
    },
  });
});

test('an entry is never larger than Cloud Logging takes, and says what was cut off', () => {
  const lines: string[] = [];
  const log = jsonLog({ command: 'plan' }, (line) => lines.push(line));
  const list = Array.from({ length: 20_000 }, (_, index) => `  unreadable-manifest: \u0001 package ${index}`);
  const long = '\u0001'.repeat(100_000);
  for (const message of [list.join('\n'), long, `${'é'.repeat(50_000)}\n${long}`])
    log('ERROR', message, {
      ...{
        phase: 'mirror',
        destination: long,
        package: long,
        version: long,
        tag: long,
        from: long,
        to: long,
      },
      ...{ because: long },
    });
  for (const line of lines)
    assert.ok(Buffer.byteLength(line) < 240 * 1024, `${Buffer.byteLength(line)} bytes`);
  const [first = '', second = '', third = ''] = lines.map((line) => JSON.parse(line).message as string);
  const kept = first.split('\n').length - 1;
  assert.ok(kept > 1000);
  assert.ok(
    first.endsWith(`package ${kept - 1}\n… ${(20_000 - kept).toLocaleString('en-US')} lines more`),
    first.slice(-100),
  );
  assert.match(second, /… [\d,]+ characters more$/);
  assert.match(third, /é\n… 1 line more$/);
  // What fits stays as it is.
  log('INFO', 'é'.repeat(50_000), { phase: 'serve' });
  assert.is(JSON.parse(lines[3] ?? '').message, 'é'.repeat(50_000));
});

test('an entry for people is its message, and what it holds cannot move the cursor', () => {
  const lines: string[] = [];
  const log = textLog((line) => lines.push(line));
  log('INFO', 'all is well', { phase: 'serve' });
  log('ERROR', 'tag \u001b[31mred\u001b[0m\r\u202e', { phase: 'serve' });
  assert.equal(lines, ['all is well', 'error: tag red\ufffd\ufffd']);
  textLog((line) => lines.push(line), true)('WARNING', 'x', { phase: 'serve' });
  assert.is(lines[2], '\u001b[33mwarning: \u001b[0mx');
});

test('what looks for credentials takes its time with no text, however it was made', () => {
  for (const part of ['eyJ-', 'eyJa.', '"token":"', 'https://a@', '?key=', '-----BEGIN A PRIVATE KEY-----']) {
    const from = process.cpuUsage();
    redact(part.repeat(100_000 / part.length));
    const { user } = process.cpuUsage(from);
    assert.ok(user < 2_000_000, `${part}: ${user / 1000} ms`);
  }
});

test('credentials are taken out, whatever they come in', () => {
  const token = `eyJhbGciOiJSUzI1NiJ9.${'a'.repeat(20)}.${'b-_'.repeat(8)}`;
  const secrets = [
    token,
    'ya29.A0ARrdaM-x_y.z',
    `Bearer ${'q'.repeat(30)}`,
    `Basic ${'q'.repeat(30)}`,
    '-----BEGIN PRIVATE KEY-----\nMIIE\n-----END PRIVATE KEY-----',
  ];
  for (const secret of secrets) {
    const text = redact(`before ${secret} after`);
    assert.is(text, 'before [redacted] after');
  }
  assert.is(redact('https://x/y?a=1&access_token=abc&b=2'), 'https://x/y?a=1&access_token=[redacted]&b=2');
  // What registries repeat in their errors: addresses that storage signed, answers of their token services.
  for (const [before, after] of [
    [
      'X-Amz-Security-Token=FwoG%2F&X-Amz-Signature=0a1b',
      'X-Amz-Security-Token=[redacted]&X-Amz-Signature=[redacted]',
    ],
    ['sv=2024&sig=a%2Bb', 'sv=2024&sig=[redacted]'],
  ])
    assert.is(redact(`https://x/y?${before}`), `https://x/y?${after}`);
  assert.is(
    redact('{"access_token": "abc", "expires_in": 60, "refresh_token":"d\\"e"}'),
    '{"access_token": "[redacted]", "expires_in": 60, "refresh_token":"[redacted]"}',
  );
  assert.is(redact('GET https://me:hunter2@host/v2/: 401'), 'GET https://[redacted]@host/v2/: 401');
  assert.is(redact('GET https://me:hunt@er2@host/v2/: 401'), 'GET https://[redacted]@host/v2/: 401');
  assert.is(redact('https://host/team/app@sha256:01'), 'https://host/team/app@sha256:01');
  assert.is(redact('sha256:0123 projects/a/locations/b'), 'sha256:0123 projects/a/locations/b');
  const lines: string[] = [];
  const write = (line: string) => lines.push(line);
  jsonLog({ command: 'copy' }, write)('ERROR', `no: ${token}`, { phase: 'serve', error: token });
  textLog(write)('ERROR', `no: ${token}`, { phase: 'serve' });
  for (const line of lines) assert.not.ok(line.includes(token), line);
  assert.equal(JSON.parse(lines[0] ?? '').replicator.error, '[redacted]');
  // Half a key takes no more with it than its own text.
  jsonLog({ command: 'copy' }, write)('ERROR', '-----BEGIN PRIVATE KEY-----MIIE', {
    phase: 'serve',
    error: 'x',
  });
  assert.equal(JSON.parse(lines[2] ?? '').message, '[redacted]');
});

test('for machines on Cloud Run and where nobody watches, unless told otherwise', () => {
  assert.is(isForMachines('auto', true, {}), false);
  assert.is(isForMachines('auto', false, {}), true);
  assert.is(isForMachines('auto', true, { K_SERVICE: 'x' }), true);
  assert.is(isForMachines('auto', true, { CLOUD_RUN_JOB: 'x' }), true);
  assert.is(isForMachines('text', false, { K_SERVICE: 'x' }), false);
  assert.is(isForMachines('json', true, {}), true);
});

test.run();
