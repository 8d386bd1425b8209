/** Bodies of requests. What this emulator does not act on is taken and kept; what the API doesn't have is refused. */
import * as v from 'valibot';
import { GoogleError } from '../errors.ts';
import { json, readBody } from '../registry/call.ts';
import type { Overrides } from './overrides.ts';
import type { JobFields } from './resource.ts';

const open = v.record(v.string(), v.unknown());
const texts = v.record(v.string(), v.string());

/** Seconds as protobuf's JSON writes a duration. */
const duration = v.pipe(v.string('TYPE_DURATION'), v.regex(/^\d+(\.\d{1,9})?s$/, 'TYPE_DURATION'));

const envVar = v.strictObject({
  name: json.string,
  value: v.optional(json.string),
  valueSource: v.optional(open),
});

const container = v.strictObject({
  name: v.optional(json.string),
  image: json.string,
  command: v.optional(v.array(json.string)),
  args: v.optional(v.array(json.string)),
  env: v.optional(v.array(envVar)),
  resources: v.optional(open),
  ports: v.optional(v.array(open)),
  volumeMounts: v.optional(v.array(open)),
  workingDir: v.optional(json.string),
  livenessProbe: v.optional(open),
  startupProbe: v.optional(open),
  dependsOn: v.optional(v.array(json.string)),
});

const taskTemplate = v.strictObject({
  containers: v.optional(v.array(container), []),
  volumes: v.optional(v.array(open)),
  maxRetries: v.optional(json.int32),
  timeout: v.optional(duration),
  serviceAccount: v.optional(json.string),
  executionEnvironment: v.optional(v.union([v.string(), v.number()])),
  encryptionKey: v.optional(json.string),
  vpcAccess: v.optional(open),
  nodeSelector: v.optional(open),
  gpuZonalRedundancyDisabled: v.optional(json.bool),
});

const executionTemplate = v.strictObject({
  labels: v.optional(texts),
  annotations: v.optional(texts),
  parallelism: v.optional(json.int32),
  taskCount: v.optional(json.int32),
  template: taskTemplate,
});

const ignored = v.optional(v.unknown());

const Job = v.strictObject({
  labels: v.optional(texts),
  annotations: v.optional(texts),
  client: v.optional(json.string),
  clientVersion: v.optional(json.string),
  launchStage: v.optional(json.string),
  binaryAuthorization: v.optional(open),
  template: executionTemplate,
  etag: v.optional(json.string),
  // Output only, or chosen by the path: taken and not looked at, as a client sends back what it got.
  name: ignored,
  uid: ignored,
  generation: ignored,
  observedGeneration: ignored,
  createTime: ignored,
  updateTime: ignored,
  deleteTime: ignored,
  expireTime: ignored,
  creator: ignored,
  lastModifier: ignored,
  terminalCondition: ignored,
  conditions: ignored,
  executionCount: ignored,
  latestCreatedExecution: ignored,
  reconciling: ignored,
  satisfiesPzs: ignored,
});

const outputOnly = [
  'name',
  'uid',
  'generation',
  'observedGeneration',
  'createTime',
  'updateTime',
  'deleteTime',
  'expireTime',
  'creator',
  'lastModifier',
  'terminalCondition',
  'conditions',
  'executionCount',
  'latestCreatedExecution',
  'reconciling',
  'satisfiesPzs',
  'etag',
] as const;

const RunJob = v.strictObject({
  overrides: v.optional(
    v.strictObject({
      containerOverrides: v.optional(
        v.array(
          v.strictObject({
            name: v.optional(json.string),
            args: v.optional(v.array(json.string)),
            env: v.optional(v.array(envVar)),
            clearArgs: v.optional(json.bool),
          }),
        ),
      ),
      taskCount: v.optional(json.int32),
      timeout: v.optional(duration),
    }),
  ),
  validateOnly: v.optional(json.bool),
  etag: v.optional(json.string),
});

const Change = v.strictObject({ validateOnly: v.optional(json.bool), etag: v.optional(json.string) });

/** Most tasks of an execution, retries of a task, and seconds of an attempt. */
const limits = { taskCount: 10_000, maxRetries: 10, timeout: 168 * 3600 };

/** A job's fields, checked. @throws GoogleError INVALID_ARGUMENT */
export function readJob(body: unknown): { fields: JobFields; etag: string | undefined } {
  const read = readBody(Job, body);
  const { containers, maxRetries = 0, timeout } = read.template.template;
  if (containers.length === 0) throw invalid('template.template.containers', 'must have at least 1 item');
  const image = containers.findIndex((one) => one.image === '');
  if (image >= 0) throw invalid(`template.template.containers[${image}].image`, 'must not be empty');
  checkTaskCount(read.template.taskCount, 'template.task_count');
  if ((read.template.parallelism ?? 0) < 0) throw invalid('template.parallelism', 'must not be negative');
  if (maxRetries < 0 || maxRetries > limits.maxRetries)
    throw invalid('template.template.max_retries', `must be between 0 and ${limits.maxRetries}`);
  checkTimeout(timeout, 'template.template.timeout');
  const fields = Object.fromEntries(
    Object.entries(read).filter(([name]) => !(outputOnly as readonly string[]).includes(name)),
  );
  return { fields: fields as unknown as JobFields, etag: read.etag };
}

/** A request to run a job, checked. @throws GoogleError INVALID_ARGUMENT */
export function readRun(body: unknown): {
  overrides: Overrides;
  validateOnly: boolean;
  etag: string | undefined;
} {
  const { overrides = {}, validateOnly = false, etag } = readBody(RunJob, body);
  checkTaskCount(overrides.taskCount, 'overrides.task_count');
  checkTimeout(overrides.timeout, 'overrides.timeout');
  return { overrides, validateOnly, etag };
}

/** A request to cancel something. @throws GoogleError INVALID_ARGUMENT */
export function readChange(body: unknown): { validateOnly: boolean; etag: string | undefined } {
  const { validateOnly = false, etag } = readBody(Change, body);
  return { validateOnly, etag };
}

function invalid(field: string, why: string): GoogleError {
  return new GoogleError('INVALID_ARGUMENT', `Violation in ${field}: ${why}.`);
}

function checkTaskCount(count: number | undefined, field: string): void {
  if (count !== undefined && (count < 0 || count > limits.taskCount))
    throw invalid(field, `must be between 1 and ${limits.taskCount}`);
}

function checkTimeout(timeout: string | undefined, field: string): void {
  if (timeout === undefined) return;
  const seconds = Number.parseFloat(timeout);
  if (!(seconds > 0 && seconds <= limits.timeout))
    throw invalid(field, `must be more than 0 and at most ${limits.timeout} seconds`);
}
