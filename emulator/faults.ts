/**
 * Faults on order: answers, dropped connections, cut bodies and delays for requests that match, and copies
 * that skip versions or fail. A fault that appears by chance proves nothing twice; these appear by count.
 */
import { readFileSync } from 'node:fs';
import * as v from 'valibot';
import { parse as parseYaml } from 'yaml';
import { httpCodes, type Status } from './errors.ts';
import { glob } from './registry/glob.ts';

const count = v.pipe(v.number(), v.integer(), v.minValue(0));
const statuses = Object.keys(httpCodes) as [Status, ...Status[]];

const RequestRule = v.strictObject({
  /** HTTP method, any when absent. */
  method: v.optional(v.pipe(v.string(), v.toUpperCase())),
  /**
   * Path, with the query if the pattern has a `?`: a glob in which `*` stands for anything, slashes included,
   * or `{regex}`.
   */
  path: v.union([v.string(), v.strictObject({ regex: v.string() })]),
  /** How many matching requests pass first. */
  after: v.optional(count, 0),
  /** How many are then hit; all when absent. */
  times: v.optional(count),
  /** A quota: so many requests in a second of the emulator's clock pass, and only the others count. */
  perSecond: v.optional(count),
  /** Answers with this HTTP status… */
  status: v.optional(v.pipe(v.number(), v.integer(), v.minValue(200), v.maxValue(599))),
  /** …these headers… */
  headers: v.optional(v.record(v.string(), v.string())),
  /** …and this body: text as it is, anything else as JSON. Google's shape, or OCI's, when absent. */
  body: v.optional(v.unknown()),
  /** Drops the connection without an answer. */
  reset: v.optional(v.literal(true)),
  /** Lets the request through and drops the connection after so many bytes of the answer's body. */
  truncate: v.optional(count),
  /** Waits so many seconds of the emulator's clock first. */
  delay: v.optional(v.pipe(v.number(), v.minValue(0))),
});

const CopyRuleSchema = v.strictObject({
  /** Full name of the destination repository, as a glob. */
  copy: v.string(),
  /** Versions that can't be copied, as a glob over `PACKAGE@VERSION`, `PACKAGE:TAG` and the full name. */
  skip: v.optional(v.string()),
  /** The copy fails, after so many versions. */
  fail: v.optional(
    v.strictObject({
      status: v.optional(v.picklist(statuses), 'INTERNAL'),
      message: v.optional(v.string(), 'The copy failed.'),
      afterVersions: v.optional(count, 0),
    }),
  ),
  /** How many copies pass first. */
  after: v.optional(count, 0),
  /** How many are then hit; all when absent. */
  times: v.optional(count),
});

/** A fault of requests, as it is written. */
type RequestFault = v.InferInput<typeof RequestRule>;
/** A fault of copies, as it is written. */
type CopyFault = v.InferInput<typeof CopyRuleSchema>;
/** A fault, as it is written. */
export type Fault = RequestFault | CopyFault;

/** What is to be done to a request. */
export type Effect = Pick<
  v.InferOutput<typeof RequestRule>,
  'status' | 'headers' | 'body' | 'reset' | 'truncate' | 'delay'
>;

/** A rule for copies that counts. */
export interface CopyRule {
  /** Whether the copy that begins now is hit. Each call counts. */
  hits(destination: string): boolean;
  readonly skip?: (label: string) => boolean;
  readonly fail?: { status: Status; message: string; afterVersions: number };
}

type RequestMatcher = (method: string, target: string) => Effect | undefined;

/** The rules of one emulator. */
export class Faults {
  readonly #now: () => number;
  #copies: readonly CopyRule[] = [];
  #requests: readonly RequestMatcher[] = [];

  /**
   * @param now the clock's time in milliseconds, for quotas
   * @throws Error that names the rule and what is wrong with it
   */
  constructor(rules: readonly Fault[] = [], now: () => number = Date.now) {
    this.#now = now;
    this.set(rules);
  }

