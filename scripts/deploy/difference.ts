/** What has to be done so that what is there becomes what is wanted. Pure. */
import { resourceName } from '../../generator/plan.ts';
import type { Wanted } from './desired.ts';
import { type Binding, type Found, isMonitoring, policyName, type Resource } from './resource.ts';

/** A field that differs. */
export interface FieldChange {
  readonly field: string;
  readonly from: unknown;
  readonly to: unknown;
}

/** What becomes of one resource. */
export interface Change {
  /** `taken`: it is there and not ours, so nothing is done to it. */
  readonly action: 'create' | 'update' | 'remove' | 'unchanged' | 'taken';
  readonly resource: Resource;
  /** Of an update. */
  readonly fields: readonly FieldChange[];
  readonly found: Found | undefined;
  /** Ids of changes that come before it. */
  readonly after: readonly string[];
}

type Pending = Omit<Change, 'after'>;

/** What was read. */
export interface Actual {
  /** By the id of a resource; what is missing is not there. */
  readonly found: ReadonlyMap<string, Found>;
  /** Every binding of our accounts, wherever one was seen. */
  readonly bindings: readonly Binding[];
}

/** How to decide. */
export interface DifferenceOptions {
  /** Take over what carries no label of ours. */
  readonly adopt: boolean;
  /** What is not wanted is taken away with the images: the whole deployment goes. */
  readonly isDestroy?: boolean;
}

/** The changes, in an order in which they can be made. */
export function difference(
  wanted: readonly Wanted[],
  actual: Actual,
  { adopt, isDestroy = false }: DifferenceOptions,
): Change[] {
  const changes: Pending[] = [];
  const known = new Set(wanted.filter(({ isWanted }) => isWanted).map(({ resource }) => resource.id));
  for (const { resource, isWanted } of wanted) {
    const found = actual.found.get(resource.id);
    if (isWanted) changes.push(wantedChange(resource, found, adopt));
    else if (found?.isOurs && isRemovable(resource, isDestroy))
      changes.push({ action: 'remove', resource, fields: [], found });
  }
  const removed = new Set(
    changes.flatMap(({ action, resource }) =>
      action === 'remove' && resource.kind === 'runJob' ? [resource.name] : [],
    ),
  );
  const foreign = foreignMembers(wanted, actual, adopt);
  for (const binding of actual.bindings) {
    if (known.has(binding.id) || foreign.has(binding.member)) continue;
    // It goes with the job that it is on.
    const { target } = binding;
    if (target.on === 'job' && removed.has(policyName(target))) continue;
    changes.push({
      action: 'remove',
      resource: binding,
      fields: [],
      found: actual.found.get(binding.id),
    });
  }
  return inOrder(changes);
}

/** Accounts that have a name of ours and are somebody else's: so are their roles. */
function foreignMembers(wanted: readonly Wanted[], { found }: Actual, adopt: boolean): Set<string> {
  return new Set(
    wanted.flatMap(({ resource, isWanted }) => {
      const isForeign = found.get(resource.id)?.isOurs === false && !(adopt && isWanted);
      return resource.kind === 'serviceAccount' && isForeign ? [`serviceAccount:${resource.email}`] : [];
    }),
  );
}

function wantedChange(resource: Resource, found: Found | undefined, adopt: boolean): Pending {
  if (!found) return { action: 'create', resource, fields: [], found };
  const fields = Object.entries(resource.fields).flatMap(([field, to]) => {
    const from = found.fields[field];
    return same(from, to) ? [] : [{ field, from, to }];
  });
  // A repository that is there is used as it is: it holds what is the user's, whoever made it.
  if (!found.isOurs && !(adopt && resource.kind !== 'claim'))
    return { action: 'taken', resource, fields, found };
  if (fields.length === 0) return { action: 'unchanged', resource, fields, found };
  const action = resource.kind === 'claim' ? 'create' : 'update';
  return { action, resource, fields, found };
}

