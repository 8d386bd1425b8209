/** Flags of the commands, by `node:util` parseArgs, with messages that name the nearest flag. */
import { resolve } from 'node:path';
import { type ParseArgsConfig, parseArgs } from 'node:util';
import { nearest } from '../generator/nearest.ts';
import { visibleLines } from '../job/log/logger.ts';

/** A command line that cannot be understood: the command prints it and exits 64. */
export class UsageError extends Error {
  override name = 'UsageError';
}

/** What is in the way lies outside the program: the message says what it is and what to do. The command exits 1. */
export class Obstacle extends Error {
  override name = 'Obstacle';
}

/** `--help` was asked for: the command prints the message and exits 0. */
class HelpAsked extends Error {}

/** A path as the caller meant it: npm starts its scripts in the checkout, wherever it was called. */
export function fromCaller(path: string): string {
  return resolve(process.env.INIT_CWD ?? process.cwd(), path);
}

type Options = NonNullable<ParseArgsConfig['options']>;

/**
 * Parses a command line strictly.
 *
 * @param help what `--help` prints, which every command has
 * @param positionals whether words without a flag are taken
 * @throws UsageError that names the flag and the nearest known one
 */
export function readFlags<const T extends Options>(
  args: readonly string[],
  help: string,
  options: T,
  positionals = false,
) {
  const parsed = parse(args, { ...options, help: { type: 'boolean' } as const }, positionals);
  const { help: isAsked }: { readonly help?: unknown } = parsed.values;
  if (isAsked === true) throw new HelpAsked(help);
  return parsed;
}

function parse<const T extends Options>(args: readonly string[], options: T, positionals: boolean) {
  try {
    return parseArgs({ args: [...args], options, allowPositionals: positionals, strict: true });
  } catch (error) {
    const { code, message } = error as { code?: string; message: string };
    const flag = /'(-{1,2}[^' <]+)/.exec(message)?.[1];
    if (code === 'ERR_PARSE_ARGS_UNKNOWN_OPTION' && flag) {
      const near = nearest(flag.replace(/^-+/, ''), Object.keys(options));
      throw new UsageError(`unknown flag ${flag}${near ? `, did you mean --${near}?` : ''}`);
    }
    if (code === 'ERR_PARSE_ARGS_UNEXPECTED_POSITIONAL') {
      const word = /'([^']*)'/.exec(message)?.[1];
      throw new UsageError(`unexpected word ${JSON.stringify(word)}`);
    }
    if (code === 'ERR_PARSE_ARGS_INVALID_OPTION_VALUE') {
      const takes = message.includes('does not take') ? 'takes no value' : 'needs a value';
      throw new UsageError(`${flag ?? 'a flag'} ${takes}`);
    }
    throw error;
  }
}

/**
 * Runs a command and exits with what it returns. A usage error exits 64, an obstacle 1; anything else that is thrown
 * is a fault of ours and is shown as one line, with the stack only where `DEBUG` is set.
 */
export async function runCommand(name: string, command: () => Promise<number>): Promise<void> {
  for (const stream of [process.stdout, process.stderr]) stream.on('error', unlessReaderLeft);
  try {
    process.exitCode = await command();
  } catch (error) {
    if (error instanceof HelpAsked) {
      console.log(error.message);
      return;
    }
    const message = error instanceof Error ? error.message : String(error);
    console.error(visibleLines(`${name}: ${message}`));
    if (error instanceof UsageError) console.error(`See: npm run ${name} -- --help`);
    else if (process.env.DEBUG && error instanceof Error) console.error(error.stack);
    else if (!(error instanceof Obstacle))
      console.error('This is a fault of the program; set DEBUG=1 to see where.');
    process.exitCode = error instanceof UsageError ? 64 : 1;
  }
}

/** A reader that has seen enough, as `head` has, stops nothing: what changes things goes on to its end. */
function unlessReaderLeft(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EPIPE') throw error;
}
