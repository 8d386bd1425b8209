/** The report on what runs would do. Pure. */
import { resourceName, type WorkflowPlan } from '../../generator/plan.ts';
import { bytesOf, isEqual } from '../../job/difference/difference.ts';
import { size, thousands } from '../../job/print/quantity.ts';
import type { DestinationOutcome } from '../plan/plan.ts';
import { sentenceOf } from './difference.ts';
import { differencesSentence, differencesView, limitsFor } from './differences.ts';
import { type Content, html } from './html.ts';
import { fitting } from './lists.ts';
import { printPage } from './page.ts';
import { badge, drawing, facts, section, table } from './parts.ts';

/** What was compared. */
export interface PlanFacts {
  readonly plans: readonly WorkflowPlan[];
  readonly outcomes: readonly DestinationOutcome[];
  /** Drawings by the replicator's name, `<svg>` elements. */
  readonly diagrams: ReadonlyMap<string, string>;
  /** Milliseconds since the epoch. */
  readonly written: number;
}

/** @returns the text of an HTML file */
export function planReport(facts: PlanFacts): string {
  return fitting((rows) => print(facts, rows));
}

function print({ plans, outcomes, diagrams, written }: PlanFacts, rows: number): string {
  const limits = limitsFor(outcomes, rows);
  const isOne = plans.length === 1;
  return printPage({
    title: `${isOne ? `${plans[0]?.name}: ` : ''}what a run would do`,
    kind: 'Plan',
    sentence: differencesSentence(outcomes),
    body: plans.map((plan) => {
      const own = outcomes.filter((outcome) => outcome.plan === plan);
      // Names are unique in a config, and so are the parts of a page that are linked to.
      const part = (heading: string, ...contents: readonly Content[]) => {
        const word = heading.toLowerCase();
        return isOne
          ? section(word, heading, ...contents)
          : section(`${plan.name}-${word}`, `${plan.name}: ${word}`, ...contents);
      };
      const leader = facts([['Leader', html`<code>${resourceName(plan.source)}</code>`]]);
      return [
        part('Destinations', leader, destinations(own)),
        part('Differences', differencesView(own, limits)),
        part('Graph', drawing(diagrams.get(plan.name) ?? '', `Graph of ${plan.name}`)),
      ];
    }),
    written,
  });
}

function destinations(outcomes: readonly DestinationOutcome[]): Content {
  return table({
    caption: 'What a run would do at each destination',
    columns: [
      { name: 'destination' },
      { name: 'state' },
      { name: 'to copy', right: true },
      { name: 'size', right: true },
      { name: 'tags', right: true },
      { name: 'to delete', right: true },
      { name: 'kept', right: true },
    ],
    rows: outcomes.map((outcome) => {
      const { id, repository } = outcome.destination;
      const name = html`<strong>${id}</strong><br><small>${resourceName(repository)}</small>`;
      if ('error' in outcome) return [name, badge('not compared')];
      const { difference, extras } = outcome;
      const { copy, tags, delete: doomed, kept, refusals } = difference;
      const state = refusals.length > 0 ? 'refused' : isEqual(difference) ? 'equal' : 'differs';
      return [
        name,
        html`${badge(extras > 0 && state === 'equal' ? 'nothing to do' : state)}<span class="hidden"> ${sentenceOf(difference)}</span>`,
        thousands(copy.length),
        size(bytesOf(copy)),
        thousands(tags.length),
        thousands(doomed.length),
        thousands(kept.length),
      ];
    }),
    className: 'results',
  });
}
