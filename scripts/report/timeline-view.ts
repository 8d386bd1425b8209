/** A timeline as a table whose bars are drawings: the text stays text at any width, only the bars stretch. */
import { duration } from '../../job/print/quantity.ts';
import { axisFor } from './axis.ts';
import { type Content, type Html, html } from './html.ts';
import { utc } from './time.ts';
import type { Lane, Stage, StageName, Timeline } from './timeline.ts';

/** Units that a bar's drawing is wide. */
const wide = 1000;
const high = 20;
/** Nothing is drawn narrower. */
const least = 3;

const order: readonly StageName[] = ['preflight', 'copy', 'mirror', 'verify', 'plan'];

export function timelineView({ start, end, lanes }: Timeline): Html {
  const { step, steps } = axisFor(Math.max(0.1, (end - start) / 1000));
  const scale = wide / (step * steps * 1000);
  const place = (time: number) => Math.max(0, Math.min(wide, (time - start) * scale));
  const marks = Array.from({ length: steps + 1 }, (_, index) => index);
  const used = order.filter((name) => lanes.some(({ stages }) => stages.some((one) => one.name === name)));
  const failed = lanes.some(({ stages }) => stages.some((stage) => stage.failed));
  const open = lanes.some(({ stages }) => stages.some(({ isOver }) => !isOver));
  return html`<ul class="legend">${used.map((name) => html`<li><span class="swatch ${name}"></span>${name}</li>`)}${
    lanes.some(({ polls }) => polls.length > 0) &&
    html`<li><span class="swatch poll"></span>look at a copy</li>`
  }${failed && html`<li><span class="swatch failed"></span>did not succeed</li>`}${
    open && html`<li><span class="swatch open"></span>did not end</li>`
  }</ul>
<table class="timeline" role="table">
<caption>From ${utc(start)}, in time since then</caption>
<thead role="rowgroup"><tr role="row">
<th role="columnheader" scope="col">destination</th>
<th role="columnheader" scope="col" class="axis"><span class="hidden">stages</span><svg class="marks" viewBox="0 0 ${wide} 30" aria-hidden="true" focusable="false">${marks.map(
    (index) =>
      html`<text x="${round((index / steps) * wide)}" y="22" class="${index % 2 === 1 && 'odd'}" text-anchor="${index === 0 ? 'start' : index === steps ? 'end' : 'middle'}">${markWords(index * step)}</text>`,
  )}</svg></th>
<th role="columnheader" scope="col" class="right">time</th>
</tr></thead>
<tbody role="rowgroup">${lanes.map(
    (lane) => html`<tr role="row">
<th role="rowheader" scope="row">${lane.destination}</th>
<td role="cell" class="axis"><span class="hidden">${stagesInWords(lane)}</span>${bar(lane, { place, steps })}</td>
<td role="cell" class="right">${duration(lengthOf(lane))}</td>
</tr>
`,
  )}</tbody>
</table>`;
}

/** `2 min` for `2 min 0 s`. */
function markWords(seconds: number): string {
  return duration(seconds).replace(/ 0 (s|min)$/, '');
}

/** Seconds. */
function lengthOf({ stages }: Lane): number {
  const start = Math.min(...stages.map((stage) => stage.start));
  return (Math.max(...stages.map(({ end }) => end)) - start) / 1000;
}

/** `preflight 0.1 s, copy 24 s with 7 looks, mirror 10 s, which did not succeed` */
function stagesInWords({ stages, polls }: Lane): string {
  return stages
    .map((stage) =>
      [
        `${stage.name} ${duration((stage.end - stage.start) / 1000)}`,
        stage.name === 'copy' &&
          polls.length > 0 &&
          ` with ${polls.length} ${polls.length === 1 ? 'look' : 'looks'}`,
        stage.failed && ', which did not succeed',
        !stage.isOver && ', which did not end',
      ]
        .filter((part) => part !== false)
        .join(''),
    )
    .join(', ');
}

interface Scale {
  readonly place: (time: number) => number;
  readonly steps: number;
}

function bar({ stages, polls }: Lane, { place, steps }: Scale): Html {
  const lines = Array.from(
    { length: steps + 1 },
    (_, index) => `M${round((index / steps) * wide)} 0V${high}`,
  );
  // Looks that would fall on each other are drawn once.
  const looks = new Set(polls.map((time) => Math.round(place(time))));
  return html`<svg class="bar" viewBox="0 0 ${wide} ${high}" preserveAspectRatio="none" aria-hidden="true" focusable="false"><path class="grid" d="${lines.join('')}"/>${stages.map((stage) => stageBar(stage, place))}${
    looks.size > 0 && html`<path class="looks" d="${[...looks].map((x) => `M${x} 6V14`).join('')}"/>`
  }</svg>`;
}

function stageBar(stage: Stage, place: Scale['place']): Content {
  const x = Math.min(place(stage.start), wide - least);
  const width = Math.max(least, place(stage.end) - x);
  const classes = [stage.name, stage.failed && 'failed', !stage.isOver && 'open'].filter(
    (one) => one !== false,
  );
  const words = `${stage.name}: ${duration((stage.end - stage.start) / 1000)}${stage.failed ? ', did not succeed' : ''}${stage.isOver ? '' : ', did not end'}`;
  return html`<rect class="${classes.join(' ')}" x="${round(x)}" y="3" width="${round(width)}" height="14"><title>${words}</title></rect>`;
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
