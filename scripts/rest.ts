/** The emulator's REST, for the demo and for costs, which make what they look at; commands ask through `cloud/api.ts`. */
import type { RepositoryName } from '../generator/plan.ts';

/**
 * Sends JSON, returns JSON.
 *
 * @param base scheme and host, `http://127.0.0.1:8787`
 * @param path below `/v1/`
 * @throws Error with what was refused
 */
export async function rest<T>(base: string, method: string, path: string, body?: unknown): Promise<T> {
  const answer = await fetch(`${base}/v1/${path}`, {
    method,
    ...(body !== undefined && {
      body: JSON.stringify(body),
      headers: { 'content-type': 'application/json' },
    }),
  });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text}`);
  return JSON.parse(text) as T;
}

/** Makes repositories of container images. */
export async function makeRepositories(base: string, names: readonly RepositoryName[]): Promise<void> {
  for (const { project, location, repository } of names) {
    const path = `projects/${project}/locations/${location}/repositories?repositoryId=${repository}`;
    await rest(base, 'POST', path, { format: 'DOCKER' });
  }
}

/** Every item of a paged list. */
export async function restList<T>(base: string, path: string, field: string): Promise<T[]> {
  const items: T[] = [];
  let pageToken = '';
  do {
    const page: { nextPageToken?: string } & Record<string, unknown> = await rest(
      base,
      'GET',
      `${path}?pageSize=1000&pageToken=${encodeURIComponent(pageToken)}`,
    );
    items.push(...((page[field] as T[] | undefined) ?? []));
    pageToken = page.nextPageToken ?? '';
  } while (pageToken !== '');
  return items;
}
