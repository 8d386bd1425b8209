/**
 * Links each `next` to its target: a step beside it, or beside a step around it. Out of a loop lead `break` and
 * `continue` only, out of a parallel branch nothing: whether the service lets a named jump leave either is not
 * documented.
 */

import { didYouMean } from '../../nearest.ts';
import type { Action, Jump, JumpTarget, Step, StepList } from '../definition.ts';
import type { FaultCode } from '../fault.ts';
import type { Position } from '../source/nodes.ts';

/** Collects faults, with the step that has them. */
export type JumpReport = (step: string, code: FaultCode, at: Position, message: string) => void;

/** What a jump can reach. */
interface Reach {
  readonly steps: ReadonlyMap<string, JumpTarget>;
  readonly break: boolean;
  readonly continue: boolean;
  /** Whether `return` and `end` can be reached: not from a parallel branch. */
  readonly leave: boolean;
  /** What to say of where one can't leave. */
  readonly within: 'workflow' | 'loop' | 'parallel branch';
}

/** Links all jumps of a routine. */
export function linkJumps(steps: StepList, report: JumpReport): void {
  linkList(
    steps,
    { steps: new Map(), break: false, continue: false, leave: true, within: 'workflow' },
    report,
  );
}

function linkList(list: StepList, reach: Reach, report: JumpReport): void {
  const steps = new Map(reach.steps);
  list.steps.forEach((step, index) => {
    if (!step.inline) steps.set(step.name, { list, index });
  });
  const inner = { ...reach, steps };
  for (const step of list.steps) {
    if (step.next) linkJump(step.next, inner, step, report);
    linkAction(step.action, inner, step, report);
  }
}

function linkJump(jump: Jump, reach: Reach, step: Step, report: JumpReport): void {
  switch (jump.kind) {
    case 'step': {
      const target = reach.steps.get(jump.name);
      if (target) jump.target = target;
      else
        report(
          step.name,
          'jump',
          jump.at,
          `next: there is no step '${jump.name}' ${reach.within === 'workflow' ? 'beside or around this one' : `in this ${reach.within}`}${didYouMean(jump.name, reach.steps.keys())}`,
        );
      return;
    }
    case 'end':
      if (!reach.leave) report(step.name, 'jump', jump.at, "'next: end' can't leave a parallel branch");
      return;
    case 'break':
    case 'continue':
      if (!reach[jump.kind])
        report(
          step.name,
          'jump',
          jump.at,
          `'next: ${jump.kind}' is possible in a loop only${reach.within === 'parallel branch' ? ', and a parallel loop has no break' : ''}`,
        );
  }
}

function linkAction(action: Action, reach: Reach, step: Step, report: JumpReport): void {
  switch (action.kind) {
    case 'switch':
      for (const { action: inner, next } of action.conditions) {
        if (next) linkJump(next, reach, step, report);
        linkAction(inner, reach, step, report);
      }
      return;
    case 'for':
      linkList(
        action.body,
        { steps: new Map(), break: true, continue: true, leave: reach.leave, within: 'loop' },
        report,
      );
      return;
    case 'parallel': {
      const within = 'parallel branch';
      if (action.work.kind === 'for')
        linkList(
          action.work.loop.body,
          { steps: new Map(), break: false, continue: true, leave: false, within },
          report,
        );
      else
        for (const { body } of action.work.branches)
          linkList(body, { steps: new Map(), break: false, continue: false, leave: false, within }, report);
      return;
    }
    case 'try':
      linkList(action.body, reach, report);
      if (action.except) linkList(action.except.body, reach, report);
      return;
    case 'steps':
      linkList(action.body, reach, report);
      return;
    case 'return':
      if (!reach.leave)
        report(
          step.name,
          'jump',
          step.at,
          "'return' can't leave a parallel branch; call a sub-workflow instead",
        );
      return;
    case 'assign':
    case 'call':
    case 'raise':
    case 'none':
      return;
  }
}
