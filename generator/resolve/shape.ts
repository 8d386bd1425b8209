/**
 * The shape of a config: which fields there are and what kind of value each takes. What a value means is checked
 * elsewhere. Schemas only find faults; their words are in `issues.ts`.
 */
import * as v from 'valibot';
import { isRecord } from './describe.ts';

const text = v.string();
const flag = v.boolean();
const number = v.number();
const texts = v.array(text);
const record = v.custom<Record<string, unknown>>(isRecord);

/**
 * An object with these fields and no others; every fault in it is found. A field too many is reported with `kind`
 * as its message, by which {@link fieldsOf} tells what it might have been.
 */
function object<E extends v.ObjectEntries>(kind: Kind, entries: E) {
  return v.pipe(record, v.objectWithRest(entries, v.never(kind)));
}

/** `true` and `false`, or settings. */
function flagOr<S extends v.GenericSchema>(settings: S) {
  return v.lazy((input) => (typeof input === 'boolean' ? flag : settings));
}

const platforms = { include: texts, rewriteIndex: v.optional(flag) };

const copy = {
  engine: v.optional(v.picklist(['api', 'job'])),
  continueOnSkippedVersion: v.optional(flag),
  maxVersionAgeDays: v.optional(number),
  allAttachmentsIncluded: v.optional(flag),
  allTagsExcluded: v.optional(flag),
  allowSkippedVersions: v.optional(flag),
  // What is in it is checked by behavior.ts, which tells JSON from the rest.
  behavior: v.optional(record),
  packages: v.optional(texts),
  tags: v.optional(texts),
  newestTags: v.optional(number),
  newestBy: v.optional(v.picklist(['semver', 'time'])),
  platforms: v.optional(object('platforms', platforms)),
  moved: v.optional(v.picklist(['update', 'keep', 'fail'])),
  foreignLayers: v.optional(flag),
};

const protect = { tags: v.optional(texts), packages: v.optional(texts), newerThanDays: v.optional(number) };

const mirror = {
  maxDeletions: v.optional(number),
  maxDeletionShare: v.optional(number),
  allowEmptySource: v.optional(flag),
  protect: v.optional(object('protect', protect)),
};

const job = {
  image: v.optional(text),
  tasks: v.optional(number),
  timeout: v.optional(number),
  memory: v.optional(text),
  cpu: v.optional(number),
  service: v.optional(flag),
  env: v.optional(v.record(text, text)),
};

const schedule = { cron: text, timeZone: v.optional(text) };

const poll = {
  initialDelay: v.optional(number),
  multiplier: v.optional(number),
  maxDelay: v.optional(number),
  deadline: v.optional(number),
};

const createDestinations = {
  kmsKeys: v.optional(texts),
  labels: v.optional(v.record(text, text)),
  immutableTags: v.optional(flag),
};

const noSuccess = { periods: v.optional(number) };

const alerts = {
  channels: v.optional(texts),
  runFailed: v.optional(flag),
  noSuccess: v.optional(flagOr(object('noSuccess', noSuccess))),
  deleteLimit: v.optional(flag),
  skippedVersions: v.optional(flag),
};

const monitoring = { dashboard: v.optional(flag), alerts: v.optional(flagOr(object('alerts', alerts))) };

const notify = { topic: text, on: v.optional(v.picklist(['failure', 'always'])) };

const settings = {
  copy: v.optional(object('copy', copy)),
  mirror: v.optional(flagOr(object('mirror', mirror))),
  verify: v.optional(flag),
};

const source = { project: text, location: text, repository: text };
const parts = { ...source, ...settings };
const named = { name: text, ...settings };

const destination = v.lazy((input) => {
  if (!isRecord(input)) return text;
  // An object with neither has its name misspelt, or nothing.
  const hasParts = Object.keys(source).some((part) => part in input);
  return 'name' in input || !hasParts ? object('named', named) : object('destination', parts);
});

const replicator = {
  name: v.optional(text),
  project: text,
  region: text,
  source: v.lazy((input) => (isRecord(input) ? object('source', source) : text)),
  destinations: v.array(destination),
  schedule: v.optional(object('schedule', schedule)),
  copy: v.optional(object('copy', copy)),
  poll: v.optional(object('poll', poll)),
  mirror: v.optional(flagOr(object('mirror', mirror))),
  verify: v.optional(flag),
  job: v.optional(flagOr(object('job', job))),
  overlap: v.optional(v.picklist(['skip', 'allow'])),
  extraLocations: v.optional(texts),
  createDestinations: v.optional(flagOr(object('createDestinations', createDestinations))),
  monitoring: v.optional(flagOr(object('monitoring', monitoring))),
  notify: v.optional(object('notify', notify)),
};

const entries = {
  replicator,
  source,
  destination: parts,
  named,
  schedule,
  copy,
  platforms,
  poll,
  mirror,
  protect,
  job,
  createDestinations,
  monitoring,
  alerts,
  noSuccess,
  notify,
};

/** Kinds of object in a config. `named` is a destination that has a name instead of parts. */
export type Kind =
  | 'replicator'
  | 'source'
  | 'destination'
  | 'named'
  | 'schedule'
  | 'copy'
  | 'platforms'
  | 'poll'
  | 'mirror'
  | 'protect'
  | 'job'
  | 'createDestinations'
  | 'monitoring'
  | 'alerts'
  | 'noSuccess'
  | 'notify';

/** Names of the fields of a kind of object, in the order of `config.ts`. */
export function fieldsOf(kind: Kind): string[] {
  return Object.keys(entries[kind]);
}

/** One config. */
export const replicatorSchema = object('replicator', replicator);
