/** Findings for people. */
import { visible } from '../../job/log/logger.ts';
import { chalk } from '../colours.ts';
import type { Finding } from './finding.ts';

const marks: Readonly<Record<Finding['state'], string>> = {
  ok: chalk.green('ok  '),
  note: chalk.yellow('note'),
  fail: chalk.red('FAIL'),
  na: chalk.dim('n/a '),
};

/** One a line, each with the command that mends it below. */
export function printFindings(findings: readonly Finding[]): string {
  return findings
    .flatMap(({ check, state, message, fix }) => [
      `${marks[state]}  ${check.padEnd(12)}  ${visible(message)}`,
      ...(fix === undefined ? [] : [`${' '.repeat(20)}${chalk.bold(fix)}`]),
    ])
    .join('\n');
}
