/** What differs, follower by follower. */
import { resourceName } from '../../generator/plan.ts';
import { bytesOf, type VersionEntry } from '../../job/difference/difference.ts';
import { counted, size } from '../../job/print/quantity.ts';
import { type DestinationOutcome, isToDo } from '../plan/plan.ts';
import { differenceView, type Limits, listsIn } from './difference.ts';
import { type Content, html } from './html.ts';
import { rowsEach } from './lists.ts';

/**
 * How long the lists of so many differences may be.
 *
 * @param rows of all lists together
 */
export function limitsFor(outcomes: readonly DestinationOutcome[], rows: number): Limits {
  const lists = outcomes.reduce(
    (sum, outcome) => sum + ('difference' in outcome ? listsIn(outcome.difference) : 0),
    0,
  );
  return { limit: rowsEach(lists, rows), rest: 'All of them: npm run plan -- --all' };
}

/** What a run would do, all in all, in a sentence. */
export function differencesSentence(outcomes: readonly DestinationOutcome[]): Content {
  const differences = outcomes.flatMap((outcome) => ('difference' in outcome ? [outcome.difference] : []));
  const failed = outcomes.length - differences.length;
  const missing =
    failed > 0 && html` <strong>${counted(failed, 'destination')} could not be compared.</strong>`;
  if (differences.length === 0) return html`Nothing is known of what a run would do.${missing}`;
  const where = counted(differences.length, 'destination');
  if (!isToDo(outcomes)) return html`A run would do <strong>nothing</strong> at ${where}.${missing}`;
  const copied = differences.flatMap(({ copy }) => copy);
  const doomed = differences.flatMap((difference) => difference.delete);
  const tags = differences.reduce((sum, difference) => sum + difference.tags.length, 0);
  return html`A run would copy ${amount(copied)}, change <strong>${counted(tags, 'tag')}</strong> and delete ${amount(doomed)}, at ${where}.${
    differences.some(({ refusals }) => refusals.length > 0) &&
    html` <strong>Guards forbid some of the deletes</strong>, see below.`
  }${missing}`;
}

function amount(versions: readonly VersionEntry[]): Content {
  return html`<strong>${counted(versions.length, 'version')}</strong>${versions.length > 0 && ` (${size(bytesOf(versions))})`}`;
}

export function differencesView(outcomes: readonly DestinationOutcome[], limits: Limits): Content {
  return outcomes.map(
    (outcome) => html`<div class="of-follower"><h3>${outcome.destination.id}</h3>
<p><small><code>${resourceName(outcome.destination.repository)}</code></small></p>
${
  'error' in outcome
    ? html`<p class="error">It could not be compared: ${outcome.error}</p>`
    : differenceView(outcome.difference, outcome.destination.mirror ? 0 : outcome.extras, limits)
}</div>
`,
  );
}
