/** Where Google's services are: Google's own hosts, or the emulator that REPLICATOR_EMULATOR_HOST names. */
import { owner, tokenOf } from '../../emulator/iam/caller.ts';
import { consoleHost, executionsPage } from '../../generator/monitoring/links.ts';
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
  if (!/^[a-z0-9.-]+:\d{1,5}$/i.test(host) || !URL.canParse(`http://${host}`))
    throw new UsageError(`REPLICATOR_EMULATOR_HOST is '${host}'; write HOST:PORT, as 127.0.0.1:8787`);
  return { emulator: { host, token: env.REPLICATOR_EMULATOR_TOKEN || tokenOf(owner) } };
}

/** Scheme and host of a service. */
export function endpoint({ emulator }: Target, service: Service): string {
  return emulator ? `http://${emulator.host}` : `https://${service}.googleapis.com`;
}

/** What to do where nobody answers at the emulator's address; empty where it is Google's. */
export function ifEmulator({ emulator }: Target): string {
  if (!emulator) return '';
  return `. Is the emulator running there? npm run emulator -- --port ${emulator.host.split(':').at(-1)}`;
}

/** Where a person looks at an execution. */
export function executionLink({ emulator }: Target, execution: string): string {
  const [, project, , location, , workflow, , id] = execution.split('/');
  if (emulator) return `http://${emulator.host}/#/execution?name=${execution}`;
  return `${consoleHost}/workflows/workflow/${location}/${workflow}/execution/${id}/summary?project=${project}`;
}

/** Where a person looks at a workflow. */
export function workflowLink({ emulator }: Target, workflow: string): string {
  const [, project = '', , region = '', , name = ''] = workflow.split('/');
  if (emulator) return `http://${emulator.host}/#/workflow?name=${workflow}`;
  return executionsPage({ name, project, region });
}
