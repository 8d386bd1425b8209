/**
 * Jobs in the shape of Cloud Run's v1 API, which is Knative's and which gcloud speaks, on the same jobs as v2.
 *
 * https://cloud.google.com/run/docs/reference/rest/v1/namespaces.jobs
 */
import type { JobFields, JobResource } from './resource.ts';

/** `ObjectMeta`. */
export interface Metadata {
  readonly name: string;
  readonly namespace?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly resourceVersion?: string;
  readonly [field: string]: unknown;
}

/** A container, as far as the two versions name things differently. */
interface Container {
  readonly image: string;
  readonly [field: string]: unknown;
}

/** `Job` of v1, as JSON. */
export interface KnativeJob {
  readonly metadata: Metadata;
  readonly spec: {
    readonly template: {
      readonly metadata?: Partial<Metadata>;
      readonly spec: {
        readonly taskCount?: number;
        readonly parallelism?: number;
        readonly template: {
          readonly spec: {
            readonly containers: readonly Container[];
            readonly maxRetries?: number;
            readonly timeoutSeconds?: string | number;
            readonly serviceAccountName?: string;
          };
        };
      };
    };
  };
  readonly [field: string]: unknown;
}

/** The label by which v1 tells where something is. */
export const locationLabel = 'cloud.googleapis.com/location';

/** v1 to v2. */
export function fromKnative({ metadata, spec }: KnativeJob): JobFields {
  const { taskCount, parallelism, template } = spec.template.spec;
  const { containers, maxRetries, timeoutSeconds, serviceAccountName } = template.spec;
  const labels = Object.entries(metadata.labels ?? {}).filter(([key]) => key !== locationLabel);
  return {
    ...(labels.length > 0 && { labels: Object.fromEntries(labels) }),
    ...(metadata.annotations && { annotations: metadata.annotations }),
    template: {
      ...(spec.template.metadata?.annotations && { annotations: spec.template.metadata.annotations }),
      taskCount: taskCount ?? 1,
      ...(parallelism !== undefined && { parallelism }),
      template: {
        containers,
        // Both versions take 3 for a job that says nothing.
        maxRetries: maxRetries ?? 3,
        timeout: `${timeoutSeconds ?? 600}s`,
        ...(serviceAccountName !== undefined && { serviceAccount: serviceAccountName }),
      },
    },
  };
}

/** v2 to v1. */
export function toKnative(job: JobResource): KnativeJob {
  const [, project = '', , location = '', , name = ''] = job.name.split('/');
  const { taskCount, parallelism, annotations, template } = job.template;
  const { containers, maxRetries, timeout = '600s', serviceAccount } = template;
  return {
    apiVersion: 'run.googleapis.com/v1',
    kind: 'Job',
    metadata: {
      name,
      namespace: project,
      uid: job.uid,
      resourceVersion: job.etag,
      generation: Number(job.generation),
      creationTimestamp: job.createTime,
      selfLink: `/apis/run.googleapis.com/v1/namespaces/${project}/jobs/${name}`,
      labels: { ...job.labels, [locationLabel]: location },
      annotations: { ...job.annotations },
    },
    spec: {
      template: {
        metadata: { ...(annotations && { annotations }) },
        spec: {
          taskCount: taskCount ?? 1,
          ...(parallelism !== undefined && { parallelism }),
          template: {
            spec: {
              containers: containers.map(({ ...container }) => container),
              ...(maxRetries !== undefined && { maxRetries }),
              timeoutSeconds: String(Number.parseFloat(timeout)),
              ...(serviceAccount !== undefined && { serviceAccountName: serviceAccount }),
            },
          },
        },
      },
    },
    status: {
      observedGeneration: Number(job.generation),
      conditions: [{ type: 'Ready', status: 'True', lastTransitionTime: job.updateTime }],
      ...(job.executionCount !== undefined && { executionCount: job.executionCount }),
    },
  };
}
