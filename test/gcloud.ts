/** gcloud, pointed at an emulator: the same program that users deploy with. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const execute = promisify(execFile);

const services = [
  'ARTIFACTREGISTRY',
  'WORKFLOWS',
  'WORKFLOWEXECUTIONS',
  'CLOUDSCHEDULER',
  'CLOUDKMS',
  'PUBSUB',
  'IAM',
  'CLOUDRESOURCEMANAGER',
  'SERVICEUSAGE',
];

/**
 * A gcloud that talks to `url` alone.
 *
 * @param config an empty folder for its configuration
 * @returns runs a command, gives what it printed as JSON; throws with what it said when it fails
 */
export function gcloudAt(url: string, project: string, config: string) {
  const env = {
    PATH: process.env.PATH,
    ...Object.fromEntries(services.map((name) => [`CLOUDSDK_API_ENDPOINT_OVERRIDES_${name}`, `${url}/`])),
    CLOUDSDK_AUTH_DISABLE_CREDENTIALS: 'true',
    CLOUDSDK_CORE_PROJECT: project,
    CLOUDSDK_CORE_DISABLE_PROMPTS: '1',
    CLOUDSDK_CONFIG: config,
  };
  return async <T = unknown>(...args: string[]): Promise<T> => {
    const { stdout } = await execute('gcloud', [...args, '--format=json'], { env });
    return (stdout.trim() === '' ? undefined : JSON.parse(stdout)) as T;
  };
}
