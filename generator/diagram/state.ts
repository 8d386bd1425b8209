/** The state of a destination in a run: its word, its colour's class, and a sign for who sees no colours. */
import { element, type Markup } from './svg.ts';

/** What became of a destination in a run. */
export type DestinationState = 'succeeded' | 'partlyFailed' | 'failed' | 'skipped' | 'dryRun' | 'running';

export const stateWords: Readonly<Record<DestinationState, string>> = {
  succeeded: 'succeeded',
  partlyFailed: 'partly failed',
  failed: 'failed',
  skipped: 'skipped',
  dryRun: 'dry run',
  running: 'running',
};

/** Strokes from the middle of a disc of radius 7. */
const strokes: Readonly<Record<DestinationState, string>> = {
  succeeded: 'M-3.2,0.2L-0.9,2.6L3.4,-2.4',
  partlyFailed: 'M0,-3.8V0.8M0,3.1V3.7',
  failed: 'M-2.6,-2.6L2.6,2.6M2.6,-2.6L-2.6,2.6',
  skipped: 'M-3.2,0H3.2',
  dryRun: 'M-2.2,-1.6A2.4,2.4 0 1 1 0,1V1.4M0,3.6V3.9',
  running: 'M-1.6,-3L2.6,0L-1.6,3Z',
};

/** @param x middle, as `y` */
export function drawState(state: DestinationState, x: number, y: number): Markup {
  return element(
    'g',
    { class: `state ${state}`, transform: `translate(${x} ${y})` },
    element('circle', { r: 7 }),
    element('path', { d: strokes[state] }),
  );
}
