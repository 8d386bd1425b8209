/** Where Google's services are: Google's own hosts, or the emulator that REPLICATOR_EMULATOR_HOST names. */
import { owner, tokenOf } from '../../emulator/iam/caller.ts';
import { UsageError } from '../flags.ts';

/** The services that scripts ask, by the first part of their host's name. */
export type Service =
  | 'artifactregistry'
  | 'cloudbilling'
  | 'cloudkms'
  | 'cloudresourcemanager'
  | 'cloudscheduler'
  | 'iam'
  | 'logging'
  | 'monitoring'
  | 'pubsub'
  | 'run'
  | 'serviceusage'
  | 'workflowexecutions'
  | 'workflows';

/** The emulator, and who we are to it. */
export interface EmulatorTarget {
  /** `127.0.0.1:8787` */
  readonly host: string;
  readonly token: string;
}

/** Where everything goes. */
export interface Target {
  /** Undefined: Google. */
  readonly emulator: EmulatorTarget | undefined;
}

/** @throws UsageError when REPLICATOR_EMULATOR_HOST is no host and port */
export function targetFrom(env: Readonly<Record<string, string | undefined>>): Target {
  const host = env.REPLICATOR_EMULATOR_HOST ?? '';
  if (host === '') return { emulator: undefined };
  if (!/^[a-z0-9.-]+:\d{1,5}$/i.test(host))
    throw new UsageError(`REPLICATOR_EMULATOR_HOST is '${host}'; write HOST:PORT, as 127.0.0.1:8787`);
  return { emulator: { host, token: env.REPLICATOR_EMULATOR_TOKEN || tokenOf(owner) } };
}

/** Scheme and host of a service. */
export function endpoint({ emulator }: Target, service: Service): string {
  return emulator ? `http://${emulator.host}` : `https://${service}.googleapis.com`;
}

/** Where a person looks at an execution. */
export function executionLink({ emulator }: Target, execution: string): string {
  const [, project, , location, , workflow, , id] = execution.split('/');
  if (emulator) return `http://${emulator.host}/v1/${execution}`;
  return `https://console.cloud.google.com/workflows/workflow/${location}/${workflow}/execution/${id}/summary?project=${project}`;
}

/** Where a person looks at a workflow. */
export function workflowLink({ emulator }: Target, workflow: string): string {
  const [, project, , location, , id] = workflow.split('/');
  if (emulator) return `http://${emulator.host}/v1/${workflow}`;
  return `https://console.cloud.google.com/workflows/workflow/${location}/${id}/executions?project=${project}`;
}
