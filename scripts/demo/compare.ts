/** Whether a follower holds what the leader holds: every digest, every tag. */
import { restList } from '../rest.ts';

interface DockerImage {
  readonly name: string;
  readonly tags?: readonly string[];
}

/** The images of a repository, by `package@digest`, and the tags of each, sorted. */
export type Contents = ReadonlyMap<string, readonly string[]>;

export async function contentsOf(base: string, repository: string): Promise<Contents> {
  const images = await restList<DockerImage>(base, `${repository}/dockerImages`, 'dockerImages');
  return new Map(
    images.map(({ name, tags = [] }) => [name.slice(name.lastIndexOf('/') + 1), [...tags].sort()]),
  );
}

/** What differs, each in a few words; empty when the two are equal. */
export function differences(leader: Contents, follower: Contents): string[] {
  const found: string[] = [];
  for (const [image, tags] of leader) {
    const there = follower.get(image);
    if (!there) found.push(`missing ${image}`);
    else if (tags.join() !== there.join()) found.push(`${image} has tags [${there}], not [${tags}]`);
  }
  for (const image of follower.keys()) if (!leader.has(image)) found.push(`extra ${image}`);
  return found;
}

export function tagCount(contents: Contents): number {
  return [...contents.values()].reduce((sum, tags) => sum + tags.length, 0);
}
