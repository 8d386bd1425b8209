/**
 * Cloud Monitoring's REST APIs: alert policies and notification channels (v3), dashboards (v1). They are kept and
 * checked; no metric is written and no alert fires.
 *
 * https://cloud.google.com/monitoring/api/ref_v3/rest
 */
import { createHash, randomBytes } from 'node:crypto';
import { join } from 'node:path';
import type { Hono } from 'hono';
import type { Context } from '../context.ts';
import { GoogleError } from '../errors.ts';
import { Kept } from '../kept.ts';
import { projectNumber } from '../projects/number.ts';
import { listPage, restRoute, restService } from '../rest.ts';
import { checkDashboard, type Dashboard } from './dashboards.ts';
import { checkPolicy, type Policy } from './policies.ts';

/** A notification channel, as JSON. */
interface Channel extends Record<string, unknown> {
  readonly name: string;
}

/** The REST APIs. */
export function monitoringService({ dataDir }: Context): Hono {
  const file = (name: string) => join(dataDir, 'monitoring', `${name}.json`);
  const policies = new Kept<Policy>(file('policies'));
  const channels = new Kept<Channel>(file('channels'));
  const dashboards = new Kept<Dashboard>(file('dashboards'));
  return restService([
    ...collection('alertPolicies', policies, {
      check: (body) => checkPolicy(body as Policy, (name) => channels.get(name) !== undefined),
      keep: (policy) => ({
        ...policy,
        enabled: policy.enabled ?? true,
        conditions: (policy.conditions ?? []).map((condition, index) => ({
          ...condition,
          name: `${policy.name}/conditions/${index + 1}`,
        })),
      }),
    }),
    ...collection('notificationChannels', channels, {
      check({ type }) {
        if (!type) throw new GoogleError('INVALID_ARGUMENT', 'Field notification_channel.type is required.');
      },
      keep: (channel) => ({ ...channel, enabled: channel.enabled ?? true }),
    }),
    ...dashboardRoutes(dashboards),
  ]);
}

/** A collection whose items the service names. */
function collection<T extends Record<string, unknown> & { readonly name: string }>(
  name: string,
  kept: Kept<T>,
  { check, keep }: { readonly check: (body: Record<string, unknown>) => void; readonly keep: (item: T) => T },
) {
  const base = `/v3/projects/*/${name}` as const;
  const nameOf = ([project, id]: readonly string[]) => `projects/${project}/${name}/${id}`;
  const get = (ids: readonly string[]): T => {
    const item = kept.get(nameOf(ids));
    if (!item) throw new GoogleError('NOT_FOUND', `Could not find '${nameOf(ids)}'.`);
    return item;
  };
  const set = (item: T): T => {
    check(item);
    const made = keep(item);
    kept.set(item.name, made);
    return made;
  };
  return [
    restRoute(`GET ${base}`, ({ ids: [project = ''], query }) =>
      listPage(name, kept.below(nameOf([project, ''])), query),
    ),
    restRoute(`POST ${base}`, ({ ids: [project = ''], body }) => {
      const id = String(BigInt(`0x${randomBytes(8).toString('hex')}`));
      return set({ ...body, name: nameOf([project, id]) } as unknown as T);
    }),
    restRoute(`GET ${base}/*`, ({ ids }) => get(ids)),
    // Without a mask the whole item is replaced, and with one what it names.
    restRoute(`PATCH ${base}/*`, ({ ids, body, query }) => {
      const { name: own, ...rest } = get(ids);
      const mask = query.get('updateMask');
      const given = mask
        ? { ...rest, ...Object.fromEntries(mask.split(',').map((field) => [field, body[field]])) }
        : body;
      return set({ ...given, name: own } as unknown as T);
    }),
    restRoute(`DELETE ${base}/*`, ({ ids }) => {
      kept.delete(get(ids).name);
      return {};
    }),
  ];
}

/** Dashboards may be given an id, and an update has to name the etag of what it replaces. */
function dashboardRoutes(kept: Kept<Dashboard>) {
  const base = '/v1/projects/*/dashboards';
  const keyOf = ([project, id]: readonly string[]) => `projects/${project}/dashboards/${id}`;
  const get = (ids: readonly string[]): Dashboard => {
    const dashboard = kept.get(keyOf(ids));
    if (!dashboard) throw new GoogleError('NOT_FOUND', `Could not find resource '${keyOf(ids)}'.`);
    return dashboard;
  };
  const set = ([project = '', id = '']: readonly string[], body: Record<string, unknown>): Dashboard => {
    checkDashboard(body);
    const etag = createHash('md5').update(JSON.stringify(body)).digest('hex');
    const dashboard = { ...body, name: keyOf([projectNumber(project), id]), etag };
    kept.set(keyOf([project, id]), dashboard);
    return dashboard;
  };
  return [
    restRoute(`GET ${base}`, ({ ids: [project = ''], query }) =>
      listPage('dashboards', kept.below(keyOf([project, ''])), query),
    ),
    restRoute(`POST ${base}`, ({ ids: [project = ''], body }) => {
      const [, , , id = randomBytes(16).toString('hex')] = String(body.name ?? '').split('/');
      if (!/^[A-Za-z0-9_-]+$/.test(id))
        throw new GoogleError('INVALID_ARGUMENT', `Invalid id of a dashboard: '${id}'.`);
      if (kept.get(keyOf([project, id])))
        throw new GoogleError('ALREADY_EXISTS', `Dashboard '${keyOf([project, id])}' already exists.`);
      return set([project, id], body);
    }),
    restRoute(`GET ${base}/*`, ({ ids }) => get(ids)),
    restRoute(`PATCH ${base}/*`, ({ ids, body }) => {
      if (get(ids).etag !== body.etag)
        throw new GoogleError('ABORTED', 'The etag is not that of the dashboard that is there.');
      return set(ids, body);
    }),
    restRoute(`DELETE ${base}/*`, ({ ids }) => {
      get(ids);
      kept.delete(keyOf(ids));
      return {};
    }),
  ];
}
