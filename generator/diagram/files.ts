/** The pictures as files beside the workflows. */
import type { GeneratedFile } from '../generate.ts';
import type { WorkflowPlan } from '../plan.ts';
import { drawDiagram } from './draw.ts';
import { diagramStart } from './mark.ts';

/** @param config the config's name, as the first line of each file gives it */
export async function diagramFiles(
  plans: readonly WorkflowPlan[],
  config: string,
): Promise<readonly GeneratedFile[]> {
  const heading = `${diagramStart(config)} Do not edit: the next run overwrites it. -->`;
  return Promise.all(
    plans.map(async (plan) => ({
      name: `${plan.name}.svg`,
      text: `${heading}\n${await drawDiagram(plan)}\n`,
    })),
  );
}
