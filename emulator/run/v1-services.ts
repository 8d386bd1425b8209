/**
 * Cloud Run services, as far as a deploy goes: kept and shown in both versions of the API. None is started.
 *
 * https://cloud.google.com/run/docs/reference/rest/v1/namespaces.services
 */
import { join } from 'node:path';
import type { Context } from '../context.ts';
import { GoogleError } from '../errors.ts';
import { Kept } from '../kept.ts';
import { projectNumber } from '../projects/number.ts';
import type { Metadata } from './v1-jobs.ts';
import { locationLabel } from './v1-jobs.ts';

/** `Service` of v1, as JSON. */
export interface KnativeService {
  readonly metadata: Metadata;
  readonly spec: {
    readonly template: {
      readonly metadata?: Partial<Metadata>;
      readonly spec: {
        readonly containers: readonly (Readonly<Record<string, unknown>> & { readonly image: string })[];
        readonly serviceAccountName?: string;
        readonly timeoutSeconds?: number;
      };
    };
    readonly [field: string]: unknown;
  };
  readonly [field: string]: unknown;
}

/** What is kept of a service. */
interface Stored {
  readonly generation: number;
  readonly created: string;
  readonly service: KnativeService;
}

/** Services by `projects/P/locations/L/services/S`. */
export class RunServices {
  readonly #context: Context;
  readonly #kept: Kept<Stored>;

  constructor(context: Context) {
    this.#context = context;
    this.#kept = new Kept(join(context.dataDir, 'run-services.json'));
  }

  /** @throws GoogleError ALREADY_EXISTS */
  create(name: string, service: KnativeService): KnativeService {
    if (this.#kept.get(name)) throw new GoogleError('ALREADY_EXISTS', `Resource '${name}' already exists.`);
    const created = new Date(this.#context.clock.now()).toISOString();
    this.#kept.set(name, { generation: 1, created, service });
    return this.get(name);
  }

  /** @throws GoogleError NOT_FOUND */
  replace(name: string, service: KnativeService): KnativeService {
    const { generation, created } = this.#stored(name);
    this.#kept.set(name, { generation: generation + 1, created, service });
    return this.get(name);
  }

  /** @throws GoogleError NOT_FOUND */
  delete(name: string): void {
    this.#stored(name);
    this.#kept.delete(name);
  }

  /** In v1's shape. @throws GoogleError NOT_FOUND */
  get(name: string): KnativeService {
    const { generation, created, service } = this.#stored(name);
    const [, project = '', , location = '', , id = ''] = name.split('/');
    const url = this.#url(name);
    const revision = `${id}-${String(generation).padStart(5, '0')}-abc`;
    const done = { status: 'True', lastTransitionTime: created };
    return {
      apiVersion: 'serving.knative.dev/v1',
      kind: 'Service',
      metadata: {
        ...service.metadata,
        namespace: projectNumber(project),
        generation,
        resourceVersion: Buffer.from(`${id}/${generation}`).toString('base64'),
        creationTimestamp: created,
        selfLink: `/apis/serving.knative.dev/v1/namespaces/${project}/services/${id}`,
        labels: { ...service.metadata.labels, [locationLabel]: location },
      },
      spec: { ...service.spec, traffic: [{ percent: 100, latestRevision: true }] },
      status: {
        observedGeneration: generation,
        conditions: ['Ready', 'ConfigurationsReady', 'RoutesReady'].map((type) => ({ type, ...done })),
        latestReadyRevisionName: revision,
        latestCreatedRevisionName: revision,
        traffic: [{ revisionName: revision, percent: 100, latestRevision: true }],
        url,
        address: { url },
      },
    };
  }

  /** In v2's shape, as far as a deploy looks at it. @throws GoogleError NOT_FOUND */
  getV2(name: string): Record<string, unknown> {
    const { generation, created, service } = this.#stored(name);
    const { containers, serviceAccountName, timeoutSeconds } = service.spec.template.spec;
    const labels = Object.entries(service.metadata.labels ?? {}).filter(([key]) => key !== locationLabel);
    return {
      name,
      generation: String(generation),
      createTime: created,
      ...(labels.length > 0 && { labels: Object.fromEntries(labels) }),
      template: {
        containers,
        ...(serviceAccountName && { serviceAccount: serviceAccountName }),
        ...(timeoutSeconds !== undefined && { timeout: `${timeoutSeconds}s` }),
      },
      uri: this.#url(name),
    };
  }

  #url(name: string): string {
    const [, project = '', , location = '', , id = ''] = name.split('/');
    return `https://${id}-${projectNumber(project)}.${location}.run.app`;
  }

  #stored(name: string): Stored {
    const stored = this.#kept.get(name);
    if (!stored) throw new GoogleError('NOT_FOUND', `Resource '${name}' was not found.`);
    return stored;
  }
}
