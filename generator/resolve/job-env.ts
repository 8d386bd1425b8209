/** Variables that the config gives to the job: names and values that Cloud Run takes, and that nothing else sets. */
import { child } from '../config-path.ts';
import type { ConfigPath } from '../plan.ts';
import { isRecord, quote } from './describe.ts';
import type { Report } from './report.ts';

/** Set by Cloud Run, read by Google's libraries to find credentials, or the workflow's to set. */
const PREFIXES = /^(CLOUD_RUN_|K_|GOOGLE_|GCLOUD_|GCE_|REPLICATOR_)/;

/** What the job reads its settings from: in a variable they would hold for every command, and hide from the config. */
const SETTINGS: ReadonlySet<string> = new Set([
  ...['PORT', 'SOURCE_REPOSITORY', 'DESTINATION_REPOSITORIES', 'DESTINATION_REPOSITORY', 'EXTRA_LOCATIONS'],
  ...['COPY_ENGINE', 'CONTINUE_ON_SKIPPED_VERSION', 'MAX_VERSION_AGE_DAYS', 'ALL_ATTACHMENTS_INCLUDED'],
  ...['ALL_TAGS_EXCLUDED', 'COPY_BEHAVIOR', 'ALLOW_SKIPPED_VERSIONS', 'COPY_PACKAGES', 'COPY_TAGS'],
  ...['COPY_NEWEST_TAGS', 'COPY_NEWEST_BY', 'COPY_PLATFORMS', 'COPY_REWRITE_INDEX', 'COPY_MOVED'],
  ...['COPY_FOREIGN_LAYERS', 'POLL_OPERATION', 'POLL_INITIAL_DELAY', 'POLL_MULTIPLIER', 'POLL_MAX_DELAY'],
  ...['POLL_DEADLINE', 'MAX_DELETIONS', 'MAX_DELETION_SHARE', 'ALLOW_EMPTY_SOURCE', 'PROTECT_TAGS'],
  ...['PROTECT_PACKAGES', 'NEWER_THAN_DAYS', 'COPY_START_TIME', 'SKIPPED_VERSIONS', 'MIRROR', 'VERIFY'],
  ...['DRY_RUN', 'REQUESTS_PER_MINUTE', 'WRITES_PER_MINUTE', 'DELETES_PER_MINUTE', 'OUTPUT_JSON'],
  ...['OUTPUT_ALL', 'DETAILED_EXITCODE', 'LOG_FORMAT', 'LISTEN_HOST', 'AUTH', 'AUDIENCE', 'ALLOWED_EMAILS'],
  ...['ALLOW_OVERRIDES', 'SHUTDOWN_GRACE'],
]);

/** Bytes of a value. https://cloud.google.com/run/quotas */
const LONGEST = 32 * 1024;

/** All but tab, line feed and carriage return. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const CONTROL = /[\0-\x08\x0b\x0c\x0e-\x1f\x7f]/;

/** Whether a variable is not for the config to set. */
export function isReserved(name: string): boolean {
  return PREFIXES.test(name) || SETTINGS.has(name);
}

/** The variables, as far as they are right. */
export function readEnv(value: unknown, path: ConfigPath, report: Report): Readonly<Record<string, string>> {
  if (!isRecord(value)) return {};
  const read: Record<string, string> = {};
  for (const [name, text] of Object.entries(value)) {
    if (typeof text !== 'string') continue;
    const at = child(path, name);
    if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(name))
      report.fieldProblem('job', at, `${quote(name)} is no name of a variable`, 'letters, digits and "_"');
    else if (isReserved(name))
      report.fieldProblem(
        'job',
        at,
        `the variable ${name} is not for the config to set`,
        'what the job reads there follows from the other fields, or is set by Cloud Run',
      );
    else if (Buffer.byteLength(text) > LONGEST || CONTROL.test(text))
      report.problem(
        'job',
        at,
        `the value of ${name} is longer than ${LONGEST} bytes, or has a control character in it`,
        'give a shorter one, of printable characters',
      );
    else read[name] = text;
  }
  return read;
}
