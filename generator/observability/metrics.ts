/**
 * The metrics that a replication is watched by, under the same names wherever they are read: as log-based metrics
 * `NAME/runs` of Cloud Logging, where NAME is the replicator's, and as `replicator_runs…` of the job's OpenTelemetry.
 */
export interface Metric {
  /** UCUM: `1`, `s`. */
  readonly unit: '1' | 's';
  readonly description: string;
  /** Beside the replicator's name. */
  readonly labels: readonly ('state' | 'destination')[];
}

export const metrics = {
  runs: { unit: '1', labels: ['state'], description: 'Runs that have ended, by how.' },
  failures: {
    unit: '1',
    labels: ['destination'],
    description: 'Destinations that failed, in whole or in part.',
  },
  copied: { unit: '1', labels: ['destination'], description: 'Versions copied.' },
  deleted: {
    unit: '1',
    labels: ['destination'],
    description: 'Versions that a mirror deleted.',
  },
  skipped: {
    unit: '1',
    labels: ['destination'],
    description: 'Versions that a copy skipped.',
  },
  duration: { unit: 's', labels: ['state'], description: 'How long runs took.' },
  lag: {
    unit: 's',
    labels: ['destination'],
    description:
      'How old the state of the leader was that a follower had been brought to, when its copy ended.',
  },
} as const satisfies Readonly<Record<string, Metric>>;

export type MetricName = keyof typeof metrics;
