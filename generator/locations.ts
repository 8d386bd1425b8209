/**
 * Where Artifact Registry keeps repositories and where Cloud Workflows runs, as data.
 *
 * Sources, read on 2026-11-25 in stored copies:
 * - https://cloud.google.com/artifact-registry/docs/reference/rest/v1/projects.locations/get (the endpoints)
 * - https://cloud.google.com/artifact-registry/docs/repositories/repo-locations (the multi-regions)
 * - https://cloud.google.com/workflows/docs/locations
 *
 * The two services' lists differ only in age: the second is newer and has three regions more, in which Artifact
 * Registry, a part of every region, is taken to exist.
 *
 * `gcloud artifacts locations list` and `gcloud workflows locations list` print the current ones. A region that
 * opened later goes into the config's `extraLocations` until it is added here.
 */

/** Regions in which both Artifact Registry and Cloud Workflows exist. */
export const REGIONS: readonly string[] = [
  'africa-south1',
  'asia-east1',
  'asia-east2',
  'asia-northeast1',
  'asia-northeast2',
  'asia-northeast3',
  'asia-south1',
  'asia-south2',
  'asia-southeast1',
  'asia-southeast2',
  'asia-southeast3',
  'australia-southeast1',
  'australia-southeast2',
  'europe-central2',
  'europe-north1',
  'europe-north2',
  'europe-southwest1',
  'europe-west1',
  'europe-west2',
  'europe-west3',
  'europe-west4',
  'europe-west6',
  'europe-west8',
  'europe-west9',
  'europe-west10',
  'europe-west12',
  'me-central1',
  'me-central2',
  'me-west1',
  'northamerica-northeast1',
  'northamerica-northeast2',
  'northamerica-south1',
  'southamerica-east1',
  'southamerica-west1',
  'us-central1',
  'us-east1',
  'us-east4',
  'us-east5',
  'us-south1',
  'us-west1',
  'us-west2',
  'us-west3',
  'us-west4',
];

/** Multi-regions of Artifact Registry. Nothing runs in one, so they are no `region`. */
export const MULTI_REGIONS: readonly string[] = ['asia', 'europe', 'us'];

/** Every location that a repository can have. */
export const LOCATIONS: readonly string[] = [...REGIONS, ...MULTI_REGIONS];

/**
 * Names that people write for a location, which are too far from it to be found by their letters. `eu` is what
 * BigQuery and Cloud Storage call Europe.
 */
export const MISTAKEN_LOCATIONS: ReadonlyMap<string, string> = new Map([
  ['eu', 'europe'],
  ['usa', 'us'],
  ['apac', 'asia'],
  ['asia-pacific', 'asia'],
]);

/**
 * The repositories that stand in for Container Registry's hosts, the only ones with a dot in their id, and the
 * one multi-region that each exists in.
 */
export const GCR_REPOSITORIES: ReadonlyMap<string, string> = new Map([
  ['gcr.io', 'us'],
  ['us.gcr.io', 'us'],
  ['eu.gcr.io', 'europe'],
  ['asia.gcr.io', 'asia'],
]);
