/** What a verification found, for people. */
import type { VerifyReport } from '../verify/verify.ts';
import { describeVerify } from '../verify/verify.ts';
import { packageName } from './name.ts';
import { printPlan } from './plan.ts';
import { counted, thousands } from './quantity.ts';
import { table } from './table.ts';

/** Files that are shown without `--all`. */
const SHOWN = 10;

/** The report on one destination: a line, and where it differs what differs. */
export function printVerify(report: VerifyReport, options: { width: number; all: boolean }): string {
  const { state, difference, files, filesDiffering, filesCompared } = report;
  const compared = filesCompared > 0 ? `, ${counted(filesCompared, 'file')} compared` : '';
  const held = difference.held.destination;
  const head = `${describeVerify(report)} (${counted(held.versions, 'version')}, ${counted(held.tags, 'tag')}${compared})`;
  if (state === 'equal') return head;
  const lines = [head, '', printPlan({ ...difference, refusals: [] }, options)];
  if (files.length === 0) return lines.join('\n');
  const shown = options.all ? files : files.slice(0, SHOWN);
  const rows = shown.map(({ kind, owner, file }) => [kind, packageName(owner), packageName(file)]);
  lines.push(
    `Files: ${thousands(filesDiffering)} differ`,
    ...table(rows, [{}, {}, { cut: true }], { width: options.width, indent: 2 }),
  );
  if (filesDiffering > shown.length) lines.push(`  … ${thousands(filesDiffering - shown.length)} more`);
  return lines.join('\n');
}
