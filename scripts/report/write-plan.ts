/** Draws what a report on a plan shows, and writes it. */
import { drawDiagram } from '../../generator/diagram/draw.ts';
import type { WorkflowPlan } from '../../generator/plan.ts';
import type { DestinationOutcome } from '../plan/plan.ts';
import type { ReportFile } from './file.ts';
import { planReport } from './plan-report.ts';

/** @returns bytes written */
export async function writePlanReport(
  file: ReportFile,
  plans: readonly WorkflowPlan[],
  outcomes: readonly DestinationOutcome[],
): Promise<number> {
  const diagrams = new Map<string, string>();
  for (const plan of plans) diagrams.set(plan.name, await drawDiagram(plan));
  return file.write(planReport({ plans, outcomes, diagrams, written: Date.now() }));
}
