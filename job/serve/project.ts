/** The project that the server runs in: the traces of its requests are there. */
import { isOnCloudRun } from '../log/logger.ts';
import type { Environment } from '../settings/environment.ts';

/** Time for the answer, in milliseconds; it comes from the same machine. */
const longest = 2000;

/**
 * The project's id: what `GOOGLE_CLOUD_PROJECT` says, or on Cloud Run the metadata server.
 *
 * https://cloud.google.com/run/docs/container-contract#metadata-server
 *
 * @returns undefined where neither tells, never a failure
 */
export async function projectOf(environment: Environment): Promise<string | undefined> {
  const { GOOGLE_CLOUD_PROJECT: project, GCE_METADATA_HOST: host } = environment;
  if (project) return project;
  if (!isOnCloudRun(environment)) return undefined;
  try {
    const answer = await fetch(
      `http://${host || 'metadata.google.internal'}/computeMetadata/v1/project/project-id`,
      { headers: { 'metadata-flavor': 'Google' }, redirect: 'error', signal: AbortSignal.timeout(longest) },
    );
    const text = await answer.text();
    return answer.ok && /^[a-z0-9.:-]{1,100}$/.test(text) ? text : undefined;
  } catch {
    return undefined;
  }
}
