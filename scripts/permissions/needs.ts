/** Roles that a person needs for our commands: nothing of ours gives them, the doctor asks for them. */
import type { DestinationPlan, WorkflowPlan } from '../../generator/plan.ts';

/** Who starts a command of ours. */
export type Person = 'deployer' | 'operator';

/** A role that a person needs, which nothing of ours gives. */
export interface Need {
  readonly who: Person;
  readonly role: string;
  readonly on: 'project' | 'source' | 'destination';
  readonly when: string;
  readonly applies: (plan: WorkflowPlan, destination: DestinationPlan | undefined) => boolean;
  readonly permissions: readonly string[];
  readonly why: string;
}

const usesJob = ({ job }: WorkflowPlan) => job !== undefined;

const buildsImage = ({ job }: WorkflowPlan) => job !== undefined && job.image === undefined;

/** Every role that a person needs. */
export const needs: readonly Need[] = [
  {
    who: 'deployer',
    role: 'roles/serviceusage.serviceUsageAdmin',
    on: 'project',
    when: '',
    applies: () => true,
    permissions: ['serviceusage.services.enable', 'serviceusage.services.get'],
    why: 'enables the APIs',
  },
  {
    who: 'deployer',
    role: 'roles/iam.serviceAccountAdmin',
    on: 'project',
    when: '',
    applies: () => true,
    permissions: [
      'iam.serviceAccounts.create',
      'iam.serviceAccounts.get',
      'iam.serviceAccounts.update',
      'iam.serviceAccounts.delete',
    ],
    why: 'makes the service accounts, and takes them away',
  },
  {
    who: 'deployer',
    role: 'roles/iam.serviceAccountUser',
    on: 'project',
    when: '',
    applies: () => true,
    permissions: ['iam.serviceAccounts.actAs'],
    why: 'lets the workflow, the Scheduler job and the Cloud Run job run as these accounts',
  },
  {
    who: 'deployer',
    role: 'roles/resourcemanager.projectIamAdmin',
    on: 'project',
    when: '',
    applies: () => true,
    permissions: [
      'resourcemanager.projects.get',
      'resourcemanager.projects.getIamPolicy',
      'resourcemanager.projects.setIamPolicy',
    ],
    why: 'gives them their roles on the project',
  },
  {
    who: 'deployer',
    role: 'roles/workflows.editor',
    on: 'project',
    when: '',
    applies: () => true,
    permissions: [
      'workflows.workflows.create',
      'workflows.workflows.get',
      'workflows.workflows.update',
      'workflows.workflows.delete',
    ],
    why: 'deploys the workflow',
  },
  {
    who: 'deployer',
    role: 'roles/cloudscheduler.admin',
    on: 'project',
    when: '',
    applies: () => true,
    permissions: [
      'cloudscheduler.jobs.create',
      'cloudscheduler.jobs.get',
      'cloudscheduler.jobs.update',
      'cloudscheduler.jobs.delete',
    ],
    why: 'deploys the Scheduler job, and takes it away when the schedule goes',
  },
  {
    who: 'deployer',
    role: 'roles/run.admin',
    on: 'project',
    when: 'with a `job`',
    applies: usesJob,
    permissions: [
      'run.jobs.create',
      'run.jobs.get',
      'run.jobs.update',
      'run.jobs.delete',
      'run.jobs.getIamPolicy',
      'run.jobs.setIamPolicy',
    ],
    why: 'deploys the Cloud Run job, and gives the workflow its roles on it',
  },
  {
    who: 'deployer',
    role: 'roles/cloudbuild.builds.editor',
    on: 'project',
    when: 'with a `job` without `image`',
    applies: buildsImage,
    permissions: ['cloudbuild.builds.create', 'cloudbuild.builds.get'],
    why: 'builds the image',
  },
  {
    who: 'deployer',
    role: 'roles/storage.admin',
    on: 'project',
    when: 'with a `job` without `image`',
    applies: buildsImage,
    permissions: ['storage.buckets.get', 'storage.buckets.create', 'storage.objects.create'],
    why: 'uploads the sources for the build',
  },
  {
    who: 'deployer',
    role: 'roles/artifactregistry.admin',
    on: 'source',
    when: '',
    applies: () => true,
    permissions: [
      'artifactregistry.repositories.get',
      'artifactregistry.repositories.getIamPolicy',
      'artifactregistry.repositories.setIamPolicy',
    ],
    why: 'gives the service accounts their roles on the leader',
  },
  {
    who: 'deployer',
    role: 'roles/artifactregistry.admin',
    on: 'destination',
    when: '',
    applies: () => true,
    permissions: [
      'artifactregistry.repositories.get',
      'artifactregistry.repositories.getIamPolicy',
      'artifactregistry.repositories.setIamPolicy',
      'artifactregistry.repositories.update',
    ],
    why: 'gives the service accounts their roles on each follower, and claims those that are mirrored',
  },
  {
    who: 'deployer',
    role: 'roles/artifactregistry.admin',
    on: 'project',
    when: 'with a `job` without `image`',
    applies: buildsImage,
    permissions: ['artifactregistry.repositories.create'],
    why: 'makes the repository of the image',
  },
  {
    who: 'operator',
    role: 'roles/workflows.invoker',
    on: 'project',
    when: 'for `replicate`',
    applies: () => true,
    permissions: ['workflows.executions.create'],
    why: 'starts an execution',
  },
  {
    who: 'operator',
    role: 'roles/workflows.viewer',
    on: 'project',
    when: 'for `replicate`, `status`, `logs`',
    applies: () => true,
    permissions: ['workflows.executions.get', 'workflows.executions.list', 'workflows.stepEntries.list'],
    why: 'follows executions',
  },
  {
    who: 'operator',
    role: 'roles/logging.viewer',
    on: 'project',
    when: 'for `replicate`, `logs`',
    applies: () => true,
    permissions: ['logging.logEntries.list'],
    why: 'reads progress and log entries',
  },
  {
    who: 'operator',
    role: 'roles/cloudscheduler.viewer',
    on: 'project',
    when: 'for `status`',
    applies: () => true,
    permissions: ['cloudscheduler.jobs.get'],
    why: 'sees when the next run is due',
  },
  {
    who: 'operator',
    role: 'roles/artifactregistry.reader',
    on: 'source',
    when: 'for `plan`',
    applies: () => true,
    permissions: ['artifactregistry.repositories.get', 'artifactregistry.dockerimages.list'],
    why: 'compares the leader with its followers',
  },
  {
    who: 'operator',
    role: 'roles/artifactregistry.reader',
    on: 'destination',
    when: 'for `plan`',
    applies: () => true,
    permissions: ['artifactregistry.repositories.get', 'artifactregistry.dockerimages.list'],
    why: 'compares the followers with the leader',
  },
];
