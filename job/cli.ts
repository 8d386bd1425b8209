/** The program of the job: `npm run job -- COMMAND …`, and the entry point of the container. */

import { messageOf } from './commands/each.ts';
import { main } from './commands/main.ts';
import { lastWords } from './log/last-words.ts';
import { isForMachines, jsonLog, textLog } from './log/logger.ts';
import { logWarnings } from './log/warnings.ts';
import { exitCodes } from './request.ts';

const args = process.argv.slice(2);
const write = (line: string) => process.stderr.write(`${line}\n`);
const say = (message: string) => lastWords(message, args, process.env, write);

// Before the command line is read it is not known what it asks for.
let log = isForMachines('auto', process.stderr.isTTY === true, process.env)
  ? jsonLog({ command: args[0] ?? '' }, write)
  : textLog(write);
logWarnings(() => log);

// As the first process of a container nobody else does anything on a signal: without a handler it is ignored.
for (const [signal, number] of [
  ['SIGTERM', 15],
  ['SIGINT', 2],
] as const)
  process.once(signal, () => {
    // `serve` drains instead.
    if (process.listenerCount(signal) > 0) return;
    say(`stopped by ${signal}. What was started goes on; run it again to continue.`);
    process.exit(128 + number);
  });

// `job plan | head` ends when head has seen enough.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(exitCodes.done);
  throw error;
});

try {
  process.exitCode = await main(args, process.env, process, (opened) => {
    log = opened;
  });
  // Polls of copies that the server no longer waits for would keep it alive.
  if (args[0] === 'serve') process.exit();
} catch (error) {
  say(messageOf(error));
  process.exitCode = exitCodes.failed;
}
