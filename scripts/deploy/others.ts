/** Replicators beside those of a config, in the same projects. */
import type { Named } from '../../generator/monitoring/names.ts';
import { resourceName } from '../../generator/plan.ts';
import { type Api, noneIfRefused } from '../cloud/api.ts';
import type { Wanted } from './desired.ts';
import { isLabelled, placeOf, workflowName } from './names.ts';
import { repositoriesIn } from './read-bindings.ts';
import type { Found } from './resource.ts';

/**
 * Workflows that carry our label and are none of the given; none where they may not be listed.
 *
 * @param elsewhere in other regions too
 */
export async function othersBeside(
  own: readonly Named[],
  api: Api,
  { elsewhere = false }: { readonly elsewhere?: boolean } = {},
): Promise<Named[]> {
  // Their own regions all the same: that `-` stands for all of them no page of Workflows says.
  const everywhere = elsewhere ? own.map((one) => placeOf({ ...one, region: '-' })) : [];
  const places = [...new Set([...own.map(placeOf), ...everywhere])];
  const names = new Set(own.map(workflowName));
  const lists = await Promise.all(
    places.map((place) =>
      api
        .list<{ name: string; labels?: Record<string, string> }>(
          'workflows',
          `v1/${place}/workflows?pageSize=500`,
          'workflows',
        )
        .catch(noneIfRefused),
    ),
  );
  const found = new Map(lists.flat().map((one) => [one.name, one]));
  return [...found.values()].flatMap(({ name, labels }) => {
    const [, project = '', , region = '', , id = ''] = name.split('/');
    const other = { name: id, project, region };
    return !names.has(name) && isLabelled(labels, other) ? [other] : [];
  });
}

/**
 * Claims that another replicator of the same leader and follower needs, as one that was renamed or that got another
 * region does: its mirror would stop without. By the id of the claim, why it stays.
 */
export async function claimsOfOthers(
  wanted: readonly Wanted[],
  found: ReadonlyMap<string, Found>,
  plans: readonly Named[],
  api: Api,
): Promise<Map<string, string>> {
  const kept = new Map<string, string>();
  const claims = wanted.flatMap(({ resource }) =>
    resource.kind === 'claim' && found.get(resource.id)?.isOurs ? [resource] : [],
  );
  if (claims.length === 0) return kept;
  for (const other of (await othersBeside(plans, api, { elsewhere: true })).map(workflowName)) {
    const there = await api.find<{ sourceContents?: string }>('workflows', `v1/${other}`);
    const named = new Set(repositoriesIn(there?.sourceContents ?? '').map(resourceName));
    for (const { id, name, repository, source } of claims)
      if (named.has(resourceName(repository)) && named.has(resourceName(source)))
        kept.set(id, `kept: ${name}, which ${other} copies to too`);
  }
  return kept;
}
