/** Replicators beside those of a config, in the same projects. */
import type { Named } from '../../generator/monitoring/names.ts';
import { type Api, noneIfRefused } from '../cloud/api.ts';
import { isLabelled, placeOf, workflowName } from './names.ts';

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
