/** Settings that the types have already and this release does not carry out. */
import { child } from '../config-path.ts';
import type { ConfigPath } from '../plan.ts';
import { isRecord } from './describe.ts';
import type { Report } from './report.ts';

const FEATURES = ['mirror', 'verify', 'job'] as const;

/** Refuses a setting that asks for the job, rather than leave out what it asks for. */
export function checkNotYet(settings: Record<string, unknown>, path: ConfigPath, report: Report): void {
  for (const feature of FEATURES) {
    const setting = settings[feature];
    if (setting !== true && !isRecord(setting)) continue;
    const message = `"${feature}" is not in this release, which generates no job`;
    report.problem('not-yet', child(path, feature), message, 'leave it out for now');
  }
}
