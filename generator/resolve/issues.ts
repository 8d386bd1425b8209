/** Faults of shape in words. */
import * as v from 'valibot';
import { child, type Key, keysOf as pathKeys } from '../config-path.ts';
import { nearest } from '../nearest.ts';
import type { ConfigPath } from '../plan.ts';
import { describe, isRecord, listed, quote } from './describe.ts';
import type { Report } from './report.ts';
import { fieldsOf, type Kind, replicatorSchema } from './shape.ts';

type Issue = v.InferIssue<typeof replicatorSchema>;

/** Checks the shape of one config and reports every fault in it. */
export function checkShape(config: unknown, path: ConfigPath, report: Report): void {
  const issues = v.safeParse(replicatorSchema, config).issues ?? [];
  const misspelt = new Set<ConfigPath>();
  const missing: Key[][] = [];
  for (const issue of issues) {
    const keys = keysOf(issue);
    const at = child(path, ...keys);
    if (issue.type === 'object_with_rest') {
      missing.push(keys);
    } else if (issue.type === 'never') {
      const { hint, meant } = strangerIn(String(keys.at(-1)), issue.message as Kind, config, keys);
      report.fieldProblem('unknown-field', at, `unknown field "${keys.at(-1)}"`, hint);
      for (const name of meant) misspelt.add(child(path, ...keys.slice(0, -1), name));
    } else {
      const code = Number.isNaN(issue.input) ? 'range' : 'shape';
      report.problem(code, at, wrong(issue, keys), correction(issue, keys));
    }
  }
  // A field that is there under a wrong name is not missing too.
  reportMissing(
    missing.map((keys) => child(path, ...keys)).filter((at) => !misspelt.has(at)),
    report,
  );
}

/** One problem for each object that lacks fields. */
function reportMissing(paths: readonly ConfigPath[], report: Report): void {
  const lacking = new Map<ConfigPath, string[]>();
  for (const path of paths) {
    const keys = pathKeys(path);
    const holder = child('', ...keys.slice(0, -1));
    lacking.set(holder, [...(lacking.get(holder) ?? []), String(keys.at(-1))]);
  }
  for (const [holder, fields] of lacking) {
    const names = fields.map((field) => `"${field}"`).join(', ');
    const examples = fields.map((field) => EXAMPLES[field] ?? field).join(', ');
    report.problem(
      'shape',
      holder,
      `missing field${fields.length > 1 ? 's' : ''} ${names}`,
      `write ${examples}`,
    );
  }
}

function keysOf({ path }: Issue): Key[] {
  return (path ?? []).map(({ key }) => key as Key);
}

/** An example of each field that must be there or is an object. */
const EXAMPLES: Readonly<Record<string, string>> = {
  name: "name: 'projects/acme/locations/us-central1/repositories/prod'",
  project: "project: 'acme'",
  region: "region: 'europe-west1'",
  source: "source: 'projects/acme/locations/europe-west1/repositories/prod'",
  destinations: "destinations: ['projects/acme/locations/us-central1/repositories/prod']",
  location: "location: 'europe-west1'",
  repository: "repository: 'prod'",
  schedule: "schedule: { cron: '0 3 * * *' }",
  cron: "cron: '0 3 * * *'",
  timeZone: "timeZone: 'Europe/Berlin'",
  copy: 'copy: { maxVersionAgeDays: 7 }',
  behavior: "behavior: { field: 'VALUE' }",
  poll: 'poll: { deadline: 43200 }',
  mirror: 'mirror: true, or mirror: { maxDeletions: 100 }',
  protect: "protect: { tags: ['stable'] }",
  job: 'job: true, or job: { tasks: 4 }',
  extraLocations: "extraLocations: ['europe-west99']",
  monitoring: 'monitoring: true, or monitoring: { dashboard: false }',
  alerts: "alerts: true, or alerts: { channels: ['projects/acme/notificationChannels/1234567890'] }",
  channels: "channels: ['projects/acme/notificationChannels/1234567890']",
  noSuccess: 'noSuccess: true, or noSuccess: { periods: 3 }',
  notify: "notify: { topic: 'replication' }",
  topic: "topic: 'replication'",
};

/** What to say of a field that should not be there. */
interface Stranger {
  readonly hint: string;
  /** Fields that it stands for, which are not missing then. */
  readonly meant: readonly string[];
}

