/** `npm run conformance`: interpreter and checker over a folder of public samples. */
import { statSync } from 'node:fs';
import { findSamples, type Sample } from './conformance/find.ts';
import { judge, type Verdict } from './conformance/judge.ts';
import { readFlags, runCommand, UsageError } from './flags.ts';

const help = `npm run conformance -- DIR [--json]

Holds interpreter and checker against a folder of Workflows definitions, such as a copy of
GoogleCloudPlatform/workflows-samples: each must be accepted by both. Those that need no service run and give
their documented result, those that send requests run against a stub, and a YAML file does what its JSON twin does.

  --json    a list of {file, state, why}; state is passed, failed or not-emulated
  --help    this text

Exit codes: 0 none failed, 1 some failed, 64 usage.`;

async function conformance(args: readonly string[]): Promise<number> {
  const { values, positionals } = readFlags(args, help, { json: { type: 'boolean' } }, true);
  const [folder, ...more] = positionals;
  if (folder === undefined || more.length > 0) throw new UsageError('name one folder');
  if (!statSync(folder, { throwIfNoEntry: false })?.isDirectory())
    throw new UsageError(`${folder} is no folder`);
  const samples = findSamples(folder);
  const verdicts: Verdict[] = [];
  for (const sample of samples) verdicts.push(await judge(sample, twinOf(sample, samples)));
  if (values.json) console.log(JSON.stringify(verdicts, undefined, 2));
  else print(verdicts);
  return verdicts.some(({ state }) => state === 'failed') || verdicts.length === 0 ? 1 : 0;
}

function twinOf({ file, stem }: Sample, samples: readonly Sample[]): Sample | undefined {
  return samples.find((one) => one.stem === stem && one.file !== file);
}

function print(verdicts: readonly Verdict[]): void {
  const width = Math.max(0, ...verdicts.map(({ file }) => file.length));
  for (const { file, state, why } of verdicts)
    console.log(`${state.padEnd(12)}  ${file.padEnd(width)}  ${why}`);
  const count = (state: Verdict['state']) => verdicts.filter((one) => one.state === state).length;
  console.log(
    `\n${verdicts.length} definitions: ${count('passed')} passed, ${count('not-emulated')} not emulated, ${count('failed')} failed`,
  );
}

await runCommand('conformance', () => conformance(process.argv.slice(2)));
