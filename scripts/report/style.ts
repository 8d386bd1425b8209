/** How a report looks: on paper and on screens of any width, light and dark. */
export const style = `
:root {
  color-scheme: light dark;
  --paper: #ffffff; --ink: #1b2430; --soft: #566173; --line: #d9dee6; --band: #f5f7fa; --link: #0b57d0;
  --good: #146c2e; --good-band: #e3f4e7; --fair: #7a4d00; --fair-band: #fdf0d5; --bad: #b3261e; --bad-band: #fce8e6;
  --preflight: #6b7787; --copy: #2f6fde; --mirror: #8b4fd1; --verify: #0b8178; --plan: #a15c00;
}
@media (prefers-color-scheme: dark) {
  :root {
    --paper: #0d1117; --ink: #e6e9ee; --soft: #a5afbd; --line: #333b47; --band: #161b22; --link: #8ab4f8;
    --good: #81d69a; --good-band: #17311f; --fair: #f3c677; --fair-band: #35290f; --bad: #f5a29b; --bad-band: #3c1b19;
    --preflight: #8f9bab; --copy: #6ea1f7; --mirror: #bb8df0; --verify: #4fbdb3; --plan: #dd9a4a;
  }
}
@media print {
  :root {
    color-scheme: light;
    --paper: #ffffff; --ink: #000000; --soft: #444444; --line: #bbbbbb; --band: #ffffff; --link: #000000;
    --good: #146c2e; --good-band: #ffffff; --fair: #7a4d00; --fair-band: #ffffff; --bad: #b3261e; --bad-band: #ffffff;
    --preflight: #6b7787; --copy: #2f6fde; --mirror: #8b4fd1; --verify: #0b8178; --plan: #a15c00;
  }
}
* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; text-size-adjust: 100%; }
body {
  margin: 0 auto; max-width: 1240px; padding: 32px 32px 48px; background: var(--paper); color: var(--ink);
  font: 15px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif;
  overflow-wrap: anywhere;
}
h1, h2, h3, p, ul, dl, dd, figure { margin: 0; }
h1 { font-size: 28px; line-height: 1.2; letter-spacing: -0.01em; }
h2 { font-size: 19px; line-height: 1.3; margin-bottom: 12px; }
h3 { font-size: 16px; line-height: 1.4; margin: 20px 0 4px; }
a { color: var(--link); text-underline-offset: 2px; }
:focus-visible { outline: 2px solid var(--link); outline-offset: 2px; }
code { font: 0.92em/1.4 ui-monospace, "SF Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace; }
small { font-size: 13px; color: var(--soft); }
header { margin-bottom: 24px; }
.overline { color: var(--soft); font-size: 13px; letter-spacing: 0.04em; text-transform: uppercase; margin-bottom: 4px; }
.sentence { font-size: 18px; line-height: 1.5; margin-top: 12px; max-width: 56em; }
section { margin-top: 36px; }
header + main > section:first-child { margin-top: 0; }
footer { margin-top: 48px; padding-top: 16px; border-top: 1px solid var(--line); color: var(--soft); font-size: 13px; }
.facts { display: flex; flex-wrap: wrap; gap: 1px; background: var(--line); border: 1px solid var(--line); border-radius: 8px; overflow: hidden; }
.facts div { flex: 1 1 220px; background: var(--band); padding: 10px 14px; }
.facts + table { margin-top: 20px; }
.facts dt { color: var(--soft); font-size: 13px; }
.facts dd { min-height: 1.5em; }
.badge { display: inline-block; padding: 0 8px; border-radius: 999px; font-size: 13px; line-height: 20px; font-weight: 600; white-space: nowrap; border: 1px solid currentColor; }
.badge.good { color: var(--good); background: var(--good-band); }
.badge.fair { color: var(--fair); background: var(--fair-band); }
.badge.bad { color: var(--bad); background: var(--bad-band); }
.remark { margin-top: 16px; padding: 10px 14px; border-left: 4px solid var(--fair); background: var(--fair-band); border-radius: 0 6px 6px 0; }
.remark.bad { border-color: var(--bad); background: var(--bad-band); }
.remark ul, section ul:not(.legend, .log) { padding-left: 20px; }
.problem h3 { margin-top: 0; }
.problem { padding: 12px 14px; border: 1px solid var(--line); border-left: 4px solid var(--bad); border-radius: 0 6px 6px 0; margin-top: 12px; }
.problem .badge { margin-left: 6px; vertical-align: 1px; }
.error { white-space: pre-wrap; }
.log { list-style: none; padding: 0; font-size: 13px; }
.log li { padding: 4px 0; border-top: 1px solid var(--line); }
.log time { color: var(--soft); font-variant-numeric: tabular-nums; margin-right: 6px; }
.rest { color: var(--soft); font-size: 13px; padding: 8px 0; }
table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; }
caption { text-align: left; color: var(--soft); font-size: 13px; padding-bottom: 6px; }
th, td { text-align: left; vertical-align: top; padding: 8px 12px 8px 0; border-top: 1px solid var(--line); font-weight: 400; }
thead th { font-size: 13px; font-weight: 600; color: var(--soft); border-top: 0; padding: 4px 12px 4px 0; white-space: nowrap; }
th:last-child, td:last-child { padding-right: 0; }
.right { text-align: right; }
table.small { width: auto; margin-top: 12px; }
table.small th, table.small td { padding: 3px 24px 3px 0; }
table.list { font-size: 14px; }
table.list caption { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
table.list th, table.list td { padding-top: 4px; padding-bottom: 4px; }
.results th strong { font-weight: 600; }
.results .right { white-space: nowrap; }
details { margin-top: 12px; border: 1px solid var(--line); border-radius: 8px; padding: 0 14px; }
summary { cursor: pointer; padding: 8px 0; font-weight: 600; }
details[open] { padding-bottom: 8px; }
.of-follower { border-top: 1px solid var(--line); padding-top: 4px; margin-top: 20px; }
h2 + .of-follower { margin-top: 0; border-top: 0; padding-top: 0; }
h2 + .of-follower h3 { margin-top: 0; }
.hidden { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
.drawing { overflow-x: auto; border: 1px solid var(--line); border-radius: 8px; }
.drawing svg { display: block; height: auto; margin: 0 auto; }
.legend { display: flex; flex-wrap: wrap; gap: 4px 18px; list-style: none; padding: 0; margin-bottom: 8px; font-size: 13px; color: var(--soft); }
.legend li { display: flex; align-items: center; gap: 6px; }
.swatch { width: 14px; height: 14px; border-radius: 3px; print-color-adjust: exact; -webkit-print-color-adjust: exact; }
.swatch.preflight { background: var(--preflight); }
.swatch.copy { background: var(--copy); }
.swatch.mirror { background: var(--mirror); }
.swatch.verify { background: var(--verify); }
.swatch.plan { background: var(--plan); }
.swatch.poll { background: linear-gradient(90deg, var(--copy) 40%, var(--paper) 40% 60%, var(--copy) 60%); }
.swatch.failed { background: none; border: 2px solid var(--bad); }
.swatch.open { background: none; border: 2px dashed var(--soft); }
.timeline { table-layout: fixed; }
.timeline th:first-child { width: 24%; }
.timeline th:last-child { width: 100px; }
.timeline tbody th, .timeline tbody td { padding-top: 5px; padding-bottom: 5px; border-top: 0; }
.timeline tbody .axis { padding-top: 0; padding-bottom: 0; height: 32px; }
.timeline tbody tr { border-top: 1px solid var(--line); }
.axis { position: relative; }
.axis svg { display: block; width: 100%; overflow: visible; print-color-adjust: exact; -webkit-print-color-adjust: exact; }
.bar { height: 32px; }
.marks { height: auto; }
.marks text { fill: var(--soft); font-size: 15px; font-weight: 400; }
.bar path, .bar rect { vector-effect: non-scaling-stroke; }
.grid { stroke: var(--line); stroke-width: 1; fill: none; }
.looks { stroke: var(--paper); stroke-width: 1.5; fill: none; }
rect.preflight { fill: var(--preflight); }
rect.copy { fill: var(--copy); }
rect.mirror { fill: var(--mirror); }
rect.verify { fill: var(--verify); }
rect.plan { fill: var(--plan); }
rect.failed { stroke: var(--bad); stroke-width: 3; }
rect.open { fill-opacity: 0.45; stroke: var(--soft); stroke-width: 2; stroke-dasharray: 4 3; }
@media (max-width: 700px) {
  body { padding: 20px 16px 32px; }
  h1 { font-size: 23px; }
  .sentence { font-size: 16px; }
  table:not(.timeline, .small) thead { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
  table:not(.timeline, .small) :is(tbody, tr, caption, table) { display: block; }
  table:not(.timeline, .small) { display: block; }
  table:not(.timeline, .small) tr { padding: 8px 0; border-top: 1px solid var(--line); }
  table:not(.timeline, .small) tbody :is(th, td) { display: flex; gap: 12px; border: 0; padding: 2px 0; text-align: left; }
  table:not(.timeline, .small) tbody :is(th, td)::before { content: attr(data-name); flex: 0 0 84px; color: var(--soft); font-size: 13px; }
  table:not(.timeline, .small) tbody td:has(> span:empty) { display: none; }
  .results tbody th::before { display: none; }
  .timeline, .timeline tbody, .timeline thead, .timeline caption { display: block; }
  .timeline tr { display: grid; grid-template-columns: 1fr auto; }
  .timeline thead th:not(.axis) { display: none; }
  .timeline .axis { grid-column: 1 / -1; grid-row: 2; padding: 0; }
  .timeline tbody th:first-child, .timeline tbody th:last-child { width: auto; }
  .timeline tbody .axis { height: 26px; padding-bottom: 6px; }
  .bar { height: 20px; }
  .marks text { font-size: 36px; }
  .marks .odd { display: none; }
}
@media print {
  @page { margin: 14mm; }
  body { padding: 0; font-size: 11pt; }
  details::details-content { content-visibility: visible; block-size: auto; }
  tr, .problem, .remark, .facts div { break-inside: avoid; }
  h2, h3, summary { break-after: avoid; }
  .drawing { overflow: visible; border: 0; padding: 0; }
  .drawing svg { max-width: 100%; }
}
`;
