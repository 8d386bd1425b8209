/** What runs the job: its image, the Cloud Run job, and the service. Pure. */
import { serviceFlags } from '../../generator/compile/job-flags.ts';
import { managedBy } from '../../generator/managed-by.ts';
import { resourceName, type WorkflowPlan } from '../../generator/plan.ts';
import {
  accountEmail,
  imageName,
  imageRepository,
  jobName,
  labelsOf,
  serviceName,
  workflowName,
} from './names.ts';
import { named, type Repository, type Resource } from './resource.ts';

/** The repository of images. */
export function images(plan: WorkflowPlan): Repository {
  const repository = imageRepository(plan);
  const labels = { [managedBy.key]: managedBy.value };
  return {
    ...named('repository', resourceName(repository), plan.project),
    repository,
    format: 'DOCKER',
    labels,
    description: 'Images of the replication job',
    kmsKeyName: undefined,
    // A tag is named after the sources that the image was built from.
    immutableTags: true,
    isForImages: true,
    // One that is taken over gets it, and is ours from then on.
    fields: { labels },
  };
}

/** The image, named after what it is built from. */
export function image(plan: WorkflowPlan, hash: string): Resource {
  const name = imageName(plan, hash);
  return {
    ...named('image', name, plan.project),
    region: plan.region,
    repository: imageRepository(plan),
    image: name,
    fields: {},
  };
}

function container(plan: WorkflowPlan, hash: string) {
  const { image: given, memory = '512Mi', cpu = 1, env = {} } = plan.job ?? {};
  return {
    image: given ?? imageName(plan, hash),
    serviceAccount: accountEmail(plan, 'job'),
    memory,
    cpu: String(cpu),
    labels: labelsOf(plan),
    env,
  };
}

/** The Cloud Run job. */
export function runJob(plan: WorkflowPlan, hash: string): Resource {
  const { tasks = 1, timeout = 43_200 } = plan.job ?? {};
  return {
    ...named('runJob', jobName(plan), plan.project, workflowName(plan)),
    region: plan.region,
    job: plan.name,
    fields: {
      ...container(plan, hash),
      tasks,
      timeout: `${timeout}s`,
      // A mirror that failed has said why: the next run tries again, on a plan of its own.
      retries: 0,
    },
  };
}

/** The service with the same image. */
export function runService(plan: WorkflowPlan, hash: string): Resource {
  return {
    ...named('runService', serviceName(plan), plan.project, workflowName(plan)),
    region: plan.region,
    service: plan.name,
    fields: {
      ...container(plan, hash),
      // Longest that Cloud Run lets a request take; a copy that takes longer goes on without it.
      timeout: '3600s',
      args: serviceArguments(plan).join(' '),
    },
  };
}

/** The command line of the service. */
export function serviceArguments(plan: WorkflowPlan): string[] {
  const { source, destinations } = plan;
  return [
    'serve',
    // Who may call is for Cloud Run's own policy to say.
    '--auth=cloud-run',
    `--source=${resourceName(source)}`,
    ...destinations.map(({ repository }) => `--destination=${resourceName(repository)}`),
    ...serviceFlags(plan),
  ];
}
