/** Marks of an axis of time: round, and few. */

/** An axis from 0. */
export interface Axis {
  /** Seconds between two marks. */
  readonly step: number;
  /** How many steps it is long. */
  readonly steps: number;
}

/** Lengths that people count in, in seconds. */
const round = [
  ...[0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30],
  ...[60, 120, 300, 600, 900, 1800],
  ...[3600, 7200, 10_800, 21_600, 43_200, 86_400],
];
const most = 5;

/** The axis that `seconds` fit on, with at most five steps. */
export function axisFor(seconds: number): Axis {
  const step =
    round.find((length) => length * most >= seconds) ?? Math.ceil(seconds / most / 86_400) * 86_400;
  return { step, steps: Math.max(1, Math.ceil(seconds / step)) };
}
