/** The checker: everything that the service would refuse, or that would go wrong at run time, found before. */
import type { Workflow } from '../workflow/steps.ts';
import type { CheckOptions, Finding } from './finding.ts';
import { checkJumps } from './jumps.ts';
import { checkLimits } from './limits.ts';
import { checkNames } from './names.ts';
import { checkReferences } from './references.ts';
import { checkRetries } from './retries.ts';
import { checkSecrets } from './secrets.ts';
import { checkVariables } from './variables.ts';

/**
 * @param yaml the workflow as it would be deployed, for its size; left out where it could not be written
 * @returns all findings, in the order of the checks
 */
export function check(workflow: Workflow, yaml?: string, options: CheckOptions = {}): Finding[] {
  const findings: Finding[] = [];
  const report = (finding: Finding) => {
    findings.push(finding);
  };
  checkNames(workflow, report, options);
  checkReferences(workflow, report);
  checkJumps(workflow, report);
  checkRetries(workflow, report, options);
  checkVariables(workflow, report);
  checkSecrets(workflow, report);
  checkLimits(workflow, yaml, report, options);
  return findings;
}
