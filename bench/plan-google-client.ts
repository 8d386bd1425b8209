/**
 * A peer of the job's own client: Google's, listing the images of two repositories side by side over REST.
 *
 * `plan-google-client.ts HOST PORT LEADER FOLLOWER`: full names of the repositories.
 */
import { ArtifactRegistryClient } from '@google-cloud/artifact-registry';

const [host = '', port = '', ...repositories] = process.argv.slice(2);
if (repositories.length !== 2) throw new Error('usage: plan-google-client.ts HOST PORT LEADER FOLLOWER');

const client = new ArtifactRegistryClient({
  apiEndpoint: host,
  port: Number(port),
  protocol: 'http',
  fallback: true,
  projectId: 'acme',
  // The client wants somebody who signs its requests; the server looks at no signature.
  authClient: {
    getRequestHeaders: async () => new Headers(),
    fetch: (url: string, options: RequestInit) => fetch(url, options),
  } as never,
});

async function readAll(parent: string): Promise<number> {
  let images = 0;
  for await (const _ of client.listDockerImagesAsync({ parent, pageSize: 1000 })) images++;
  return images;
}

console.log((await Promise.all(repositories.map(readAll))).join(' '));
