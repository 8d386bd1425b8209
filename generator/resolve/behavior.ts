/** Behaviour fields of the API that this release does not know: any JSON, under names of their own. */
import { child } from '../config-path.ts';
import type { ConfigPath, Json } from '../plan.ts';
import { describe, isRecord, quote } from './describe.ts';
import type { Report } from './report.ts';

/** Fields of `copy` that say the same as one of the API's. */
export const API_FIELDS = [
  'continueOnSkippedVersion',
  'maxVersionAgeDays',
  'allAttachmentsIncluded',
  'allTagsExcluded',
] as const;

const OWN = new Map<string, string>(
  [...API_FIELDS, 'engine', 'allowSkippedVersions'].flatMap((field) => [
    [field, field],
    // Google's JSON takes the name of the proto too.
    [field.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`), field],
  ]),
);

/** The fields as JSON; one that is `undefined` is left out, as JSON does. */
export function readBehavior(value: unknown, path: ConfigPath, report: Report): Record<string, Json> {
  const fields: Record<string, Json> = {};
  for (const [field, content] of Object.entries(isRecord(value) ? value : {})) {
    const at = child(path, field);
    const own = OWN.get(field);
    if (own !== undefined) {
      report.fieldProblem(
        'behavior',
        at,
        `behavior names ${quote(field)}, a field of "copy"`,
        `write copy: { ${own}: … }`,
      );
    } else if (!/^[A-Za-z]\w*$/.test(field) || field in Object.prototype) {
      report.fieldProblem(
        'behavior',
        at,
        `${quote(field)} can't be a field of the API`,
        'write letters, digits and _',
      );
    } else if (content !== undefined) {
      fields[field] = readJson(content, at, report, []);
    }
  }
  return fields;
}

function readJson(value: unknown, path: ConfigPath, report: Report, around: readonly unknown[]): Json {
  const refuse = (what: string): null => {
    const hint = 'write a string, a number, a boolean, or a list or object of them';
    report.problem('behavior', path, `${what} is not JSON`, hint);
    return null;
  };
  if (typeof value === 'boolean' || value === null) return value;
  if (typeof value === 'string') return /\p{Surrogate}/u.test(value) ? refuse('half a character') : value;
  if (typeof value === 'number') return Number.isFinite(value) ? value : refuse(String(value));
  if (around.includes(value)) return refuse('an object that contains itself');
  const within = [...around, value];
  if (Array.isArray(value)) {
    return value.map((item, i) => readJson(item, child(path, i), report, within));
  }
  if (!isRecord(value)) return refuse(describe(value));
  const fields: [string, Json][] = [];
  for (const [key, item] of Object.entries(value)) {
    if (key in Object.prototype) refuse(`a field called ${quote(key)}`);
    else if (item !== undefined) fields.push([key, readJson(item, child(path, key), report, within)]);
  }
  return Object.fromEntries(fields);
}
