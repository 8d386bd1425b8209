/** A replicator that is named on the command line, held against the rules that the config has. */
import type { Named } from '../../generator/monitoring/names.ts';
import { checkRegion, isLocation } from '../../generator/resolve/location.ts';
import { checkNames } from '../../generator/resolve/name.ts';
import { refuseProject } from '../../generator/resolve/project.ts';
import { createReport } from '../../generator/resolve/report.ts';
import { UsageError } from '../flags.ts';

/** @throws UsageError for what cannot be any: of such a one nothing would be found, as if all were taken away */
export function checkNamed({ name, project, region }: Named): void {
  const report = createReport();
  checkNames([{ name, path: '' }], report);
  const refusal = refuseProject(project);
  if (refusal) report.problem('project', '', refusal.message, refusal.hint);
  // One that is not known may be among the config's extraLocations.
  checkRegion(region, isLocation(region) ? [region] : [], '', report);
  if (report.problems.length === 0) return;
  throw new UsageError(report.problems.map(({ message, hint }) => `${message}; ${hint}`).join('\n'));
}
