// A text of a config never becomes code: it arrives in the request as that very text, or the config is refused.
import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Config } from '../generator/config.ts';
import { type Bench, compileConfig, deploy, execute, request, withBench } from './harness.ts';

const test = suite('injection');

const pieces = [
  '${',
  '}',
  '$',
  '{',
  '"',
  "'",
  '\\',
  '`',
  '\n',
  '\r\n',
  '\t',
  ': ',
  ' #',
  '- ',
  '? ',
  '&a',
  '*a',
  '!!binary ',
  '|',
  '>',
  '%',
  '@',
  '---',
  '...',
  '<<',
  '~',
  'yes',
  'no',
  'on',
  'off',
  'y',
  'null',
  'true',
  'NaN',
  '.inf',
  '0o7',
  '010',
  '1_000',
  '1:30',
  '2026-01-01',
  '=',
  '${sys.get_env("GOOGLE_CLOUD_PROJECT_ID")}',
  '${raise}',
  ' ',
  '\u0007',
  '\u0000',
  '\u001b[31m',
  '\u2028',
  '\u0085',
  '\ufeff',
  '💧',
  'é',
  '中文',
];
const text = fc.oneof(
  fc.array(fc.constantFrom(...pieces), { maxLength: 6 }).map((parts) => parts.join('')),
  fc
    .array(fc.oneof(fc.constantFrom(...pieces), fc.string({ unit: 'grapheme', maxLength: 5 })), {
      maxLength: 8,
    })
    .map((parts) => parts.join('')),
  fc.string({ unit: 'binary', maxLength: 30 }),
  fc.constantFrom(...pieces),
);

function configWith(behavior: Record<string, unknown>): Config {
  return {
    name: 'replicator',
    project: 'ops-project',
    region: 'europe-west1',
    source: 'europe-west1-docker.pkg.dev/leader-project/images',
    destinations: ['us-central1-docker.pkg.dev/follower-project/images'],
    copy: { behavior },
  } as Config;
}

/** Whether a config is refused as one that has a text which cannot be written. */
function isRefused(behavior: Record<string, unknown>): boolean {
  try {
    compileConfig(configWith(behavior));
    return false;
  } catch (error) {
    const { message } = error as Error;
    assert.match(
      message,
      /cannot be written|at most \d+ are allowed|at most \d+ can be sent/,
      message.slice(0, 500),
    );
    return true;
  }
}

let count = 0;

/** What a dry run would send, with this behaviour. */
async function sent(
  { emulator }: Bench,
  behavior: Record<string, unknown>,
): Promise<Record<string, unknown>> {
  const plans = await deploy(emulator, { ...configWith(behavior), name: `replicator-${++count}` } as Config);
  const [plan] = plans;
  if (!plan) throw new Error('no plan');
  const { summary, execution } = await execute(emulator, plan, { dryRun: true });
  const body = summary.results?.[0]?.request?.body as { behavior?: Record<string, unknown> } | undefined;
  assert.ok(body, JSON.stringify(execution).slice(0, 2000));
  return body.behavior ?? (body as Record<string, unknown>);
}

async function seed({ emulator }: Bench): Promise<void> {
  for (const [project, location] of [
    ['leader-project', 'europe-west1'],
    ['follower-project', 'us-central1'],
  ])
    await request(
      emulator,
      'POST',
      `projects/${project}/locations/${location}/repositories?repositoryId=images`,
      {
        format: 'DOCKER',
      },
    );
}

/** Those of some texts that are not refused: one that is refuses all that it is with. */
function writable(texts: readonly string[]): string[] {
  if (texts.length === 0 || !isRefused({ texts })) return [...texts];
  if (texts.length === 1) return [];
  // What is likely to be refused is asked apart, so that few questions are enough.
  const odd = texts.filter((one) => isOdd.test(one));
  if (odd.length > 0 && odd.length < texts.length) {
    const fine = new Set([...writable(odd), ...writable(texts.filter((one) => !isOdd.test(one)))]);
    return texts.filter((one) => fine.has(one));
  }
  const middle = Math.floor(texts.length / 2);
  return [...writable(texts.slice(0, middle)), ...writable(texts.slice(middle))];
}

/** `${` and a control character in one text. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const isOdd = /^(?=[\s\S]*\$\{)[\s\S]*[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/;

const perRun = 250;

test('10,000 texts: as they are, or refused', async () => {
  await withBench({}, async (bench) => {
    await seed(bench);
    const texts = fc.sample(text, { numRuns: 10_000, seed: 20260101 });
    let refused = 0;
    for (let start = 0; start < texts.length; start += perRun) {
      const some = texts.slice(start, start + perRun);
      const fine = writable(some);
      refused += some.length - fine.length;
      const body = await sent(bench, { texts: fine });
      assert.equal(body.texts, fine);
    }
    assert.ok(refused < texts.length / 10, `${refused} were refused`);
    assert.ok(refused > 0, 'none was refused: the control characters with "${" are');
  });
});

test('long texts: as they are while they fit, refused beyond', async () => {
  await withBench({}, async (bench) => {
    await seed(bench);
    for (const [length, filler] of [
      [1_000, '"'],
      [10_000, '\n'],
      [30_000, 'x'],
      [10_000, 'é'],
    ] as const) {
      const long = filler.repeat(length);
      if (isRefused({ text: long }))
        assert.unreachable(`${length} times ${JSON.stringify(filler)} was refused`);
      const body = await sent(bench, { text: long });
      assert.is(body.text, long);
    }
    for (const long of ['x'.repeat(300 * 1024), `\${${'x'.repeat(300 * 1024)}`, `\${${'"'.repeat(500)}`])
      assert.ok(isRefused({ text: long }));
  });
});

test('keys: as they are, or refused where they would be an expression', async () => {
  await withBench({}, async (bench) => {
    await seed(bench);
    for (const key of ['yes', 'a: b', '#', '"', "it's", '1', '010', 'a\nb', '<<', '- x', '💧']) {
      const body = await sent(bench, { nested: { [key]: 1 } });
      assert.equal(body.nested, { [key]: 1 });
    }
    for (const key of ['${x}', 'a ${x} b', '${'])
      assert.throws(() => compileConfig(configWith({ nested: { [key]: 1 } })), /expression/);
  });
});

test.run();
