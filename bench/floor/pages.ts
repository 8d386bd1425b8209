/**
 * The floor for `plan`: fetches and parses the pages of `dockerImages` of two repositories side by side, and does
 * nothing with them. Node's own client, as the job uses it; with `fetch` as a third argument the global `fetch`,
 * which takes more processor time.
 *
 * `pages.ts LEADER FOLLOWER [fetch]`: URLs of the repositories.
 */
import { Agent, get } from 'node:http';

const [leader, follower, means] = process.argv.slice(2);
if (leader === undefined || follower === undefined)
  throw new Error('usage: pages.ts LEADER FOLLOWER [fetch]');

const agent = new Agent({ keepAlive: true });

const byNode = (url: string) =>
  new Promise<string>((resolve, reject) => {
    const request = get(url, { agent }, (response) => {
      const pieces: Buffer[] = [];
      response.on('data', (piece: Buffer) => pieces.push(piece));
      response.on('end', () => resolve(Buffer.concat(pieces).toString('utf8')));
      response.on('error', reject);
    });
    request.on('error', reject);
  });
const byFetch = async (url: string) => (await fetch(url)).text();
const read = means === 'fetch' ? byFetch : byNode;

async function readAll(repository: string): Promise<number> {
  let images = 0;
  let token: string | undefined = '';
  while (token !== undefined) {
    const text = await read(`${repository}/dockerImages?pageSize=1000&pageToken=${token}`);
    const page = JSON.parse(text) as { dockerImages?: readonly unknown[]; nextPageToken?: string };
    images += page.dockerImages?.length ?? 0;
    token = page.nextPageToken;
  }
  return images;
}

console.log((await Promise.all([readAll(leader), readAll(follower)])).join(' '));
