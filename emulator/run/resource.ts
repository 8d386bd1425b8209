/**
 * Jobs, executions and tasks as the Cloud Run Admin API v2 shows them. JSON of protobuf: a number that is 0, a text
 * that is empty and a flag that is off are left out, an int64 is a text.
 *
 * https://github.com/googleapis/googleapis/tree/master/google/cloud/run/v2
 */

/** A variable of a container. A reference to a secret has no value here. */
export interface EnvVar {
  readonly name: string;
  readonly value?: string;
}

/** What of a container is looked at here. */
export interface Container {
  readonly name?: string;
  readonly image: string;
  readonly command?: readonly string[];
  readonly args?: readonly string[];
  readonly env?: readonly EnvVar[];
}

/** `TaskTemplate`. */
export interface TaskTemplate {
  readonly containers: readonly Container[];
  readonly maxRetries?: number;
  /** `600s` */
  readonly timeout?: string;
  readonly serviceAccount?: string;
}

/** `ExecutionTemplate`. */
export interface ExecutionTemplate {
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly parallelism?: number;
  readonly taskCount?: number;
  readonly template: TaskTemplate;
}

/** What a client sets of a job. */
export interface JobFields {
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly client?: string;
  readonly clientVersion?: string;
  readonly launchStage?: string;
  readonly template: ExecutionTemplate;
}

/** `Condition`. */
export interface Condition {
  readonly type: string;
  readonly state: 'CONDITION_PENDING' | 'CONDITION_RECONCILING' | 'CONDITION_FAILED' | 'CONDITION_SUCCEEDED';
  readonly message?: string;
  readonly lastTransitionTime: string;
  readonly executionReason?: 'NON_ZERO_EXIT_CODE' | 'CANCELLED' | 'CANCELLING';
}

/** `ExecutionReference`, of the newest execution. */
export interface ExecutionReference {
  readonly name: string;
  readonly createTime: string;
  readonly completionTime?: string;
  readonly completionStatus:
    | 'EXECUTION_SUCCEEDED'
    | 'EXECUTION_FAILED'
    | 'EXECUTION_RUNNING'
    | 'EXECUTION_CANCELLED';
}

/** `Job`. */
export interface JobResource extends JobFields {
  readonly name: string;
  readonly uid: string;
  readonly generation: string;
  readonly observedGeneration: string;
  readonly createTime: string;
  readonly updateTime: string;
  readonly creator: string;
  readonly lastModifier: string;
  readonly launchStage: string;
  readonly terminalCondition: Condition;
  readonly executionCount?: number;
  readonly latestCreatedExecution?: ExecutionReference;
  readonly etag: string;
}

/** `google.rpc.Status`. */
export interface Status {
  readonly code?: number;
  readonly message?: string;
}

/** `Execution`. */
export interface ExecutionResource {
  readonly name: string;
  readonly uid: string;
  readonly creator: string;
  readonly generation: string;
  readonly observedGeneration: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly createTime: string;
  readonly startTime?: string;
  readonly completionTime?: string;
  readonly updateTime: string;
  readonly launchStage: string;
  /** The job's id. */
  readonly job: string;
  readonly parallelism?: number;
  readonly taskCount: number;
  readonly template: TaskTemplate;
  readonly reconciling?: true;
  readonly conditions: readonly Condition[];
  readonly runningCount?: number;
  readonly succeededCount?: number;
  readonly failedCount?: number;
  readonly cancelledCount?: number;
  readonly retriedCount?: number;
  readonly logUri: string;
  readonly etag: string;
}

/** `Task`. */
export interface TaskResource {
  readonly name: string;
  readonly uid: string;
  readonly generation: string;
  readonly observedGeneration: string;
  readonly createTime: string;
  readonly startTime?: string;
  readonly completionTime?: string;
  readonly updateTime: string;
  readonly job: string;
  readonly execution: string;
  readonly containers: readonly Container[];
  readonly maxRetries?: number;
  readonly timeout: string;
  readonly serviceAccount?: string;
  readonly reconciling?: true;
  readonly conditions: readonly Condition[];
  /** Left out for the first task: it is 0. */
  readonly index?: number;
  readonly retried?: number;
  /** Of a task that was never started there is none; of one that exited 0 it is empty. */
  readonly lastAttemptResult?: { readonly status?: Status; readonly exitCode?: number };
  readonly logUri: string;
  readonly etag: string;
}

/** What `@type` begins with in this API's operations. */
export const typePrefix = 'type.googleapis.com/google.cloud.run.v2';

/** A time in JSON. */
export function timestamp(milliseconds: number): string {
  return new Date(milliseconds).toISOString();
}

/** A field that protobuf's JSON leaves out when it is 0. */
export function unlessZero<K extends string>(name: K, value: number): { [key in K]?: number } {
  return value === 0 ? {} : ({ [name]: value } as { [key in K]: number });
}
