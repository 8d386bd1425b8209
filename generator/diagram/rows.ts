/** The steps of `main` as rows of a picture, read from the very tree that becomes the YAML. */
import { compile, following } from '../compile/compile.ts';
import type { CopyPlan, WorkflowPlan } from '../plan.ts';
import {
  blocks,
  type Parallel,
  type ParallelFor,
  type Routine,
  type Step,
  type Try,
  walkSteps,
} from '../workflow/steps.ts';

export interface Row {
  readonly depth: number;
  readonly kind: 'call' | 'choice' | 'parallel' | 'attempt' | 'end';
  /** The step's name, as the console shows it. */
  readonly name: string;
  /** Beside the name, in words. */
  readonly note?: string;
  /** Where a choice or an error ends the execution: names of steps. */
  readonly ends?: readonly string[];
  /** What is done for each destination here. */
  readonly stages?: readonly string[];
  /** Destinations of this engine begin or end here. */
  readonly begins?: CopyPlan['engine'];
  readonly finishes?: CopyPlan['engine'];
  /** The result is published here. */
  readonly notifies?: true;
}

/** What the calls within a destination's routine are for. Others are bookkeeping, or the dry run's. */
const stages: { readonly [routine: string]: string } = {
  preflight: 'preflight',
  post_copy: 'copy',
  run_job: 'copy',
  await_copy: 'await',
};

/** The routines that destinations go through, and which of them they enter and leave by. */
const ways: { readonly [routine: string]: Pick<Row, 'begins' | 'finishes'> } = {
  replicate: { begins: 'api', finishes: 'api' },
  copy_by_job: { begins: 'job' },
  finish: { finishes: 'job' },
};

/** Most branches that the service runs at once by itself. */
const mostAtOnce = 20;

export function mainRows(plan: WorkflowPlan): Row[] {
  const [main, ...routines] = compile(plan).workflow.routines;
  const subworkflows = new Map(routines.map((routine) => [routine.name, routine]));
  return main ? rowsOf(main.steps, 0, { plan, subworkflows }) : [];
}

interface Context {
  readonly plan: WorkflowPlan;
  readonly subworkflows: ReadonlyMap<string, Routine>;
}

function rowsOf(steps: readonly Step[], depth: number, context: Context): Row[] {
  return steps.flatMap((step): Row[] => {
    const { name } = step;
    switch (step.kind) {
      case 'assign':
        return [];
      case 'switch':
        return [{ depth, kind: 'choice', name, ends: endsOf(step) }];
      case 'parallel':
      case 'parallelFor':
        return parallelRows(step, depth, context);
      case 'return':
      case 'raise':
        return [{ depth, kind: 'end', name }];
      case 'try':
        return attemptRows(step, depth, context);
      case 'call':
        // What is only told to the log does nothing.
        if (step.function === 'sys.log') return [];
        return [
          {
            depth,
            kind: 'call',
            name,
            ...wayOf(step, context),
            ...(step.function === 'notify' && { notifies: true }),
          },
        ];
      default:
        return [{ depth, kind: 'call', name, ...wayOf(step, context) }];
    }
  });
}

/** What is tried stands below, unless it is a single step. */
function attemptRows(step: Try, depth: number, context: Context): Row[] {
  const tried = rowsOf(step.steps, depth + 1, context);
  const ends = step.except?.steps.flatMap(endsOf) ?? [];
  const row = { depth, name: step.name, ...(ends.length > 0 && { note: 'on an error', ends }) };
  if (tried.length < 2) return [{ ...row, kind: 'call', ...wayOf(step, context) }];
  return [{ ...row, kind: 'attempt' }, ...tried];
}

/** Branches that all do the same are one row; others stand below, each by its name. */
function parallelRows(step: Parallel | ParallelFor, depth: number, context: Context): Row[] {
  const row = { depth, kind: 'parallel', name: step.name } as const;
  const number = step.kind === 'parallel' ? step.branches.length : step.atMost;
  const limit = typeof step.concurrencyLimit === 'number' ? step.concurrencyLimit : mostAtOnce;
  const note = number <= limit ? `${number} at once` : `${number}, at most ${limit} at once`;
  if (step.kind === 'parallelFor' || callsOf(step).size === 1)
    return [{ ...row, note, ...wayOf(step, context) }];
  const branches = step.branches.flatMap((branch): Row[] => [
    { depth: depth + 1, kind: 'call', name: branch.name },
    ...rowsOf(branch.steps, depth + 2, context),
  ]);
  return [{ ...row, note }, ...branches];
}

/** The routines of destinations that a step calls. */
function callsOf(step: Step): Set<string> {
  const found = new Set<string>();
  walkSteps([step], (one) => {
    if (one.kind === 'call' && Object.hasOwn(ways, one.function)) found.add(one.function);
  });
  return found;
}

function wayOf(step: Step, { plan, subworkflows }: Context): Partial<Row> {
  const [name = ''] = callsOf(step);
  const routine = subworkflows.get(name);
  const way = ways[name];
  if (!routine || !way) return {};
  return { ...way, stages: stagesOf(routine, plan, way.finishes ?? way.begins) };
}

function stagesOf(
  { steps }: Routine,
  { destinations }: WorkflowPlan,
  engine: CopyPlan['engine'] | undefined,
): string[] {
  const own = destinations.filter(({ copy }) => copy.engine === engine);
  const found = new Set<string>();
  walkSteps(steps, (step) => {
    if (step.kind === 'return' && step.name === 'result') found.add('result');
    if (step.kind !== 'call') return;
    if (step.function === 'reconcile') found.add(following(own).join(' or '));
    else if (Object.hasOwn(stages, step.function)) found.add(stages[step.function] ?? '');
  });
  return [...found];
}

/** Where a step or what is below it ends the execution. */
function endsOf(step: Step): string[] {
  if (step.kind === 'return' || step.kind === 'raise') return [step.name];
  return blocks(step).flatMap((block) => block.flatMap(endsOf));
}
