/** Locations of repositories and regions of workflows. */
import { GCR_REPOSITORIES, LOCATIONS, MISTAKEN_LOCATIONS, MULTI_REGIONS, REGIONS } from '../locations.ts';
import { nearest } from '../nearest.ts';
import type { ConfigPath } from '../plan.ts';
import { quote } from './describe.ts';
import { isUnset, UNSET } from './project.ts';
import type { Report } from './report.ts';

const SHAPE = /^[a-z]+(?:-[a-z]+\d+)?$/;

/** Whether a text has the shape of a location, known or not. */
export function isLocation(text: string): boolean {
  return SHAPE.test(text);
}

/** The locations that a config adds to those known. */
export function readExtraLocations(value: unknown, path: ConfigPath, report: Report): string[] {
  if (!Array.isArray(value)) return [];
  return value.flatMap((location, i) => {
    if (typeof location !== 'string') return [];
    if (isLocation(location)) return location;
    const message = `malformed location ${quote(location)}`;
    report.problem('location', `${path}[${i}]`, message, 'write it as Google does: "europe-west99"');
    return [];
  });
}

/** Reports a location that Artifact Registry does not have. */
export function checkLocation(
  location: string,
  repository: string | undefined,
  extra: readonly string[],
  path: ConfigPath,
  report: Report,
): void {
  const only = repository === undefined ? undefined : GCR_REPOSITORIES.get(repository);
  if (only !== undefined && location !== only) {
    report.problem(
      'location',
      path,
      `repository "${repository}" is not in ${quote(location)}`,
      `it is in "${only}"`,
    );
  } else if (!LOCATIONS.includes(location) && !extra.includes(location)) {
    report.problem(
      'location',
      path,
      `unknown location ${quote(location)}`,
      hintFor(location, [...LOCATIONS, ...extra]),
    );
  }
}

/** Reports a region in which no workflow can run. */
export function checkRegion(
  region: string,
  extra: readonly string[],
  path: ConfigPath,
  report: Report,
): void {
  if (REGIONS.includes(region) || (extra.includes(region) && !MULTI_REGIONS.includes(region))) return;
  if (MULTI_REGIONS.includes(region)) {
    const some = ['-central1', '-west1', '-east1']
      .map((end) => region + end)
      .find((name) => REGIONS.includes(name));
    const message = `"${region}" is a multi-region; a workflow runs in one region`;
    report.problem('location', path, message, `write one of its regions, such as "${some}"`);
    return;
  }
  report.problem(
    'location',
    path,
    `unknown region ${quote(region)}`,
    hintFor(region, [...REGIONS, ...extra]),
  );
}

function hintFor(location: string, known: readonly string[]): string {
  if (isUnset(location)) return UNSET;
  const lower = location.trim().toLowerCase();
  const zone = /^([a-z]+-[a-z]+\d+)-[a-z]$/.exec(lower)?.[1];
  if (zone !== undefined && known.includes(zone)) return `that is a zone, its region is "${zone}"`;
  const near = MISTAKEN_LOCATIONS.get(lower) ?? nearest(lower, known);
  if (near !== undefined && known.includes(near)) return `did you mean "${near}"?`;
  return 'docs/configuration.md lists them; add a newer one to "extraLocations"';
}
