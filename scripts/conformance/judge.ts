/** What becomes of one sample: does it parse, pass the checker, run, and do what its twin does? */
import { basename } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { compileSource } from '../../emulator/workflows/compile.ts';
import { checkFile } from '../../generator/check/check-file.ts';
import { readWorkflow } from '../../generator/workflow/read.ts';
import { expected } from './expected.ts';
import type { Sample } from './find.ts';
import { type Ran, runSample } from './run.ts';

/** A row of the table. */
export interface Verdict {
  readonly file: string;
  readonly state: 'passed' | 'failed' | 'not-emulated';
  /** What was shown, or what is in the way. */
  readonly why: string;
}

/** @param twin the same definition in the other language */
export async function judge(sample: Sample, twin: Sample | undefined): Promise<Verdict> {
  const { file, text } = sample;
  if (text.includes('$${'))
    return { file, state: 'not-emulated', why: 'is a Terraform template: "$${" is no expression yet' };
  const failed = (why: string): Verdict => ({ file, state: 'failed', why });
  const compiled = compileSource(text);
  if (Array.isArray(compiled)) {
    const [first] = compiled;
    return failed(`refused: ${first?.at.line}:${first?.at.column} ${first?.message}`);
  }
  const error = checkFile(text, file).find(({ severity }) => severity === 'error');
  if (error)
    return failed(`checker: ${error.place.line}:${error.place.column} ${error.code}: ${error.message}`);
  const known = expected[basename(sample.stem)];
  const argument = known?.argument ?? argumentFor(text);
  const ran = await runSample(text, argument);
  if (twin) {
    const other = await runSample(twin.text, argument);
    if (other.trace !== ran.trace || !isDeepStrictEqual(other.value, ran.value))
      return failed(`${twin.file} gives another execution`);
  }
  const same = twin ? ', as its twin' : '';
  if (known && !isDeepStrictEqual(ran.value, known.result))
    return failed(`gives ${short(ran.value)}, documented is ${short(known.result)}`);
  if (known) return { file, state: 'passed', why: `gives the documented result${same}` };
  if (ran.state === 'SUCCEEDED')
    return { file, state: 'passed', why: `${ran.requests > 0 ? 'runs against a stub' : 'runs'}${same}` };
  return ended(file, ran, argument, same);
}

/** Why an execution failed that may have had reason to. */
function ended(file: string, ran: Ran, argument: unknown, same: string): Verdict {
  const { headline = '', requests, state } = ran;
  const connector = /'([^']+)' is not emulated/.exec(headline + JSON.stringify(ran.value))?.[1];
  if (connector !== undefined) return { file, state: 'not-emulated', why: `calls ${connector}${same}` };
  // What a stub or a made-up argument says need not be what the workflow can go on with.
  if (requests > 0 || argument !== undefined || headline.includes('is not an http or https URL'))
    return { file, state: 'not-emulated', why: `needs real data: ${short(headline)}${same}` };
  return { file, state: 'failed', why: `ends as ${state}: ${short(headline)}` };
}

function short(value: unknown): string {
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return text.length > 100 ? `${text.slice(0, 99)}…` : text;
}

/** An argument with every key that the definition asks of it: a list where it is looped over, otherwise text. */
function argumentFor(text: string): unknown {
  const main = readWorkflow(text).workflow.routines.find(({ name }) => name === 'main');
  const [parameter] = main?.parameters ?? [];
  if (parameter === undefined) return undefined;
  const made: Record<string, unknown> = {};
  const loops = new Set(
    [...text.matchAll(/\bin["']?\s*:\s*["']?\$\{([\w.]+)\}/g)].map(([, path = '']) => path),
  );
  for (const [, path = ''] of text.matchAll(new RegExp(`\\b${parameter}((?:\\.[A-Za-z_]\\w*)+)`, 'g'))) {
    let at = made;
    const keys = path.slice(1).split('.');
    for (const [index, key] of keys.entries()) {
      const isLast = index === keys.length - 1;
      const there = at[key];
      if (isLast) at[key] ??= loops.has(`${parameter}${path}`) ? ['1', '2'] : key;
      else
        at = at[key] = typeof there === 'object' && there !== null ? (there as Record<string, unknown>) : {};
    }
  }
  return made;
}
