/**
 * Extractors of log-based metrics and log alerts: `EXTRACT(field)` and `REGEXP_EXTRACT(field, "regex")`.
 *
 * https://cloud.google.com/logging/docs/reference/v2/rest/v2/projects.metrics#LogMetric
 */
import { GoogleError } from '../errors.ts';

const segment = String.raw`(?:[A-Za-z_][\w-]*|"(?:[^"\\]|\\.)*")`;
const extractor = new RegExp(
  String.raw`^\s*(?:EXTRACT\(\s*(${segment}(?:\.${segment})*)\s*\)|REGEXP_EXTRACT\(\s*(${segment}(?:\.${segment})*)\s*,\s*"((?:[^"\\]|\\.)*)"\s*\))\s*$`,
);

/** @throws GoogleError INVALID_ARGUMENT */
export function checkExtractor(text: unknown, where: string): void {
  const found = typeof text === 'string' ? extractor.exec(text) : null;
  if (!found) throw new GoogleError('INVALID_ARGUMENT', `Invalid extractor in ${where}: '${String(text)}'.`);
  const [, , , regex] = found;
  if (regex === undefined) return;
  const groups = new RegExp(`${regex.replaceAll('\\\\', '\\')}|`).exec('')?.length ?? 0;
  if (groups !== 2)
    throw new GoogleError(
      'INVALID_ARGUMENT',
      `The regular expression in ${where} must have one capture group.`,
    );
}
