/**
 * Cloud Run's v1 API, which gcloud speaks: `/apis/…/namespaces/P/…`. The region is in the host's name alone,
 * `europe-west1-run.googleapis.com`.
 */
import type { Hono } from 'hono';
import type { Context } from '../context.ts';
import { GoogleError } from '../errors.ts';
import { type RestCall, restRoute, restService } from '../rest.ts';
import type { Jobs } from './jobs.ts';
import { fromKnative, type KnativeJob, locationLabel, type Metadata, toKnative } from './v1-jobs.ts';
import { type KnativeService, RunServices } from './v1-services.ts';

/** The REST API. */
export function runV1Service(context: Context, jobs: Jobs): Hono {
  const services = new RunServices(context);
  const jobsPath = '/apis/run.googleapis.com/v1/namespaces/*/jobs';
  const servicesPath = '/apis/serving.knative.dev/v1/namespaces/*/services';
  const gone = { apiVersion: 'v1', kind: 'Status', status: 'Success' };
  return restService([
    restRoute(`POST ${jobsPath}`, (call) => {
      const job = call.body as unknown as KnativeJob;
      return toKnative(jobs.create(nameOf(call, 'jobs', job.metadata.name), fromKnative(job)));
    }),
    restRoute(`GET ${jobsPath}`, (call) => ({ items: jobs.list(parentOf(call)).map(toKnative) })),
    restRoute(`GET ${jobsPath}/*`, (call) => toKnative(jobs.get(nameOf(call, 'jobs')))),
    restRoute(`PUT ${jobsPath}/*`, (call) => {
      const job = call.body as unknown as KnativeJob;
      return toKnative(jobs.update(nameOf(call, 'jobs'), fromKnative(job), job.metadata.resourceVersion));
    }),
    restRoute(`DELETE ${jobsPath}/*`, (call) => {
      jobs.delete(nameOf(call, 'jobs'), undefined);
      return gone;
    }),
    restRoute(`POST ${servicesPath}`, (call) => {
      const service = call.body as unknown as KnativeService;
      return services.create(nameOf(call, 'services', service.metadata.name), service);
    }),
    restRoute(`GET ${servicesPath}/*`, (call) => services.get(nameOf(call, 'services'))),
    restRoute(`PUT ${servicesPath}/*`, (call) =>
      services.replace(nameOf(call, 'services'), call.body as unknown as KnativeService),
    ),
    restRoute(`DELETE ${servicesPath}/*`, (call) => {
      services.delete(nameOf(call, 'services'));
      return gone;
    }),
    restRoute('GET /v2/projects/*/locations/*/services/*', ({ ids: [project, location, id] }) =>
      services.getV2(`projects/${project}/locations/${location}/services/${id}`),
    ),
  ]);
}

function parentOf({ ids: [project], headers, body }: RestCall): string {
  const region = /^([a-z]+-[a-z]+\d+)-/.exec(headers.get('host') ?? '')?.[1];
  const location = region ?? (body.metadata as Metadata | undefined)?.labels?.[locationLabel];
  if (!location)
    throw new GoogleError(
      'INVALID_ARGUMENT',
      'No region: send the request to the regional host, as europe-west1-run.googleapis.com.',
    );
  return `projects/${project}/locations/${location}`;
}

function nameOf(call: RestCall, collection: 'jobs' | 'services', id = call.ids[1]): string {
  return `${parentOf(call)}/${collection}/${id}`;
}
