/** Makes changes: each once all that it waits for is done, independent ones at the same time. */
import { setTimeout as pause } from 'node:timers/promises';
import { createGate } from '../../job/oci/gate.ts';
import { type Gcloud, noGcloud } from '../cloud/gcloud.ts';
import { type Command, commandsOf } from './commands.ts';
import type { Change } from './difference.ts';

/** What became of a change. */
export interface Outcome {
  readonly change: Change;
  readonly state: 'done' | 'failed' | 'notDone';
  readonly seconds: number;
  /** Why it failed, or what it waited for in vain. */
  readonly why?: string;
}

/** Told as it goes. */
export interface Telling {
  readonly started: (change: Change, command: Command) => void;
  /** A command is to be tried again. */
  readonly again: (change: Change, why: string, seconds: number) => void;
  readonly ended: (outcome: Outcome) => void;
}

/** How to work. */
export interface ApplyOptions {
  readonly gcloud: Pick<Gcloud, 'run'>;
  readonly tell: Telling;
  /** Whether what a command was to make is there after all, ours and as it was to be. Left out: it is not. */
  readonly isMade?: (change: Change) => Promise<boolean>;
  /** gcloud takes a core for most of a second: more at once would not be done sooner. */
  readonly concurrency?: number;
  /** Seconds before a command is tried again, doubled each time. */
  readonly backoff?: number;
}

/** Tries of a command that failed for a passing reason. */
const tries = 6;

/** Looks for what is said to be there already: an operation may take a while to show what it made. */
const looks = 4;

/** What goes by itself: a policy that somebody else changed meanwhile, and what is new and not known everywhere yet. */
const passing =
  /concurrent policy changes|ABORTED|\b409\b.*(?:etag|conflict)|Service account \S+ does not exist|has not been used in project .* before or it is disabled|SERVICE_DISABLED|RESOURCE_EXHAUSTED|\b429\b|UNAVAILABLE|\b503\b/i;

/**
 * Makes changes. A failure stops what waits for it and nothing else.
 *
 * @returns what became of each, in the given order
 */
export async function apply(changes: readonly Change[], options: ApplyOptions): Promise<Outcome[]> {
  const { gcloud, tell, isMade = async () => false, concurrency = 4, backoff = 1 } = options;
  const pending = changes.filter(({ action }) => action !== 'unchanged' && action !== 'taken');
  const gate = createGate(concurrency);
  const locks = new Map<string, Promise<unknown>>();
  const outcomes = new Map<string, Promise<Outcome>>();

  const make = async (change: Change): Promise<Outcome> => {
    for (const id of change.after) {
      const before = await outcomes.get(id);
      if (before && before.state !== 'done')
        return { change, state: 'notDone', seconds: 0, why: before.change.resource.name };
    }
    let seconds = 0;
    for (const command of commandsOf(change)) {
      // Counted from its start: what it waited for has a time of its own.
      const why = await locked(command, async () => {
        const leave = await gate.enter();
        const began = performance.now();
        try {
          return await run(change, command);
        } finally {
          seconds += (performance.now() - began) / 1000;
          leave();
        }
      });
      if (why !== undefined) return { change, state: 'failed', seconds, why };
    }
    return { change, state: 'done', seconds };
  };

  const locked = <T>({ lock }: Command, work: () => Promise<T>): Promise<T> => {
    if (lock === undefined) return work();
    const turn = (locks.get(lock) ?? Promise.resolve()).then(work);
    locks.set(
      lock,
      turn.catch(() => {}),
    );
    return turn;
  };

  /** @returns why it failed; undefined when it did not */
  const run = async (change: Change, command: Command): Promise<string | undefined> => {
    tell.started(change, command);
    for (let attempt = 1, delay = backoff; ; attempt++, delay *= 2) {
      const { exitCode, stderr } = await gcloud.run(command.args);
      if (exitCode === 0) return undefined;
      if (exitCode === noGcloud.exitCode) return noGcloud.message;
      if (isDoneAlready(change, stderr)) return undefined;
      const goesByItself = passing.test(stderr) || isAccountTooNew(change, stderr);
      if (attempt >= tries || !goesByItself) {
        if (isThereAlready(change, stderr) && (await appears(change))) return undefined;
        return stderr || `exit code ${exitCode}`;
      }
      tell.again(change, firstLine(stderr), delay);
      await pause(delay * 1000);
    }
  };

  const appears = async (change: Change): Promise<boolean> => {
    for (let look = 1, delay = backoff; ; look++, delay *= 2) {
      if (await isMade(change)) return true;
      if (look >= looks) return false;
      await pause(delay * 1000);
    }
  };

  for (const change of pending)
    outcomes.set(
      change.resource.id,
      make(change).then((outcome) => {
        tell.ended(outcome);
        return outcome;
      }),
    );
  return Promise.all(outcomes.values());
}

/** Something that was to be taken away is gone: a lost answer, or somebody else was faster. */
function isDoneAlready({ action }: Change, stderr: string): boolean {
  return action === 'remove' && /NOT_FOUND|not found|could not be found|does not exist/i.test(stderr);
}

/**
 * Something that was not there when we looked: gcloud sends a request again whose answer was lost, and is then told
 * that what it made is there. Somebody else may have been faster too. A build says only that it failed, as it does
 * when one that a killed deploy had begun was first to push the tag, which cannot be moved.
 */
function isThereAlready({ action, resource: { kind } }: Change, stderr: string): boolean {
  if (action !== 'create' || kind === 'binding') return false;
  return kind === 'image' || /ALREADY_EXISTS|already exists/i.test(stderr);
}

/** An account that was made a moment ago is not known everywhere: who uses it is told that they may not. */
function isAccountTooNew({ after }: Change, stderr: string): boolean {
  return after.some((id) => id.startsWith('serviceAccount ')) && /serviceAccounts\.actAs/i.test(stderr);
}

export function firstLine(text: string): string {
  return text.split('\n', 1)[0] ?? '';
}
