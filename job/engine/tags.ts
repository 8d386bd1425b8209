/** What becomes of the tags of an image, by where the destination has them. */
import { OciError } from '../oci/oci-error.ts';
import type { Moved } from './request.ts';

/** What is to be done. */
export interface TagDecision {
  /** Tags to be created, and then those to be moved: a registry may refuse to move one. */
  readonly put: readonly string[];
  /** How many are left where they are, because that is wanted. */
  readonly kept: number;
  /** Tags that should move and may not, and why. */
  readonly refused: readonly (readonly [tag: string, why: OciError])[];
}

/**
 * Decides.
 *
 * @param there the digest that each wanted tag is on at the destination; undefined: there is no such tag
 * @param digest where the source has them
 * @param immutable tags at the destination can't be moved
 */
export function decideTags(
  there: ReadonlyMap<string, string | undefined>,
  digest: string,
  moved: Moved,
  immutable: boolean,
): TagDecision {
  const [created, moves]: [string[], string[]] = [[], []];
  const refused: [string, OciError][] = [];
  let kept = 0;
  const refuse = (tag: string, why: string) => refused.push([tag, new OciError('refused', 0, why)]);
  for (const [tag, at] of there) {
    if (at === digest) continue;
    if (at === undefined) created.push(tag);
    else if (moved === 'keep') kept++;
    else if (immutable)
      refuse(
        tag,
        `the destination's tags are immutable: ${tag} is on ${at} there, on ${digest} at the source`,
      );
    else if (moved === 'fail')
      refuse(tag, `${tag} is on ${at} at the destination, on ${digest} at the source`);
    else moves.push(tag);
  }
  return { put: [...created, ...moves], kept, refused };
}
