/** The dashboard: how runs end, how far behind followers are, what was done, what went wrong. Pure. */
import { resourceName, type WorkflowPlan } from '../plan.ts';
import { longestPeriods } from '../resolve/periods.ts';
import { troubles } from './filters.ts';
import { alertsPage, executionsPage, troubleLogs, workflowLogs } from './links.ts';
import { writersOf } from './log-metrics.ts';
import { dashboardName, labelsOf } from './names.ts';
import { increase, series } from './promql.ts';

/**
 * `google.monitoring.dashboard.v1.Dashboard`, as JSON.
 *
 * https://cloud.google.com/monitoring/api/ref_v3/rest/v1/projects.dashboards
 */
export interface Dashboard {
  readonly name: string;
  readonly displayName: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly mosaicLayout: { readonly columns: number; readonly tiles: readonly Tile[] };
}

interface Tile {
  readonly xPos: number;
  readonly yPos: number;
  readonly width: number;
  readonly height: number;
  readonly widget: { readonly title: string } & Record<string, unknown>;
}

type Widget = Tile['widget'];

const columns = 12;
const half = columns / 2;

/** The window of a bar or point: as long as the chart's resolution. */
const interval = `\${__interval}`;

/** More lines than this in one chart tell nothing: the largest are shown. */
const mostSeries = 20;

/** @param written who wrote the file */
export function dashboard(plan: WorkflowPlan, written: string): Dashboard {
  const period = plan.schedule ? Math.max(3600, longestPeriods(plan.schedule.cron, 1)) : 86_400;
  const rows: readonly (readonly Widget[])[] = [
    [about(plan, written), runs(plan)],
    [lag(plan, period), duration(plan, period)],
    [perFollower(plan, 'copied', 'Versions copied'), perFollower(plan, 'skipped', 'Versions skipped')],
    [
      perFollower(plan, 'failures', 'Failures'),
      // Without a mirror nothing is ever deleted.
      ...(plan.destinations.some(({ mirror }) => mirror)
        ? [perFollower(plan, 'deleted', 'Versions deleted')]
        : []),
    ],
    [
      {
        title: 'Warnings and errors',
        logsPanel: {
          filter: troubles(plan),
        },
      },
    ],
  ];
  return {
    name: dashboardName(plan),
    displayName: `${plan.name} (${plan.region}): replication`,
    labels: labelsOf(plan),
    mosaicLayout: { columns, tiles: rows.flatMap((row, index) => tilesOf(row, index)) },
  };
}

const rowHeight = 4;

/** One or two widgets that fill a row. */
function tilesOf(row: readonly Widget[], index: number): Tile[] {
  const width = row.length === 1 ? columns : half;
  return row.map((widget, place) => ({
    xPos: place * width,
    yPos: index * rowHeight,
    width,
    height: rowHeight,
    widget,
  }));
}

function about(plan: WorkflowPlan, written: string): Widget {
  const { destinations, schedule } = plan;
  const lines = [
    `Leader: \`${resourceName(plan.source)}\``,
    `Followers: ${destinations.length === 1 ? 'one' : destinations.length}`,
    schedule
      ? `Schedule: \`${schedule.cron}\` (${schedule.timeZone})`
      : 'No schedule: runs are started by hand.',
    [
      `[Executions](${executionsPage(plan)})`,
      `[logs](${workflowLogs(plan)})`,
      `[warnings and errors](${troubleLogs(plan)})`,
      `[alert policies](${alertsPage(plan)})`,
    ].join(', '),
    'What to look at when: docs/observability.md in the checkout.',
    written,
  ];
  return { title: 'About', text: { format: 'MARKDOWN', content: lines.join('\n\n') } };
}

function runs(plan: WorkflowPlan): Widget {
  return chart(
    'Runs',
    'STACKED_BAR',
    [increase(series(plan, 'workflow', 'runs', ''), interval, 'state')],
    'runs',
  );
}

function lag(plan: WorkflowPlan, period: number): Widget {
  return chart(
    "Age of the leader's state, when a copy had brought it",
    'LINE',
    [largest(plan, mean(plan, 'lag', period, 'destination'))],
    's',
  );
}

function duration(plan: WorkflowPlan, period: number): Widget {
  return chart('How long runs took', 'LINE', [mean(plan, 'duration', period, 'state')], 's');
}

function perFollower(
  plan: WorkflowPlan,
  metric: 'copied' | 'skipped' | 'failures' | 'deleted',
  title: string,
): Widget {
  const part = metric === 'failures' ? '' : '_sum';
  const queries = writersOf(plan, metric).map((writer) =>
    largest(plan, increase(series(plan, writer, metric, part), interval, 'destination')),
  );
  return chart(title, 'STACKED_BAR', queries, metric === 'failures' ? 'failures' : 'versions');
}

/** Of the runs of a period, in seconds, so that a line goes on from one run to the next. */
function mean(plan: WorkflowPlan, metric: 'lag' | 'duration', period: number, by: string): string {
  const of = (part: '_sum' | '_count') => increase(series(plan, 'workflow', metric, part), `${period}s`, by);
  return `${of('_sum')} / ${of('_count')}`;
}

function largest({ destinations }: WorkflowPlan, query: string): string {
  return destinations.length > mostSeries ? `topk(${mostSeries}, ${query})` : query;
}

function chart(
  title: string,
  plotType: 'LINE' | 'STACKED_BAR',
  queries: readonly string[],
  axis: string,
): Widget {
  return {
    title,
    xyChart: {
      dataSets: queries.map((query) => ({
        // PromQL knows no units: without one a chart shows a day as 86.4k.
        timeSeriesQuery: { prometheusQuery: query, ...(axis === 's' && { unitOverride: 's' }) },
        plotType,
        targetAxis: 'Y1',
      })),
      yAxis: { label: axis, scale: 'LINEAR' },
      chartOptions: { mode: 'COLOR' },
    },
  };
}
