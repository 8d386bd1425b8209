/** From a command line to an exit code. */
import { nearest } from '../../generator/nearest.ts';
import { quote } from '../../generator/resolve/describe.ts';
import { lastWords } from '../log/last-words.ts';
import type { Log } from '../log/log.ts';
import { isForMachines, isOnCloudRun, jsonLog, textLog } from '../log/logger.ts';
import type { Trace } from '../log/trace.ts';
import { noMetrics } from '../metrics/metrics.ts';
import { openMetrics } from '../metrics/open.ts';
import { createScreen, type Streams, statusLine } from '../print/screen.ts';
import { systemClock } from '../registry/clock.ts';
import { openRegistry } from '../registry/open.ts';
import { exitCodes, type JobRequest } from '../request.ts';
import type { Environment } from '../settings/environment.ts';
import { type CommandName, commandNames } from '../settings/field.ts';
import type { Settings } from '../settings/fields.ts';
import { commandHelp, programHelp } from '../settings/help.ts';
import { toRequest } from '../settings/request.ts';
import { checkServer } from '../settings/server.ts';
import { readSettings } from '../settings/settings.ts';
import { printFault, UsageError } from '../settings/usage-error.ts';
import { version } from '../settings/version.ts';
import { copy } from './copy.ts';
import { claim, mirror } from './mirror.ts';
import { plan } from './plan.ts';
import type { Tools } from './tools.ts';
import { verify } from './verify.ts';

/**
 * Runs a command.
 *
 * @param args the words behind the program's name
 * @param opened called with the log, as soon as it is known which it is
 * @returns the exit code
 */
export async function main(
  args: readonly string[],
  environment: Environment,
  streams: Streams,
  opened: (log: Log) => void = () => {},
): Promise<number> {
  const [first = '', ...rest] = args;
  if (first === '' || first === '--help' || first === '-h') {
    (first === '' ? streams.stderr : streams.stdout).write(`${programHelp()}\n`);
    return first === '' ? exitCodes.usage : exitCodes.done;
  }
  if (first === '--version') {
    streams.stdout.write(`${version}\n`);
    return exitCodes.done;
  }
  try {
    return await run(commandOf(first), rest, environment, streams, opened);
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    const { faults } = error;
    const count = faults.length === 1 ? '' : `${faults.length} faults\n  `;
    const message = `${count}${faults.map(printFault).join('\n  ')}`;
    lastWords(message, args, environment, (line) => streams.stderr.write(`${line}\n`));
    return exitCodes.usage;
  }
}

function commandOf(word: string): CommandName {
  const command = commandNames.find((name) => name === word);
  if (command !== undefined) return command;
  const near = nearest(word, commandNames);
  const hint = near === undefined ? `the commands are ${commandNames.join(', ')}` : `did you mean ${near}?`;
  throw new UsageError([{ at: quote(word), message: 'unknown command', hint }]);
}

async function run(
  command: CommandName,
  args: readonly string[],
  environment: Environment,
  streams: Streams,
  opened: (log: Log) => void,
): Promise<number> {
  const { settings, at, faults, help } = readSettings(command, args, environment);
  if (help) {
    streams.stdout.write(`${commandHelp(command)}\n`);
    return exitCodes.done;
  }
  const { request, notices } = toRequest(command, settings, at, faults);
  if (command === 'serve') checkServer(settings, at, faults);
  if (faults.length > 0) throw new UsageError(faults);
  const tools = createTools(command, settings, environment, streams);
  opened(tools.log);
  for (const notice of notices) tools.log('NOTICE', notice, { phase: 'preflight' });
  const counts = command === 'copy' || command === 'verify' || (command === 'mirror' && !settings.claim);
  if (!counts) return execute(command, request, settings, environment, tools);
  const metrics = await openMetrics(
    { command, name: settings.name },
    { environment, log: tools.log, ...LAST },
  );
  const began = tools.clock.now();
  metrics.began();
  try {
    return await execute(command, request, settings, environment, { ...tools, metrics });
  } catch (error) {
    metrics.ended({ state: 'failed', seconds: (tools.clock.now() - began) / 1000, results: [] });
    throw error;
  } finally {
    await metrics.close();
  }
}

/** How long the end of a command waits for a collector, in milliseconds: with one that is gone nothing is lost but figures. */
const LAST = { mostRequest: 2500, lastExport: 3000 };

function execute(
  command: CommandName,
  request: JobRequest,
  settings: Settings,
  environment: Environment,
  tools: Tools,
): Promise<number> {
  switch (command) {
    case 'copy':
      if (settings.engine !== 'job') return copy(request, tools, settings);
      // Only now: the others do without the engine and the client of other registries.
      return import('./copy-by-job.ts').then(({ copyByJob }) =>
        copyByJob(request, settings, environment, tools),
      );
    case 'plan':
      return plan(request, tools, settings);
    case 'mirror':
      return settings.claim ? claim(request, tools, settings) : mirror(request, tools, settings);
    case 'verify':
      return verify(request, tools, settings);
    case 'serve':
      // The same of the server and what it needs.
      return import('../serve/serve.ts').then(({ serve }) => serve(settings, environment, tools));
  }
}

function createTools(
  command: CommandName,
  settings: Settings,
  environment: Environment,
  streams: Streams,
): Tools {
  const { requestsPerMinute, writesPerMinute, deletesPerMinute, emulatorHost, log: format } = settings;
  const status = statusLine(streams.stderr);
  const isTerminal = streams.stderr.isTTY === true;
  const { name, execution } = settings;
  const isJson = isForMachines(format, isTerminal, environment);
  const text = withoutReported(textLog(status.above, isTerminal && !environment.NO_COLOR), isTerminal);
  const traced = (trace?: Trace) =>
    isJson ? jsonLog({ command, name, execution }, status.above, Date.now, trace) : text;
  const log = traced();
  const registry = openRegistry({
    env: { ...environment, REPLICATOR_EMULATOR_HOST: emulatorHost },
    limits: { requests: requestsPerMinute, writes: writesPerMinute, deletes: deletesPerMinute },
  });
  const screen = createScreen(streams, status, isOnCloudRun(environment) ? log : undefined);
  return { registry, log, traced, clock: systemClock, screen, metrics: noMetrics };
}

/** On a terminal progress is the status line's, and the end of a destination is in the report. */
function withoutReported(log: Log, isTerminal: boolean): Log {
  return (severity, message, fields) => {
    const isReported = fields.phase === 'await' || fields.phase === 'result';
    if (!(isTerminal && severity === 'INFO' && isReported)) log(severity, message, fields);
  };
}
