/** Cloud Logging's REST API, v2: `entries.list` over what workflows and jobs of this emulator have logged. */
import type { Hono } from 'hono';
import type { Context } from '../context.ts';
import { GoogleError } from '../errors.ts';
import { listAnswer, page } from '../paging.ts';
import { restRoute, restService } from '../rest.ts';
import type { Jobs } from '../run/jobs.ts';
import { entriesOf } from './entries.ts';
import { logFilter } from './filter.ts';

/** What `entries.list` is asked. */
interface ListRequest {
  readonly resourceNames?: readonly string[];
  readonly filter?: string;
  readonly orderBy?: string;
  readonly pageSize?: number;
  readonly pageToken?: string;
}

/** The REST API. */
export function loggingService(context: Context, jobs: Jobs): Hono {
  return restService([
    restRoute('POST /v2/entries:list', ({ body }) => {
      const {
        resourceNames = [],
        filter = '',
        orderBy = '',
        pageSize = 0,
        pageToken = '',
      }: ListRequest = body;
      if (resourceNames.length === 0)
        throw new GoogleError('INVALID_ARGUMENT', 'resource_names is required.');
      const test = logFilter(filter);
      const entries = resourceNames
        .flatMap((name) => entriesOf(name.split('/')[1] ?? '', context, jobs))
        .filter(test);
      if (/desc/.test(orderBy)) entries.reverse();
      const shown = page(entries, ({ logName, insertId }) => `${logName} ${insertId}`, {
        size: pageSize,
        token: pageToken,
        query: [...resourceNames, filter, orderBy],
        defaultSize: 50,
        maxSize: 1000,
      });
      return listAnswer('entries', shown);
    }),
  ]);
}
