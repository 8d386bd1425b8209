/** Cloud Logging's REST API, v2: `entries.list` over what workflows and jobs of this emulator have logged. */
import type { Hono } from 'hono';
import type { Context } from '../context.ts';
import { GoogleError } from '../errors.ts';
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
      const { resourceNames = [], filter = '', orderBy = '', pageSize = 50, pageToken }: ListRequest = body;
      if (resourceNames.length === 0)
        throw new GoogleError('INVALID_ARGUMENT', 'resource_names is required.');
      const test = logFilter(filter);
      const entries = resourceNames
        .flatMap((name) => entriesOf(name.split('/')[1] ?? '', context, jobs))
        .filter(test);
      if (/desc/.test(orderBy)) entries.reverse();
      const start = pageToken ? Number(pageToken) : 0;
      const page = entries.slice(start, start + Math.min(1000, pageSize));
      const end = start + page.length;
      return {
        ...(page.length > 0 && { entries: page }),
        ...(end < entries.length && { nextPageToken: String(end) }),
      };
    }),
  ]);
}
