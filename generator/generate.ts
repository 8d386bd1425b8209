/** Plans to files: compile, check, emit. Pure: the same plans give the same bytes. */
import { extname } from 'node:path';
import { check } from './check/check.ts';
import type { Finding } from './check/finding.ts';
import { checkSource } from './check/limits.ts';
import { compile, heading, headingStart } from './compile/compile.ts';
import { child } from './config-path.ts';
import { isDiagramFile } from './diagram/mark.ts';
import type { Notice, Problem } from './fault.ts';
import { isMonitoringFile, monitoringFiles } from './monitoring/files.ts';
import type { WorkflowPlan } from './plan.ts';
import { emit } from './workflow/emit.ts';

/** A file to write, below the output folder. */
export interface GeneratedFile {
  readonly name: string;
  readonly text: string;
}

export interface Generated {
  readonly files: readonly GeneratedFile[];
  readonly problems: readonly Problem[];
  readonly notices: readonly Notice[];
}

/** @param config the config's name, as the heading of each file gives it */
export function generate(plans: readonly WorkflowPlan[], config: string): Generated {
  const files: GeneratedFile[] = [];
  const problems: Problem[] = [];
  const notices: Notice[] = [];
  for (const plan of plans) {
    const compiled = compile(plan);
    problems.push(...compiled.problems);
    notices.push(...compiled.notices);
    if (compiled.problems.length > 0) continue;
    const findings = check(compiled.workflow);
    // Only a tree without faults can be written down, and only then is its size known.
    const text = findings.length === 0 ? emit(compiled.workflow, heading(plan, config)) : undefined;
    if (text !== undefined) checkSource(text, (finding) => findings.push(finding));
    problems.push(...findings.map((finding) => toProblem(finding, plan)));
    if (findings.length === 0 && text !== undefined)
      files.push({ name: `${plan.name}.yaml`, text }, ...monitoringFiles(plan, config));
  }
  return { files, problems, notices };
}

/** How a file that an earlier run wrote from a config is known, by the end of its name. */
const written: Readonly<Record<string, (name: string, text: string, config: string) => boolean>> = {
  '.yaml': (_, text, config) => text.startsWith(`# ${headingStart(config)}`),
  '.json': isMonitoringFile,
  '.svg': isDiagramFile,
};

/** Whether a file may have been written by an earlier run: what else lies in the folder need not be read. */
export function mayBeGenerated(name: string): boolean {
  return Object.hasOwn(written, extname(name));
}

/** Whether an earlier run wrote a file from a config. A user's own file is never taken for one. */
export function isGenerated(name: string, text: string, config: string): boolean {
  return written[extname(name)]?.(name, text, config) === true;
}

/** A finding in the words of the config that led to it. */
function toProblem({ code, routine, step, message, origin }: Finding, plan: WorkflowPlan): Problem {
  const path = origin ?? plan.path;
  switch (code) {
    case 'source-size':
    case 'execution-steps':
      return {
        code: 'limit',
        path: child(plan.path, 'destinations'),
        message,
        hint: 'share the destinations out among several replicators',
      };
    case 'string-length':
    case 'expression-length':
    case 'text':
      if (origin === undefined) break;
      return { code: 'text', path, message, hint: 'use a shorter text, without "${" and control characters' };
    default:
  }
  return {
    code: 'internal',
    path,
    message: `the generated workflow is wrong in ${routine} ${step}: ${message} (${code})`,
    hint: 'this is a fault of the generator: please report it with the config',
  };
}
