/** The label by which everything is known that we deploy and that can carry one. */
export const managedBy = { key: 'managed-by', value: 'artifact-registry-cron-replicator' } as const;
