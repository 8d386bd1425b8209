/**
 * Where Artifact Registry has repositories, for `locations.list`. A repository may be made in any place that is
 * spelled like a region or a multi-region: regions open faster than this list is kept.
 */
import { listAnswer } from '../paging.ts';
import { type Call, route } from './call.ts';
import { locationId } from './names.ts';
import { page } from './paging.ts';
import { notFound } from './repository.ts';

/** From https://cloud.google.com/artifact-registry/docs/repositories/repo-locations */
const locations: readonly string[] = [
  ...['africa-south1'],
  ...['asia', 'asia-east1', 'asia-east2', 'asia-northeast1', 'asia-northeast2', 'asia-northeast3'],
  ...['asia-south1', 'asia-south2', 'asia-southeast1', 'asia-southeast2'],
  ...['australia-southeast1', 'australia-southeast2'],
  ...['europe', 'europe-central2', 'europe-north1', 'europe-north2', 'europe-southwest1'],
  ...['europe-west1', 'europe-west10', 'europe-west12', 'europe-west2', 'europe-west3', 'europe-west4'],
  ...['europe-west6', 'europe-west8', 'europe-west9'],
  ...['me-central1', 'me-central2', 'me-west1'],
  ...['northamerica-northeast1', 'northamerica-northeast2', 'northamerica-south1'],
  ...['southamerica-east1', 'southamerica-west1'],
  ...['us', 'us-central1', 'us-east1', 'us-east4', 'us-east5', 'us-south1'],
  ...['us-west1', 'us-west2', 'us-west3', 'us-west4'],
];

/** Whether a repository may be made there; a zone is refused. */
export const isLocation = (id: string) => locationId.test(id);

const resource = (project: string, locationId: string) => ({
  name: `projects/${project}/locations/${locationId}`,
  locationId,
});

function list({ registry, ids: [project = ''], query }: Call) {
  const entries = locations.map((id): [string, string] => [id, id]);
  const listing = {
    after: (position?: string) => entries.filter(([id]) => position === undefined || id > position),
    scope: `projects/${project}/locations`,
  };
  return listAnswer('locations', page(listing, query, registry.behavior), (id) => resource(project, id));
}

function get({ ids: [project = '', id = ''] }: Call) {
  if (!isLocation(id)) throw notFound(`projects/${project}/locations/${id}`);
  return resource(project, id);
}

/** Routes of this resource; gcloud asks for locations by an older version of the API. */
export const locationRoutes = ['v1', 'v1beta2'].flatMap((version) => [
  route(`GET ${version}/projects/*/locations`, list, [
    'pageSize',
    'pageToken',
    'filter',
    'extraLocationTypes',
  ]),
  route(`GET ${version}/projects/*/locations/*`, get),
]);
