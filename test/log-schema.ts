/** Holds log entries against the table of their shape, and remembers what of it they have shown. */
import * as assert from 'uvu/assert';
import {
  counts,
  type FieldName,
  fields,
  phases,
  reasons,
  type Severity,
  states,
} from '../generator/observability/entry.ts';

/** Who writes entries. */
export type Writer = 'workflow' | 'job';
/** An object. */
export type Json = Record<string, unknown>;

/** An entry as Cloud Logging keeps it, as far as it is ours. */
interface Entry {
  readonly severity: string;
  readonly jsonPayload?: unknown;
  readonly textPayload?: string;
}

/** Whether a value is a text that says something. */
export const isText = (value: unknown) => typeof value === 'string' && value !== '';
const isWhole = (value: unknown) => Number.isInteger(value) && (value as number) >= 0;
const isOneOf = (table: object) => (value: unknown) =>
  typeof value === 'string' && Object.hasOwn(table, value);

const kinds: Readonly<Record<(typeof fields)[FieldName]['type'], (value: unknown) => boolean>> = {
  text: isText,
  flag: (value) => typeof value === 'boolean',
  bytes: isWhole,
  seconds: (value) => typeof value === 'number' && value >= 0,
  time: (value) => isText(value) && /^\d{4}-\d\d-\d\dT[\d:.]+Z$/.test(value as string),
  repository: (value) =>
    isText(value) &&
    /^(projects\/[^/]+\/locations\/[^/]+\/repositories\/[^/]+$|docker:\/\/)/.test(value as string),
  phase: isOneOf(phases),
  state: isOneOf(states),
  reason: isOneOf(reasons),
  action: (value) => /^(delete-version|(create|move|remove)-tag)$/.test(String(value)),
  counts: (value) =>
    typeof value === 'object' &&
    value !== null &&
    Object.entries(value).every(([name, count]) => isOneOf(counts)(name) && isWhole(count)),
};

/** What all entries of this file have shown, so that nothing in the table is invented. */
const seen = {
  phases: new Set<string>(),
  fields: new Set<string>(),
  states: new Set<string>(),
  counts: new Set<string>(),
  /** `WRITER PHASE FIELD` */
  uses: new Set<string>(),
};

/** Texts that no entry may hold. */
const secrets = ['emulated-access-token', 'hunter2', 'planted-secret', 'Bearer ', 'Authorization'];

/** Holds an entry against the table. */
export function check(writer: Writer, entry: Entry): void {
  const shown = `${writer}: ${JSON.stringify(entry)}`;
  for (const secret of secrets) assert.not.ok(shown.includes(secret), shown);
  assert.is(entry.textPayload, undefined, shown);
  const { message, replicator, ...rest } = entry.jsonPayload as { message: unknown; replicator: Json };
  assert.equal(rest, {}, shown);
  assert.ok(isText(message), shown);
  const { phase } = replicator;
  assert.ok(isOneOf(phases)(phase), shown);
  const shapes: Partial<Record<Writer, unknown>> = phases[phase as keyof typeof phases];
  const shape = shapes[writer] as
    | (Record<'always' | 'sometimes', readonly string[]> & { severities: readonly Severity[] })
    | undefined;
  if (!shape) throw new Error(`${writer} does not write this phase: ${shown}`);
  assert.ok(shape.severities.includes(entry.severity as Severity), `severity: ${shown}`);
  const always = {
    workflow: ['phase', 'name', 'execution'],
    job: ['phase', 'command'],
  }[writer];
  for (const field of [...always, ...shape.always])
    assert.ok(field in replicator, `${field} is missing: ${shown}`);
  const known = new Set([...always, ...shape.always, ...shape.sometimes]);
  if (writer === 'job') for (const told of ['name', 'execution']) known.add(told);
  for (const [field, value] of Object.entries(replicator)) {
    assert.ok(known.has(field), `${field} does not belong in: ${shown}`);
    const { type } = fields[field as FieldName];
    assert.ok(kinds[type](value), `${field} is no ${type}: ${shown}`);
    seen.fields.add(field);
    seen.uses.add(`${writer} ${phase} ${field}`);
    if (field === 'state') seen.states.add(value as string);
    if (field === 'counts') for (const count of Object.keys(value as Json)) seen.counts.add(count);
  }
  seen.phases.add(phase as string);
}

/** Fails where the table has something that no entry has shown. */
export function allSeen(): void {
  const missing = (table: object, found: ReadonlySet<string>) =>
    Object.keys(table).filter((name) => !found.has(name));
  assert.equal(missing(phases, seen.phases), []);
  assert.equal(missing(fields, seen.fields), []);
  assert.equal(missing(states, seen.states), []);
  assert.equal(missing(counts, seen.counts), []);
  const uses = Object.entries(phases).flatMap(([phase, { about: _, ...shapes }]) =>
    Object.entries(shapes).flatMap(([writer, { always, sometimes }]) =>
      [...always, ...sometimes].map((field) => `${writer} ${phase} ${field}`),
    ),
  );
  assert.equal(
    uses.filter((use) => !seen.uses.has(use)),
    [],
  );
}
