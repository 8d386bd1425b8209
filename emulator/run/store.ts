/** Keeps jobs as files, so that an emulator with `--data` finds them again. */
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { JobFields } from './resource.ts';

/** What is kept of a job. Times are milliseconds since the epoch. */
export interface JobRecord {
  /** `projects/P/locations/L/jobs/J` */
  readonly name: string;
  readonly uid: string;
  readonly generation: number;
  readonly createTime: number;
  readonly updateTime: number;
  readonly fields: JobFields;
}

/** The files of one emulator. */
export class Store {
  readonly #folder: string;

  /** @param folder made when it isn't there */
  constructor(folder: string) {
    this.#folder = join(folder, 'jobs');
    mkdirSync(this.#folder, { recursive: true });
  }

  jobs(): JobRecord[] {
    return readdirSync(this.#folder)
      .filter((name) => name.endsWith('.json'))
      .map((name) => JSON.parse(readFileSync(join(this.#folder, name), 'utf8')) as JobRecord);
  }

  save(job: JobRecord): void {
    const path = this.#path(job.name);
    // Written aside first: who is killed in the middle leaves the old file or the new one.
    writeFileSync(`${path}.new`, JSON.stringify(job));
    renameSync(`${path}.new`, path);
  }

  remove(name: string): void {
    rmSync(this.#path(name), { force: true });
  }

  #path(name: string): string {
    return join(this.#folder, `${encodeURIComponent(name)}.json`);
  }
}
