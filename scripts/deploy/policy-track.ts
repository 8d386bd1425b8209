/** Which of gcloud's tracks has the commands for alert policies: that differs between its releases. */
import type { Gcloud } from '../cloud/gcloud.ts';
import { policiesAreAlpha, releaseOf } from '../cloud/gcloud-release.ts';
import type { Change } from './difference.ts';
import type { Resource } from './resource.ts';

/** The changes, with the track at each alert policy that has a command. gcloud is asked only where there is one. */
export async function inTheirTrack(changes: Change[], gcloud: Pick<Gcloud, 'run'>): Promise<Change[]> {
  const hasCommand = ({ action, resource }: Change) =>
    resource.kind === 'alertPolicy' && action !== 'unchanged' && action !== 'taken';
  if (!changes.some(hasCommand)) return changes;
  const { stdout } = await gcloud.run(['version', '--format=json']);
  const release = releaseOf(stdout);
  if (!release || !policiesAreAlpha(release)) return changes;
  return changes.map((change) =>
    hasCommand(change) ? { ...change, resource: { ...change.resource, track: 'alpha' } as Resource } : change,
  );
}
