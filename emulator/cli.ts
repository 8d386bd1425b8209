/** `npm run emulator`: the emulator alone, until it is stopped. */
import { realpathSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { parseBehavior, switches } from './behavior.ts';
import { type Clock, drivenClock, realClock } from './clock.ts';
import { readFaults } from './faults.ts';
import { didYouMean } from './nearest.ts';
import { type Emulator, type EmulatorOptions, startEmulator } from './server.ts';
import { lifted, limitNames } from './workflows/limits.ts';

const options = {
  port: { type: 'string', default: '8787' },
  data: { type: 'string' },
  faults: { type: 'string' },
  clock: { type: 'string', default: 'real' },
  behavior: { type: 'string', multiple: true },
  lift: { type: 'string', multiple: true },
  iam: { type: 'boolean', default: false },
  help: { type: 'boolean', short: 'h', default: false },
} as const;

/** Wrong use: exit code 64, as sysexits.h has it. */
export class UsageError extends Error {
  override name = 'UsageError';
}

/** The text of `--help`. */
export function help(): string {
  const rows = Object.entries(switches).map(([name, { default: preset, about, ...rest }]) => {
    const values = 'values' in rest ? rest.values.join(' | ') : 'a number';
    return `  ${name} (${values}; default ${preset})\n      ${about}`;
  });
  return `Runs Google Cloud on one loopback port: Artifact Registry (REST, CopyRepository, /v2/), Workflows, and Cloud
Run jobs, each task a process of this machine that runs the job from the sources. A browser finds a console page at /.

npm run emulator -- [options]

  --port PORT            where to listen on 127.0.0.1; 0 takes a free port (default 8787)
  --data DIR             keep everything in this folder (default: a temporary one, removed at the end)
  --faults FILE          JSON or YAML list of faults: refused, dropped, cut or delayed requests, failing copies
  --clock real | auto    auto skips the time in which everything only waits (default real)
  --behavior NAME=VALUE  how to behave where it isn't known how the service does; may be repeated
  --lift LIMIT           lift a limit of Cloud Workflows: one of those below, or all; may be repeated
  --iam                  enforce roles: a caller is who its token names, emulated:EMAIL (owner@emulator.test may
                         do everything), and has what the policies give
  --help                 this text

A fault is one of
  {method?, path, after?, times?, status, headers?, body?}   answer with this status
  {method?, path, after?, times?, reset: true}               drop the connection
  {method?, path, after?, times?, truncate: BYTES}           drop it after so many bytes of the answer
  {method?, path, after?, times?, delay: SECONDS}            wait first; goes with any of the others
  {copy: DESTINATION, skip: VERSION}                         a copy can't copy these versions
  {copy: DESTINATION, fail: {status?, message?, afterVersions?}}
with * for anything in path, DESTINATION and VERSION (PACKAGE@VERSION or PACKAGE:TAG), after: how many matches
pass first, times: how many are then hit. perSecond: N lets so many requests a second pass and hits the others.

Limits:
  ${limitNames.join(' ')}

Behaviors:
${rows.join('\n')}`;
}

/**
 * Reads the command line.
 *
 * @throws UsageError that says what is wrong and, of a misspelt name, what was probably meant
 */
export function readOptions(args: readonly string[]): EmulatorOptions | 'help' {
  const values = parse(args);
  if (values.help) return 'help';
  const port = /^\d+$/.test(values.port) ? Number(values.port) : Number.NaN;
  if (!(port <= 65535)) throw new UsageError(`--port is a number from 0 to 65535, not '${values.port}'`);
  const clocks = { real: realClock, auto: skippingClock };
  if (!Object.hasOwn(clocks, values.clock))
    throw new UsageError(
      `--clock is real or auto, not '${values.clock}'${didYouMean(values.clock, Object.keys(clocks))}`,
    );
  const names = values.lift ?? [];
  const limits = lifted(names);
  if (!limits) {
    const wrong = names.find((name) => !lifted([name])) ?? '';
    throw new UsageError(`there is no limit '${wrong}'${didYouMean(wrong, ['all', ...limitNames])}`);
  }
  try {
    return {
      port,
      ...(names.length > 0 && { limits }),
      ...(values.data !== undefined && { data: values.data }),
      ...(values.faults !== undefined && { faults: readFaults(values.faults) }),
      behavior: parseBehavior(values.behavior ?? []),
      clock: clocks[values.clock as keyof typeof clocks](),
      iam: values.iam,
    };
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}

/** The wall clock, which leaps ahead whenever all that runs only waits. */
function skippingClock(): Clock {
  const skipped = drivenClock({ start: 0, auto: true });
  const wall = realClock();
  const now = () => Date.now() + skipped.now();
  return {
    now,
    fiber: skipped.fiber,
    // Rung by whichever comes first: the leap past it, or what is left of the wall's time.
    alarm: (milliseconds, ring) => {
      const due = now() + milliseconds;
      let leap = () => {};
      let pass = () => {};
      const ringOnce = () => {
        const left = due - now();
        leap();
        pass();
        if (left > 0) arm(left);
        else ring();
      };
      const arm = (left: number) => {
        leap = skipped.alarm(left, ringOnce);
        pass = wall.alarm(left, ringOnce);
      };
      arm(milliseconds);
      return () => {
        leap();
        pass();
      };
    },
    close: () => {
      skipped.close();
      wall.close();
    },
  };
}

function parse(args: readonly string[]) {
  // Not strict: Node's own message doesn't know which name was meant.
  const { tokens } = parseArgs({ args: [...args], options, strict: false, tokens: true });
  for (const token of tokens) {
    if (token.kind === 'positional') throw new UsageError(`unexpected argument '${token.value}'`);
    if (token.kind !== 'option') continue;
    if (!Object.hasOwn(options, token.name))
      throw new UsageError(
        `there is no option ${token.rawName}${didYouMean(token.name, Object.keys(options))}`,
      );
    const { type } = options[token.name as keyof typeof options];
    if (type === 'string' && token.value === undefined)
      throw new UsageError(`${token.rawName} needs a value`);
    if (type === 'boolean' && token.value !== undefined)
      throw new UsageError(`${token.rawName} takes no value`);
  }
  return parseArgs({ args: [...args], options }).values;
}

/** What is printed once it listens. */
export function greeting({ url, host }: Pick<Emulator, 'url' | 'host'>): string {
  return `Emulator at ${url}. Stop it with Ctrl-C.

Look at it in a browser, what runs and what repositories hold:
  ${url}/

Point everything at it:
  export REPLICATOR_EMULATOR_HOST=${host}
With gcloud:
  export CLOUDSDK_API_ENDPOINT_OVERRIDES_ARTIFACTREGISTRY=${url}/ CLOUDSDK_AUTH_DISABLE_CREDENTIALS=true
  gcloud artifacts repositories create leader --repository-format=docker --location=europe-west1 --project=demo
Images are HOST/{location}/{project}/{repository}/{image}:
  skopeo copy --all --dest-tls-verify=false SOURCE docker://${host}/europe-west1/demo/leader/app:v1`;
}

async function main(): Promise<void> {
  const read = readOptions(process.argv.slice(2));
  if (read === 'help') return console.log(help());
  const emulator = await startEmulator(read);
  console.log(greeting(emulator));
  const stop = () => {
    emulator.close().then(() => process.exit(0));
  };
  process.once('SIGINT', stop);
  process.once('SIGTERM', stop);
}

if (process.argv[1] && realpathSync(process.argv[1]) === fileURLToPath(import.meta.url))
  main().catch((error: NodeJS.ErrnoException) => {
    if (error instanceof UsageError) {
      console.error(`emulator: ${error.message}\nSee --help.`);
      process.exit(64);
    }
    const port = 'port' in error ? String(error.port) : '';
    if (error.code === 'EADDRINUSE')
      console.error(`emulator: port ${port} is in use; give another with --port`);
    else console.error(`emulator: ${error.message}`);
    process.exit(1);
  });