/** Whether something may be taken away that is not wanted any more. */
function isRemovable(resource: Resource, isDestroy: boolean): boolean {
  switch (resource.kind) {
    // Others may use them, and being enabled costs nothing.
    case 'apis':
    // It goes with its repository.
    case 'image':
      return false;
    case 'repository':
      return isDestroy && resource.isForImages;
    default:
      return true;
  }
}

function same(one: unknown, other: unknown): boolean {
  return JSON.stringify(sorted(one)) === JSON.stringify(sorted(other));
}

function sorted(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1)));
}

/** Gives each change what it has to wait for, and sorts them so that nothing stands before what it waits for. */
function inOrder(changes: readonly Pending[]): Change[] {
  const ranked = [...changes].sort((one, other) => rank(one) - rank(other));
  return ranked.map((change) => ({
    ...change,
    after: ranked
      .filter((other) => other !== change && other.action !== 'unchanged' && waitsFor(change, other))
      .map(({ resource }) => resource.id),
  }));
}

const forward: readonly Resource['kind'][] = [
  'apis',
  'serviceAccount',
  'repository',
  'claim',
  'image',
  'runJob',
  'runService',
  'binding',
  'workflow',
  'logMetric',
  'dashboard',
  'alertPolicy',
  'schedulerJob',
];
const backward: readonly Resource['kind'][] = [
  'alertPolicy',
  'dashboard',
  'logMetric',
  'schedulerJob',
  'binding',
  'workflow',
  'runService',
  'runJob',
  'claim',
  'serviceAccount',
  'repository',
];

/** Removals in the reverse order of creations. Stale bindings go before the workflow that still names their repository. */
function rank({ action, resource: { kind } }: Pending): number {
  if (action !== 'remove') return 10 + forward.indexOf(kind);
  // In a deploy the schedule and stale bindings go first; accounts when nothing refers to them any more.
  return kind === 'schedulerJob' || kind === 'binding' ? backward.indexOf(kind) : 30 + backward.indexOf(kind);
}

function waitsFor(change: Pending, other: Pending): boolean {
  const [mine, its] = [change.resource, other.resource];
  const isOneOwner = mine.owner === its.owner;
  if (isMonitoring(mine) || isMonitoring(its))
    return change.action !== 'remove' && its.kind === 'apis' && its.project === mine.project;
  if (change.action === 'remove') {
    if (other.action !== 'remove')
      // The workflow that is there runs the job until it is replaced.
      return (
        isOneOwner && (mine.kind === 'serviceAccount' || (mine.kind === 'runJob' && its.kind === 'workflow'))
      );
    if (mine.kind === 'repository') return its.kind === 'runJob' || its.kind === 'runService';
    return isOneOwner && rank(other) < rank(change);
  }
  if (its.kind === 'apis') return mine.kind !== 'apis' && its.project === mine.project;
  if (other.action === 'remove') return isOneOwner && mine.kind === 'workflow' && its.kind === 'binding';
  switch (mine.kind) {
    case 'image':
      return its.kind === 'repository' && its.isForImages && its.project === mine.project;
    case 'claim':
      return its.kind === 'repository' && its.name === resourceName(mine.repository);
    case 'runJob':
    case 'runService':
      return (
        (its.kind === 'serviceAccount' && its.email === mine.fields.serviceAccount) ||
        (its.kind === 'image' && its.image === mine.fields.image)
      );
    case 'binding': {
      if (its.kind === 'serviceAccount') return mine.member === `serviceAccount:${its.email}`;
      const { target } = mine;
      if (its.kind === 'runJob') return target.on === 'job' && isOneOwner;
      return its.kind === 'repository' && target.on === 'repository' && its.name === policyName(target);
    }
    case 'workflow':
      return its.kind === 'serviceAccount' && its.email === mine.fields.serviceAccount;
    // Last of all: no run is started that could not do its work.
    case 'schedulerJob':
      return isOneOwner;
    default:
      return false;
  }
}
