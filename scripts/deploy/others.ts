/** Replicators beside those of a config, in the same projects and regions. */
import type { Named } from '../../generator/monitoring/names.ts';
import { type Api, noneIfRefused } from '../cloud/api.ts';
import { isLabelled, placeOf, workflowName } from './names.ts';

/** Workflows that carry our label and are none of the given; none where they may not be listed. */
export async function othersBeside(own: readonly Named[], api: Api): Promise<Named[]> {
  const places = [...new Set(own.map(placeOf))];
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
  return lists.flat().flatMap(({ name, labels }) => {
    const [, project = '', , region = '', , id = ''] = name.split('/');
    const other = { name: id, project, region };
    return !names.has(name) && isLabelled(labels, other) ? [other] : [];
  });
}
