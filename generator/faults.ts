/** Puts what the stages found together: problems get their places, and nothing is said twice. */
import type { Extent, Fault, FileFault, Place, Problem, ProblemCode } from './fault.ts';
import type { ConfigPath } from './plan.ts';

/** What `load` gives: faults of the file, and where values are. */
interface Source {
  readonly faults: readonly FileFault[];
  locate(path: ConfigPath, part?: 'value' | 'key'): Place | undefined;
}

/** Problems that the compiler may have found too, by the types. */
const TYPED: ReadonlySet<ProblemCode> = new Set(['shape', 'unknown-field', 'range', 'behavior']);

/**
 * Places problems in the source and puts them with the faults of the file. Where the compiler and a check of the
 * value both object to a value, the check's words stay: it has seen the value.
 */
export function placeProblems({ faults, locate }: Source, problems: readonly Problem[]): Fault[] {
  const placed = problems.map(({ also, ...problem }): Fault => {
    const place = locate(problem.path, problem.isField ? 'key' : 'value');
    const other = also && locate(also.at);
    const related = also && other && !isSame(other, place) ? { also: { at: other, note: also.note } } : {};
    return { ...problem, place, ...related };
  });
  const typed = placed.filter(({ code }) => TYPED.has(code));
  const isRepeated = ({ about = [] }: FileFault): boolean => {
    return about.some((extent) => typed.some(({ place }) => isIn(place, extent)));
  };
  return [...faults.filter((fault) => !isRepeated(fault)), ...placed];
}

function isSame(a: Place | undefined, b: Place | undefined): boolean {
  return a?.file === b?.file && a?.line === b?.line && a?.column === b?.column;
}

function isIn(place: Place | undefined, { file, from, to }: Extent): boolean {
  if (place?.file !== file) return false;
  const isBefore = place.line < from.line || (place.line === from.line && place.column < from.column);
  const isBehind = place.line > to.line || (place.line === to.line && place.column >= to.column);
  return !isBefore && !isBehind;
}
