/** One run over HTTP: the copies, then for each destination what was asked to follow. */
import { resourceName } from '../../generator/plan.ts';
import { copyEndings } from '../commands/copy.ts';
import { messageOf } from '../commands/each.ts';
import { type Ending, stateOf } from '../commands/ending.ts';
import { logMirror, mirrorEndings } from '../commands/mirror.ts';
import type { Tools } from '../commands/tools.ts';
import { logVerify, verifyEndings } from '../commands/verify.ts';
import { copyAll } from '../copy/copy.ts';
import type { CopyOutcome } from '../copy/outcome.ts';
import { mirrorDestination } from '../mirror/mirror.ts';
import type { MirrorOutcome } from '../mirror/outcome.ts';
import type { JobRequest } from '../request.ts';
import { type VerifyReport, verifyDestination } from '../verify/verify.ts';
import { type Done, type Result, resultOf } from './result.ts';

/** What is to follow each copy. */
export interface Followers {
  readonly mirror: boolean;
  readonly verify: boolean;
}

/** Runs it all. What fails is in the result; nothing is thrown. */
export async function run(request: JobRequest, followers: Followers, tools: Tools): Promise<Result> {
  const { registry, log, clock } = tools;
  const began = clock.now();
  const outcomes = await copyAll(registry, request, { clock, log });
  const done: Done[] = [];
  for (const copy of outcomes) done.push(await follow(request, copy, followers, tools, began));
  const result = resultOf(request, done, Math.round((clock.now() - began) / 1000));
  const { state, message, copied, skipped, deleted, seconds } = result;
  const severity = state === 'failed' ? 'ERROR' : state === 'partlyFailed' ? 'WARNING' : 'INFO';
  log(severity, message, { phase: 'end', state, counts: { copied, skipped, deleted }, seconds });
  return result;
}

async function follow(
  request: JobRequest,
  copy: CopyOutcome,
  { mirror, verify }: Followers,
  { registry, log, clock }: Tools,
  began: number,
): Promise<Done> {
  const { destination } = copy;
  const endings: Ending[] = copyEndings([copy]);
  const outcomes: { mirror?: MirrorOutcome; verify?: VerifyReport } = {};
  // What a copy skipped is missing for a reason; after one that failed too much would be.
  if (copy.state !== 'failed') {
    // Where the service does not tell, or not so that it can be read: no copy was started before the run began.
    const started = Date.parse(copy.copyStartTime ?? '');
    const since = {
      ...request,
      copyStartTime: Number.isNaN(started) ? (request.copyStartTime ?? began) : started,
      skippedVersions: copy.skipped,
    };
    const now = () => clock.now();
    try {
      if (mirror) {
        outcomes.mirror = await mirrorDestination(registry, since, destination, { log, now });
        logMirror(outcomes.mirror, log);
        endings.push(...mirrorEndings([{ destination, outcome: outcomes.mirror }]));
      }
      // Before anything was copied there is nothing to hold against it.
      if (verify && !request.dryRun) {
        outcomes.verify = await verifyDestination(registry, since, destination, now);
        logVerify(outcomes.verify, log);
        endings.push(...verifyEndings([{ destination, outcome: outcomes.verify }]));
      }
    } catch (thrown) {
      const error = messageOf(thrown);
      const name = resourceName(destination);
      log('ERROR', `${name}: ${error}`, { phase: 'result', destination: name, state: 'failed', error });
      endings.push({ destination: name, state: 'failed', error });
    }
  }
  const error = endings.find((ending) => ending.error !== undefined)?.error;
  const ending = { destination: resourceName(destination), state: stateOf(endings), error };
  return { copy, ...outcomes, ending };
}
