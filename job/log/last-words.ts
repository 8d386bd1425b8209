/** What a process says that ends before its command could say how it ended. */
import { isOnCloudRun, jsonLog, type Write } from './logger.ts';
import { redact } from './redact.ts';

/**
 * A line for people; on Cloud Run, where every line is an entry, the entry of phase `end`.
 *
 * @param args of the command line, which may be wrong
 */
export function lastWords(
  message: string,
  args: readonly string[],
  environment: Readonly<Record<string, string | undefined>>,
  write: Write,
): void {
  if (!isOnCloudRun(environment)) {
    write(`job: ${redact(message)}`);
    return;
  }
  const given = (flag: string) =>
    args.find((arg) => arg.startsWith(`--${flag}=`))?.slice(flag.length + 3) || undefined;
  const context = { command: args[0] ?? '', name: given('name'), execution: given('execution') };
  jsonLog(context, write)('ERROR', message, { phase: 'end', state: 'failed', error: message });
}
