/** The body of `POST /copy`: the config's own fields, read strictly, with every fault at once. */
import * as v from 'valibot';
import { child, type Key } from '../../generator/config-path.ts';
import { nearest } from '../../generator/nearest.ts';
import { describe, isRecord } from '../../generator/resolve/describe.ts';
import type { Field } from '../settings/field.ts';
import { type FieldName, fieldNames, fields, type Settings } from '../settings/fields.ts';
import type { Kind, Refused } from '../settings/kinds.ts';
import type { Fault } from '../settings/usage-error.ts';

/** Settings that a body gives; only those. */
export type Overrides = { readonly [K in FieldName]?: Settings[K] };

/** Path in the config of each field that a body may name. */
export const bodyFields: ReadonlyMap<string, FieldName> = new Map(
  fieldNames.flatMap((name) => {
    const { config }: Field = fields[name];
    return config === undefined ? [] : [[config, name] as const];
  }),
);

const schema = objectAt('');

/** Reads a body; what is wrong is added to `faults`. */
export function readBody(body: unknown, faults: Fault[]): Overrides {
  const { output, issues = [] } = v.safeParse(schema, body);
  for (const issue of issues) faults.push(faultOf(issue));
  return issues.length > 0 ? {} : flatten(output);
}

/** The object at a path of the config, from the fields whose paths begin with it. */
function objectAt(path: string): v.GenericSchema {
  const entries: Record<string, v.GenericSchema> = {};
  const prefix = path === '' ? '' : `${path}.`;
  for (const config of bodyFields.keys()) {
    if (!config.startsWith(prefix)) continue;
    const [key = ''] = config.slice(prefix.length).split('.');
    entries[key] ??= v.exactOptional(valueAt(prefix + key)) as unknown as v.GenericSchema;
  }
  // To valibot a list is an object too.
  return v.pipe(v.custom<Record<string, unknown>>(isRecord), v.strictObject(entries));
}

/** A field, an object of fields, or, as `mirror`, either. */
function valueAt(path: string): v.GenericSchema {
  const name = bodyFields.get(path);
  const hasFields = [...bodyFields.keys()].some((other) => other.startsWith(`${path}.`));
  if (name === undefined) return objectAt(path);
  const field = fieldSchema(fields[name]);
  if (!hasFields) return field;
  const object = objectAt(path);
  return v.lazy((input) => (typeof input === 'object' && input !== null ? object : field));
}

function fieldSchema({ kind, many }: Field): v.GenericSchema {
  const one = valueSchema(kind);
  return many ? v.array(one) : one;
}

function valueSchema(kind: Kind<unknown>): v.GenericSchema {
  return v.pipe(
    v.unknown(),
    v.rawTransform(({ dataset, addIssue, NEVER }) => {
      const checked = kind.check(dataset.value);
      if ('value' in checked) return checked.value;
      addIssue({ message: JSON.stringify(checked) });
      return NEVER;
    }),
  );
}

function faultOf(issue: v.BaseIssue<unknown>): Fault {
  const keys = (issue.path ?? []).map(({ key }) => key as Key);
  const at = keys.length === 0 ? 'body' : child('', ...keys);
  const { type, input } = issue;
  if (type === 'raw_transform') {
    const { refused, hint } = JSON.parse(issue.message) as Refused;
    return { at, message: refused, hint };
  }
  if (type === 'array') return { at, message: `${describe(input)} is not a list`, hint: 'write a list' };
  // The type is that of the object: with a key at fault if it is about a key that should not be there.
  if (type === 'strict_object' && issue.expected === 'never') {
    const holder = keys
      .slice(0, -1)
      .map((key) => `${key}.`)
      .join('');
    const known = [...bodyFields.keys()]
      .filter((path) => path.startsWith(holder))
      .map((path) => path.slice(holder.length).split('.')[0] ?? '');
    const meant = nearest(String(keys.at(-1)), new Set(known));
    const hint = meant === undefined ? 'docs/job.md lists the fields' : `did you mean ${holder}${meant}?`;
    return { at, message: 'unknown field', hint };
  }
  return { at, message: `${describe(input)} is not an object`, hint: 'write an object of fields' };
}

function flatten(output: unknown): Overrides {
  const found: Partial<Record<FieldName, unknown>> = {};
  for (const [config, name] of bodyFields) {
    const value = config
      .split('.')
      .reduce((holder: unknown, key) => (isHolder(holder) ? holder[key] : undefined), output);
    if (value === undefined) continue;
    // `mirror: {…}` asks for a mirror, as it does in the config.
    found[name] = name === 'mirror' && typeof value === 'object' ? true : value;
  }
  return found as Overrides;
}

function isHolder(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