const says = (hint: string, ...meant: string[]): Stranger => ({ hint, meant });
const means = (field: string): Stranger => says(`did you mean "${field}"?`, field);
const inCopy = says('it is a field of "copy"');
const either = says('a destination has a name, or project, location and repository, not both');

/** Fields that stand elsewhere, or are called otherwise than their letters tell. */
const STRANGERS: Readonly<Partial<Record<Kind, Readonly<Record<string, Stranger>>>>> = {
  replicator: {
    location: means('region'),
    destination: says('did you mean "destinations"? It is a list', 'destinations'),
    cron: says(`write ${EXAMPLES.schedule}`),
    timeZone: says('it is a field of "schedule"'),
    engine: inCopy,
    continueOnSkippedVersion: inCopy,
    maxVersionAgeDays: inCopy,
    allAttachmentsIncluded: inCopy,
    allTagsExcluded: inCopy,
    allowSkippedVersions: inCopy,
    behavior: inCopy,
    deadline: says('it is a field of "poll"'),
  },
  source: {
    name: says("write the name alone: source: 'projects/…'", 'project', 'location', 'repository'),
    copy: says('only destinations have settings; the common ones stand beside "source"'),
    region: means('location'),
  },
  destination: { region: means('location'), maxVersionAgeDays: inCopy },
  named: { project: either, location: either, repository: either },
  schedule: { timezone: means('timeZone'), tz: means('timeZone'), zone: means('timeZone') },
  poll: { timeout: means('deadline') },
};

function strangerIn(field: string, kind: Kind, config: unknown, keys: readonly Key[]): Stranger {
  const told = STRANGERS[kind];
  if (told && Object.hasOwn(told, field) && told[field]) return told[field];
  const known = fieldsOf(kind);
  // Of fields that are there already the misspelt one is none.
  const holder = keys
    .slice(0, -1)
    .reduce((value: unknown, key) => (value as Record<Key, unknown>)[key], config);
  const free = known.filter((name) => !isRecord(holder) || !Object.hasOwn(holder, name));
  const meant = nearest(field, free);
  return meant === undefined ? says(`the fields are ${known.join(', ')}`) : means(meant);
}

function wrong({ type, input, expected }: Issue, keys: readonly Key[]): string {
  const name = keys.length === 0 ? 'the config' : `"${child('', ...keys)}"`;
  return `${name} is ${describe(input)}, expected ${isRepository(keys) ? 'a repository' : kindOf(type, expected)}`;
}

/** Whether a path is that of a repository, which may be a string or an object. */
function isRepository(keys: readonly Key[]): boolean {
  return keys.at(-1) === 'source' || keys.at(-2) === 'destinations';
}

function kindOf(type: Issue['type'], expected: string | null): string {
  switch (type) {
    case 'string':
      return 'a string';
    case 'number':
      return 'a number';
    case 'boolean':
      return 'true or false';
    case 'array':
      return 'a list';
    case 'picklist':
      return listed(wordsOf(expected));
    default:
      return 'an object';
  }
}

/** The choices of a picklist, which valibot gives as `("skip" | "allow")`. */
function wordsOf(expected: string | null): string[] {
  return expected?.match(/"[^"]*"/g) ?? [];
}

/** What to write instead, made from what is there where that tells. */
function correction({ type, input, expected }: Issue, keys: readonly Key[]): string {
  const field = String(keys.findLast((key) => typeof key === 'string') ?? '');
  const text = typeof input === 'string' ? input.trim() : '';
  if (input === undefined) return 'give it a value; is a variable of the environment not set?';
  if (describe(input) === 'a Promise') return 'write await before it';
  if (typeof input === 'function') return 'call it';
  if (type === 'number' && text !== '' && Number.isFinite(Number(text)))
    return `write ${Number(text)}, without quotes`;
  if (type === 'boolean' && /^(true|false)$/.test(text)) return `write ${text}, without quotes`;
  if (type === 'picklist') {
    const words = wordsOf(expected);
    const near = nearest(
      text,
      words.map((word) => JSON.parse(word) as string),
    );
    return near === undefined ? `write ${listed(words)}` : `did you mean "${near}"?`;
  }
  if (type === 'array' && text !== '') return `write ${field}: [${quote(text).replace(/^"(.*)"$/, "'$1'")}]`;
  if (type === 'custom' && field === 'schedule' && text !== '') return `write schedule: { cron: '${text}' }`;
  const example = EXAMPLES[field];
  return example === undefined ? `write ${kindOf(type, expected)}` : `write ${example}`;
}
