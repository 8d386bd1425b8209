/** A definition as the page draws it: boxes in boxes. A workflow is a structured program and needs no other layout. */
import type {
  Action,
  Condition,
  Data,
  Definition,
  For,
  Jump,
  Step,
  StepList,
} from '../workflows/definition.ts';
import { NotJson, stringifyJson } from '../workflows/json.ts';

/** A step. Its key is what {@link keyOf} gives for the step's entries. */
export interface GraphNode {
  /** Absent where an action stands directly in a condition: it has no entries of its own. */
  readonly key?: string;
  readonly name: string;
  readonly kind: Action['kind'];
  /** What it does, in a few words: the function called, the list looped over. */
  readonly detail: string;
  /** The subworkflow that it calls. */
  readonly calls?: string;
  /** Where it jumps: a step's name, `end`, `break` or `continue`. */
  readonly next?: string;
  readonly line: number;
  readonly lanes?: readonly GraphLane[];
}

/** A block in a step: a condition, a branch, a loop's or try's body. Blocks of one step stand side by side. */
export interface GraphLane {
  readonly key: string;
  readonly kind: 'condition' | 'branch' | 'loop' | 'try' | 'except' | 'steps';
  readonly title: string;
  readonly next?: string;
  readonly nodes: readonly GraphNode[];
}

/** A routine: `main` or a subworkflow. */
export interface GraphRoutine {
  readonly name: string;
  readonly params: readonly string[];
  readonly line: number;
  readonly nodes: readonly GraphNode[];
}

/** All routines, `main` first. */
export function graphOf({ main, routines }: Definition): readonly GraphRoutine[] {
  return [main, ...[...routines.values()].filter((routine) => routine !== main)].map((routine) => ({
    name: routine.name,
    params: routine.params.map(({ name }) => name),
    line: routine.at.line,
    nodes: nodesOf(routine.steps, new Place(routine.name, routines)),
  }));
}

class Place {
  readonly routine: string;
  readonly #routines: Definition['routines'];

  constructor(routine: string, routines: Definition['routines']) {
    this.routine = routine;
    this.#routines = routines;
  }

  isRoutine(name: string): boolean {
    return this.#routines.has(name);
  }

  key(step: string, suffix = ''): string {
    return `${this.routine}/${step}${suffix && `#${suffix}`}`;
  }
}

function nodesOf({ steps }: StepList, place: Place): GraphNode[] {
  return steps.map((step) => nodeOf(step, place));
}

function nodeOf(step: Step, place: Place): GraphNode {
  const { name, action, next, at, inline } = step;
  return {
    key: place.key(name, inline ? 'inline' : ''),
    ...bodyOf(action, name, place),
    ...(next && { next: jumpText(next) }),
    line: at.line,
  };
}

function bodyOf(action: Action, name: string, place: Place): Omit<GraphNode, 'key' | 'next' | 'line'> {
  const lanes = lanesOf(action, name, place);
  return {
    name,
    kind: action.kind,
    detail: detailOf(action),
    ...(action.kind === 'call' && place.isRoutine(action.function) && { calls: action.function }),
    ...(lanes.length > 0 && { lanes }),
  };
}

function lanesOf(action: Action, name: string, place: Place): GraphLane[] {
  switch (action.kind) {
    case 'switch':
      return action.conditions.map((condition, index) => conditionLane(condition, index, name, place));
    case 'for':
      return [loopLane(action, name, place)];
    case 'parallel':
      if (action.work.kind === 'for') return [loopLane(action.work.loop, name, place)];
      return action.work.branches.map(({ name: branch, body }) => ({
        key: place.key(branch, 'branch'),
        kind: 'branch',
        title: branch,
        nodes: nodesOf(body, place),
      }));
    case 'try': {
      const { body, except, retry } = action;
      const retries = retry
        ? `, retried by ${retry.kind === 'policy' ? retry.policy.text : 'its own policy'}`
        : '';
      const tried = { kind: 'try' as const, title: `try${retries}`, nodes: nodesOf(body, place) };
      const lanes: GraphLane[] = [{ key: place.key(name, 'try'), ...tried }];
      if (except)
        lanes.push({
          key: place.key(name, 'except'),
          kind: 'except',
          title: 'except',
          nodes: nodesOf(except.body, place),
        });
      return lanes;
    }
    case 'steps':
      return [{ key: place.key(name), kind: 'steps', title: 'steps', nodes: nodesOf(action.body, place) }];
    default:
      return [];
  }
}

function conditionLane(
  { when, action, next, at }: Condition,
  index: number,
  name: string,
  place: Place,
): GraphLane {
  // What stands directly in a condition bears the name of the switch around it, in entries too.
  const inPlace = (): GraphNode[] =>
    action.kind === 'none' ? [] : [{ ...bodyOf(action, name, place), name: action.kind, line: at.line }];
  return {
    key: place.key(name, String(index + 1)),
    kind: 'condition',
    title: textOf(when) === 'true' ? 'otherwise' : `if ${textOf(when)}`,
    ...(next && { next: jumpText(next) }),
    nodes: action.kind === 'steps' ? nodesOf(action.body, place) : inPlace(),
  };
}

function loopLane(loop: For, name: string, place: Place): GraphLane {
  return {
    key: place.key(name, 'each'),
    kind: 'loop',
    title: loopText(loop),
    nodes: nodesOf(loop.body, place),
  };
}

function loopText({ value, over }: For): string {
  return over.kind === 'in'
    ? `each ${value} in ${textOf(over.list)}`
    : `${value} from range ${textOf(over.ends)}`;
}

function jumpText(jump: Jump): string {
  return jump.kind === 'step' ? jump.name : jump.kind;
}

function detailOf(action: Action): string {
  switch (action.kind) {
    case 'call':
      return action.function;
    case 'assign':
      return action.assignments.map(({ to }) => to.name + (to.path.length > 0 ? '[…]' : '')).join(', ');
    case 'raise':
    case 'return':
      return textOf(action.value);
    case 'parallel':
      return action.work.kind === 'for'
        ? 'iterations at once'
        : `${action.work.branches.length} branches at once`;
    default:
      return '';
  }
}

const longest = 120;

/** A value as the source has it, on one line. */
function textOf(data: Data): string {
  const whole = write(data);
  return whole.length > longest ? `${whole.slice(0, longest)}…` : whole;
}

function write(data: Data): string {
  switch (data.kind) {
    case 'code':
      return data.code.text;
    case 'list':
      return `[${data.items.map(write).join(', ')}]`;
    case 'map':
      return `{${data.entries.map(({ key, value }) => `${typeof key === 'string' ? key : key.text}: ${write(value)}`).join(', ')}}`;
    case 'literal':
      try {
        return stringifyJson(data.value);
      } catch (error) {
        if (error instanceof NotJson) return '…';
        throw error;
      }
  }
}

/** The lines at which steps stand, by the key of their node. */
export function linesOf(routines: readonly GraphRoutine[]): ReadonlyMap<string, number> {
  const lines = new Map<string, number>();
  const see = (nodes: readonly GraphNode[]): void => {
    for (const { key, line, lanes = [] } of nodes) {
      if (key !== undefined && !lines.has(key)) lines.set(key, line);
      for (const lane of lanes) {
        if (!lines.has(lane.key)) lines.set(lane.key, line);
        see(lane.nodes);
      }
    }
  };
  for (const { nodes } of routines) see(nodes);
  return lines;
}
