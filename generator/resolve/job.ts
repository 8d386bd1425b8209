/** The Cloud Run job: its settings, and whether there is one where one is needed. */
import { child } from '../config-path.ts';
import type { ConfigPath, JobPlan } from '../plan.ts';
import { isRecord, listed, quote } from './describe.ts';
import { readEnv } from './job-env.ts';
import { checkRange } from './poll.ts';
import type { Report } from './report.ts';

/** Most memory for a number of CPUs, in MiB, and the least. https://cloud.google.com/run/docs/configuring/jobs/memory-limits */
const MEMORY: ReadonlyMap<number, readonly [least: number, most: number]> = new Map([
  [1, [512, 4096]],
  [2, [512, 8192]],
  [4, [2048, 16_384]],
  [6, [4096, 24_576]],
  [8, [4096, 32_768]],
]);

/** Fills the defaults in and reports what Cloud Run does not take; undefined where there is no job. */
export function readJob(value: unknown, path: ConfigPath, report: Report): JobPlan | undefined {
  if (value !== true && !isRecord(value)) return undefined;
  const { image, tasks, timeout, memory, cpu, service, env } = isRecord(value) ? value : {};
  checkRange(tasks, { min: 1, max: 100, whole: true }, child(path, 'tasks'), report);
  checkRange(timeout, { min: 60, max: 604_800, whole: true }, child(path, 'timeout'), report);
  if (typeof image === 'string') checkImage(image, child(path, 'image'), report);
  const job: JobPlan = {
    image: typeof image === 'string' ? image : undefined,
    tasks: typeof tasks === 'number' ? tasks : 1,
    timeout: typeof timeout === 'number' ? timeout : 43_200,
    memory: typeof memory === 'string' ? memory : '512Mi',
    cpu: typeof cpu === 'number' ? cpu : 1,
    service: service === true,
    env: readEnv(env, child(path, 'env'), report),
  };
  checkResources(job, memory === undefined ? 'cpu' : 'memory', path, report);
  return job;
}

/** A tag may be moved, and the job would be another one without a deploy. */
function checkImage(image: string, path: ConfigPath, report: Report): void {
  if (/^[^\s@]+@sha256:[0-9a-f]{64}$/.test(image)) return;
  const message = `image ${quote(image)} is not named by its digest`;
  report.problem('job', path, message, 'write NAME@sha256: and 64 hexadecimal digits');
}

/** @param blamed the one that was written, where the two do not fit */
function checkResources(
  { cpu, memory }: JobPlan,
  blamed: 'cpu' | 'memory',
  path: ConfigPath,
  report: Report,
): void {
  const limits = MEMORY.get(cpu);
  const [, number = '', unit] = /^(\d+)(Mi|Gi)$/.exec(memory) ?? [];
  if (!limits) {
    const known = listed([...MEMORY.keys()].map(String));
    report.problem(
      'job',
      child(path, 'cpu'),
      `cpu ${cpu} is no number of CPUs that a job can have`,
      `write ${known}`,
    );
  }
  if (unit === undefined) {
    const message = `memory ${quote(memory)} is not written as Cloud Run takes it`;
    report.problem(
      'job',
      child(path, 'memory'),
      message,
      'write a whole number with Mi or Gi, as "512Mi" or "2Gi"',
    );
  }
  if (!limits || unit === undefined) return;
  const size = Number(number) * (unit === 'Gi' ? 1024 : 1);
  const [least, most] = limits;
  if (size >= least && size <= most) return;
  const message = `memory ${memory} does not go with ${cpu} CPU${cpu === 1 ? '' : 's'}`;
  const hint = `write memory from ${sizeText(least)} to ${sizeText(most)}, or another cpu`;
  report.problem('job', child(path, blamed), message, hint);
}

const sizeText = (mebibytes: number) => (mebibytes < 1024 ? `${mebibytes}Mi` : `${mebibytes / 1024}Gi`);

/** The workflow's name is the job's too, and Cloud Run is stricter. */
export function checkJobName(name: string, job: JobPlan, path: ConfigPath, report: Report): void {
  const most = job.service ? 49 : 63;
  if (/^[a-z]([a-z0-9-]*[a-z0-9])?$/.test(name) && name.length <= most) return;
  const what = job.service ? 'job and service' : 'job';
  report.problem(
    'workflow-id',
    path,
    `${quote(name)} is no name for a Cloud Run ${what}`,
    `at most ${most} lowercase letters, digits and "-"; starts with a letter, ends in a letter or digit`,
  );
}

/** A setting that only the job can carry out. */
export interface Need {
  /** `"mirror"`, `engine 'job'`. */
  readonly what: string;
  readonly path: ConfigPath;
}

/** Reports each setting that needs a job, once, where there is none. */
export function checkNeeds(needs: readonly Need[], job: JobPlan | undefined, report: Report): void {
  if (job) return;
  const told = new Set<ConfigPath>();
  for (const { what, path } of needs) {
    if (told.has(path)) continue;
    told.add(path);
    report.problem('job', path, `${what} needs the Cloud Run job`, 'add job: true');
  }
}
