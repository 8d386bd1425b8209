/** What is listed of an image: its tags, and what refers to one of its manifests. */
import type { Version } from '../facts.ts';
import { OciError } from './errors.ts';
import { type OciContext, queryOf, sha256Of, type Target } from './request.ts';

/** How many tags Artifact Registry returns at once. */
const tagsAtMost = 10_000;

/** GET `tags/list`: in order, by pages that a Link header connects. */
export function listTags(c: OciContext, { repository, image, path }: Target): Response {
  const query = queryOf(c);
  const asked = query.get('n');
  if (asked !== null && !/^\d+$/.test(asked))
    throw new OciError(400, 'PAGINATION_NUMBER_INVALID', `Invalid number of tags: ${asked}`);
  const holder = repository.content.packages.get(image);
  if (!holder) throw new OciError(404, 'NAME_UNKNOWN', `Image "${image}" not found`);
  const size = Math.min(asked === null ? tagsAtMost : Number(asked), tagsAtMost);
  const tags: string[] = [];
  let more = false;
  for (const [tag] of holder.tags.entries(query.get('last') ?? undefined)) {
    if (tags.length === size) {
      more = size > 0;
      break;
    }
    tags.push(tag);
  }
  const next = new URLSearchParams({ n: String(size), last: tags.at(-1) ?? '' });
  return c.json(
    { name: path, tags },
    200,
    more ? { link: `</v2/${path}/tags/list?${next}>; rel="next"` } : undefined,
  );
}

/** GET `referrers/<digest>`: an index of what is attached to a manifest, whether or not that is there. */
export function listReferrers(
  c: OciContext,
  { registry, repository, image }: Target,
  digest: string,
): Response {
  sha256Of(digest);
  const holder = repository.content.packages.get(image);
  const wanted = queryOf(c).get('artifactType');
  const referrers = [...(holder?.referrers.get(digest) ?? [])]
    .sort()
    .map((id) => holder?.versions.get(id))
    .filter((version): version is Version => version !== undefined)
    .filter(({ image: facts }) => !wanted || facts?.artifactType === wanted);
  const manifests = referrers.map((version) => ({
    mediaType: version.image?.mediaType,
    digest: version.id,
    size: registry.blobs.size(sha256Of(version.id)) ?? version.files[0]?.size ?? 0,
    ...(version.image?.artifactType && { artifactType: version.image.artifactType }),
    ...(version.image?.annotations && { annotations: version.image.annotations }),
  }));
  const mediaType = 'application/vnd.oci.image.index.v1+json';
  return c.body(JSON.stringify({ schemaVersion: 2, mediaType, manifests }), 200, {
    'content-type': mediaType,
    ...(wanted && { 'oci-filters-applied': 'artifactType' }),
  });
}
