/** Severities of Cloud Logging, from the least. */
export const severities = [
  'DEFAULT',
  'DEBUG',
  'INFO',
  'NOTICE',
  'WARNING',
  'ERROR',
  'CRITICAL',
  'ALERT',
  'EMERGENCY',
] as const;

/** A severity. */
export type Severity = (typeof severities)[number];
