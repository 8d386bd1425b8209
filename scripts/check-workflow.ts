/** `npm run check-workflow`: the checker on any Workflows files, before somebody deploys them. */
import { readFileSync } from 'node:fs';
import { checkFile, type FileFinding } from '../generator/check/check-file.ts';
import { printFindings } from '../generator/check/print-findings.ts';
import { counted } from '../job/print/quantity.ts';
import { shownPath } from './files.ts';
import { readFlags, runCommand, UsageError } from './flags.ts';

const help = `npm run check-workflow -- FILE … [--json]

Checks Cloud Workflows definitions, YAML or JSON: what the service would refuse is an error, what it takes and
is likely to go wrong a warning. The codes are explained in docs/workflow-findings.md.

  --json    an array of findings: {file, line, column, length, severity, code, message, hint?, routine, step}
  --help    this text

Exit codes: 0 no errors, 1 errors, 64 usage or a file that cannot be read.`;

async function checkWorkflow(args: readonly string[]): Promise<number> {
  const { values, positionals } = readFlags(args, help, { json: { type: 'boolean' } }, true);
  if (positionals.length === 0) throw new UsageError('name at least one file');
  const texts = positionals.map((file) => [file, read(file)] as const);
  const findings = texts.flatMap(([file, text]) => checkFile(text, shownPath(file)));
  const errors = findings.filter(({ severity }) => severity === 'error').length;
  if (values.json) console.log(JSON.stringify(findings.map(flat), undefined, 2));
  else {
    const { isTTY = false, columns } = process.stdout;
    process.stdout.write(
      printFindings(findings, { color: isTTY && !process.env.NO_COLOR, ...(columns && { width: columns }) }),
    );
    if (findings.length > 0) console.log();
    console.log(summary(texts.length, errors, findings.length - errors));
  }
  return errors > 0 ? 1 : 0;
}

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new UsageError(`${file} cannot be read${code === undefined ? '' : ` (${code})`}`);
  }
}

function flat({ place, ...finding }: FileFinding) {
  const { file, line, column, length } = place;
  return { file, line, column, length, ...finding };
}

function summary(files: number, errors: number, warnings: number): string {
  return `${counted(files, 'file')} checked: ${counted(errors, 'error')}, ${counted(warnings, 'warning')}`;
}

await runCommand('check-workflow', () => checkWorkflow(process.argv.slice(2)));
