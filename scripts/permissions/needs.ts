/** Roles that a person needs for our commands: nothing of ours gives them, the doctor asks for them. */
import type { DestinationPlan, WorkflowPlan } from '../../generator/plan.ts';

/** Who starts a command of ours. */
export type Person = 'deployer' | 'operator';

/** A role that a person needs, which nothing of ours gives. */
export interface Need {
  readonly who: Person;
  readonly role: string;
  /** `destination project` and `key`: asked for where a follower is missing, and not before. */
  readonly on: 'project' | 'source' | 'destination' | 'destination project' | 'key' | 'topic';
  readonly when: string;
  readonly applies: (plan: WorkflowPlan, destination: DestinationPlan | undefined) => boolean;
  readonly permissions: readonly string[];
  readonly why: string;
}

const usesJob = ({ job }: WorkflowPlan) => job !== undefined;

const isWatched = ({ monitoring }: WorkflowPlan) => monitoring !== undefined;

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
    role: 'roles/logging.configWriter',
    on: 'project',
    when: 'unless `monitoring: false`',
    applies: isWatched,
    permissions: [
      'logging.logMetrics.create',
      'logging.logMetrics.get',
      'logging.logMetrics.update',
      'logging.logMetrics.delete',
    ],
    why: 'makes the log-based metrics, and takes them away',
  },
  {
    who: 'deployer',
    role: 'roles/monitoring.dashboardEditor',
    on: 'project',
    when: 'unless `monitoring: false`',
    applies: isWatched,
    permissions: [
      'monitoring.dashboards.create',
      'monitoring.dashboards.get',
      'monitoring.dashboards.delete',
    ],
    why: 'makes the dashboard, and takes it away',
  },
  {
    who: 'deployer',
    role: 'roles/monitoring.alertPolicyEditor',
    on: 'project',
    when: 'unless `monitoring: false`',
    applies: isWatched,
    permissions: [
      'monitoring.alertPolicies.create',
      'monitoring.alertPolicies.list',
      'monitoring.alertPolicies.update',
      'monitoring.alertPolicies.delete',
    ],
    why: 'makes the alert policies, and takes them away',
  },
  {
    who: 'deployer',
    role: 'roles/monitoring.notificationChannelViewer',
    on: 'project',
    when: 'with `monitoring.alerts.channels`',
    applies: ({ monitoring }) => (monitoring?.alerts?.channels.length ?? 0) > 0,
    permissions: ['monitoring.notificationChannels.get'],
    why: 'sees whether the notification channels are there',
  },
  {
    who: 'deployer',
    role: 'roles/pubsub.admin',
    on: 'topic',
    when: 'with `notify`',
    applies: ({ notify }) => notify !== undefined,
    permissions: ['pubsub.topics.get', 'pubsub.topics.getIamPolicy', 'pubsub.topics.setIamPolicy'],
    why: 'sees that the topic is there, and lets the workflow publish to it',
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
    who: 'deployer',
    role: 'roles/artifactregistry.admin',
    on: 'destination project',
    when: 'with `createDestinations` or `--create-destinations`, where the follower is missing',
    applies: () => true,
    permissions: ['artifactregistry.repositories.create'],
    why: 'makes the follower',
  },
  {
    who: 'deployer',
    role: 'roles/browser',
    on: 'destination project',
    when: 'where a follower is made with a Cloud KMS key',
    applies: ({ create }) => create !== undefined && create.kmsKeys.length > 0,
    permissions: ['resourcemanager.projects.get'],
    why: "tells the project's number, by which Artifact Registry's service agent is called",
  },
  {
    who: 'deployer',
    role: 'roles/cloudkms.admin',
    on: 'key',
    when: "where a follower is made with a Cloud KMS key whose policy does not name Artifact Registry's service agent",
    applies: ({ create }) => create !== undefined && create.kmsKeys.length > 0,
    permissions: [
      'cloudkms.cryptoKeys.get',
      'cloudkms.cryptoKeys.getIamPolicy',
      'cloudkms.cryptoKeys.setIamPolicy',
    ],
    why: 'lets the service agent encrypt and decrypt with the key; not needed where somebody else has',
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
