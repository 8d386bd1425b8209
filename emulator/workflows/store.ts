/**
 * Keeps workflows and executions as files, so that an emulator with `--data` finds them again. Step entries and
 * logs are kept in memory only.
 */
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ExecutionRecord } from './execution.ts';
import type { Workflow } from './workflow.ts';

/** A workflow with all its revisions, oldest first; the last one is current. */
export interface StoredWorkflow {
  workflow: Workflow;
  revisions: Workflow[];
}

/** The files of one emulator. */
export class Store {
  readonly #workflows: string;
  readonly #executions: string;

  /** @param folder made when it isn't there */
  constructor(folder: string) {
    this.#workflows = join(folder, 'definitions');
    this.#executions = join(folder, 'executions');
    for (const each of [this.#workflows, this.#executions]) mkdirSync(each, { recursive: true });
  }

  workflows(): StoredWorkflow[] {
    return read<StoredWorkflow>(this.#workflows);
  }

  executions(): ExecutionRecord[] {
    return read<ExecutionRecord>(this.#executions).sort((a, b) => a.sequence - b.sequence);
  }

  saveWorkflow(stored: StoredWorkflow): void {
    write(join(this.#workflows, fileName(stored.workflow.name)), stored);
  }

  removeWorkflow(name: string): void {
    rmSync(join(this.#workflows, fileName(name)), { force: true });
  }

  saveExecution(record: ExecutionRecord): void {
    write(join(this.#executions, executionFile(record.name)), record);
  }

  removeExecution(name: string): void {
    rmSync(join(this.#executions, executionFile(name)), { force: true });
  }
}

function fileName(name: string): string {
  return `${encodeURIComponent(name)}.json`;
}

/** An execution's id is unique in itself. */
function executionFile(name: string): string {
  return `${name.slice(name.lastIndexOf('/') + 1)}.json`;
}

/** Written aside first: who is killed in the middle leaves the old file or the new one. */
function write(path: string, content: unknown): void {
  try {
    writeFileSync(`${path}.new`, JSON.stringify(content));
    renameSync(`${path}.new`, path);
  } catch (error) {
    // An execution may end after its emulator was closed, and the temporary folder removed with it.
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
}

function read<T>(folder: string): T[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith('.json'))
    .flatMap((name) => {
      try {
        return [JSON.parse(readFileSync(join(folder, name), 'utf8')) as T];
      } catch {
        // A file that was cut off by a crash of the machine is left where it is, and left out.
        return [];
      }
    });
}
