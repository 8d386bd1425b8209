/** Which of several tasks does what, without a word between them. */
import { createHash } from 'node:crypto';

/** A task of a Cloud Run job: `CLOUD_RUN_TASK_INDEX` of `CLOUD_RUN_TASK_COUNT`. */
export interface Task {
  readonly index: number;
  readonly count: number;
}

/**
 * Whether something falls to a task. Every name falls to exactly one, always the same for the same count, whichever
 * other names there are.
 *
 * @param name what is dealt out, such as a repository's full name
 */
export function isMine(name: string, { index, count }: Task): boolean {
  if (count <= 1) return true;
  return createHash('sha256').update(name).digest().readUInt32BE(0) % count === index;
}
