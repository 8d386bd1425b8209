/**
 * What jobs wrote for one execution of a workflow. A job's execution belongs to the execution that an entry of it names
 * in `replicator.execution`; from the first such entry on, everything that it writes does, and what it wrote before.
 */
import type { Execution as JobExecution } from '../run/execution.ts';
import type { Jobs } from '../run/jobs.ts';
import type { LogEntry as JobLogEntry } from '../run/log.ts';
import type { Logged } from './logged.ts';

export class JobLogs {
  readonly #id: string;
  readonly #take: (entry: Logged) => void;
  readonly #own = new Set<JobExecution>();
  readonly #unfollow: () => void;

  /**
   * @param id the last part of the execution's name
   * @param take called with each entry: those that are there at once, later ones as they are written
   */
  constructor(jobs: Jobs, id: string, take: (entry: Logged) => void) {
    this.#id = id;
    this.#take = take;
    for (const execution of jobs.all())
      if (execution.log.entries.some((one) => this.#names(one))) this.#adopt(execution);
    this.#unfollow = jobs.follow((execution, entry) => {
      if (this.#own.has(execution)) take(logged(execution, entry));
      else if (this.#names(entry)) this.#adopt(execution);
    });
  }

  /** Stops following where nothing is to come: no execution of a job runs that belongs to it. */
  end(): void {
    if ([...this.#own].every(({ isOver }) => isOver)) this.#unfollow();
  }

  #names({ jsonPayload }: JobLogEntry): boolean {
    const told = jsonPayload?.replicator;
    return typeof told === 'object' && told !== null && 'execution' in told && told.execution === this.#id;
  }

  #adopt(execution: JobExecution): void {
    this.#own.add(execution);
    for (const entry of execution.log.entries) this.#take(logged(execution, entry));
  }
}

function logged(
  { id }: JobExecution,
  { timestamp, severity, jsonPayload, textPayload, labels }: JobLogEntry,
): Logged {
  return {
    timestamp,
    severity,
    payload: jsonPayload === undefined ? { textPayload: textPayload ?? '' } : { jsonPayload },
    job: { execution: id, task: labels.task, attempt: labels.attempt },
  };
}