  /**
   * Puts other rules in place of all there are; they count from now on.
   *
   * @throws Error as the constructor does; the old rules then stay
   */
  set(rules: readonly Fault[]): void {
    const copies: CopyRule[] = [];
    const requests: RequestMatcher[] = [];
    for (const [index, rule] of rules.entries()) {
      const where = `fault ${index + 1}`;
      if (typeof rule === 'object' && rule !== null && 'copy' in rule)
        copies.push(copyRule(read(CopyRuleSchema, rule, where), where));
      else requests.push(requestRule(read(RequestRule, rule, where), where, this.#now));
    }
    this.#copies = copies;
    this.#requests = requests;
  }

  /** The rules for copies. */
  get copies(): readonly CopyRule[] {
    return this.#copies;
  }

  /** What befalls a request, by the first rule that hits it. `target` is its path with its query. */
  match(method: string, target: string): Effect | undefined {
    for (const rule of this.#requests) {
      const effect = rule(method, target);
      if (effect) return effect;
    }
    return undefined;
  }
}

/**
 * Reads rules from a file in JSON or YAML.
 *
 * @throws Error that names the file and what is wrong
 */
export function readFaults(file: string): Fault[] {
  try {
    const rules: unknown = parseYaml(readFileSync(file, 'utf8'));
    if (!Array.isArray(rules)) throw new Error('expected a list of rules');
    new Faults(rules);
    return rules;
  } catch (error) {
    throw new Error(`${file}: ${(error as Error).message}`);
  }
}

function read<S extends v.GenericSchema>(schema: S, rule: unknown, where: string): v.InferOutput<S> {
  const result = v.safeParse(schema, rule);
  if (result.success) return result.output;
  const problems = result.issues.map((issue) => {
    const path = v.getDotPath(issue);
    if (issue.type === 'strict_object' && issue.expected === 'never') return `there is no field '${path}'`;
    return `${path ? `${path}: ` : ''}expected ${issue.expected ?? 'something else'}, found ${issue.received}`;
  });
  throw new Error(`${where}: ${problems.join('; ')}`);
}

/** Counts matches: whether this one is past the first `after` and within the next `times`. */
function window({ after, times = Number.POSITIVE_INFINITY }: { after: number; times?: number | undefined }) {
  let seen = 0;
  return () => {
    const index = seen++ - after;
    return index >= 0 && index < times;
  };
}

/** Whether this one is beyond so many in the current second. */
function quota(perSecond: number, now: () => number) {
  let second = Number.NaN;
  let seen = 0;
  return () => {
    const current = Math.floor(now() / 1000);
    if (current !== second) [second, seen] = [current, 0];
    return ++seen > perSecond;
  };
}

function requestRule(rule: v.InferOutput<typeof RequestRule>, where: string, now: () => number) {
  const { method, path, perSecond, status, headers, body, reset, truncate, delay } = rule;
  const ends = [status, reset, truncate].filter((each) => each !== undefined).length;
  if (ends > 1) throw new Error(`${where}: status, reset and truncate exclude each other`);
  if (ends === 0 && delay === undefined)
    throw new Error(`${where}: nothing to do; give status, reset, truncate or delay`);
  if (status === undefined && (headers ?? body) !== undefined)
    throw new Error(`${where}: headers and body need a status`);
  const matches = matcher(path, where);
  const withQuery = typeof path !== 'string' || path.includes('?');
  const hit = window(rule);
  const exceeds = perSecond === undefined ? () => true : quota(perSecond, now);
  const effect: Effect = { status, headers, body, reset, truncate, delay };
  return (called: string, target: string) => {
    if (method !== undefined && method !== called) return undefined;
    if (!matches(withQuery ? target : (target.split('?', 1)[0] as string))) return undefined;
    return exceeds() && hit() ? effect : undefined;
  };
}

function matcher(path: string | { regex: string }, where: string): (text: string) => boolean {
  if (typeof path === 'string') return glob(path);
  try {
    const expression = new RegExp(path.regex);
    return (text) => expression.test(text);
  } catch (error) {
    throw new Error(`${where}: path: ${(error as Error).message}`);
  }
}

function copyRule(rule: v.InferOutput<typeof CopyRuleSchema>, where: string): CopyRule {
  if ((rule.skip === undefined) === (rule.fail === undefined))
    throw new Error(`${where}: give either skip or fail`);
  const matches = glob(rule.copy);
  const hit = window(rule);
  return {
    hits: (destination) => matches(destination) && hit(),
    ...(rule.skip !== undefined && { skip: glob(rule.skip) }),
    ...(rule.fail !== undefined && { fail: rule.fail }),
  };
}
