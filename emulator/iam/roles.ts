/**
 * What roles permit, as far as the emulator asks. Names of permissions are those of Google's documentation; what
 * CopyRepository asks for is not documented, and taken to be what a push and a pull ask for.
 *
 * https://cloud.google.com/iam/docs/understanding-roles
 */

const all = (service: string, verbs: string): string[] =>
  verbs.split(' ').map((verb) => `${service}.${verb}`);

const registryRead = [
  ...all('artifactregistry.repositories', 'get list downloadArtifacts listEffectiveTags'),
  ...all('artifactregistry.packages', 'get list'),
  ...all('artifactregistry.versions', 'get list'),
  ...all('artifactregistry.tags', 'get list'),
  ...all('artifactregistry.dockerimages', 'get list'),
  ...all('artifactregistry.files', 'get list download'),
  ...all('artifactregistry.attachments', 'get list'),
  ...all('artifactregistry.locations', 'get list'),
];
const registryWrite = [
  ...registryRead,
  'artifactregistry.repositories.uploadArtifacts',
  ...all('artifactregistry.tags', 'create update'),
];
const registryRepoAdmin = [
  ...registryWrite,
  ...all('artifactregistry.tags', 'delete'),
  ...all('artifactregistry.versions', 'delete update'),
  ...all('artifactregistry.packages', 'delete update'),
  ...all('artifactregistry.files', 'delete update'),
];
const workflowsView = [
  ...all('workflows.workflows', 'get list listRevision'),
  ...all('workflows.executions', 'get list'),
  ...all('workflows.stepEntries', 'get list'),
  ...all('workflows.operations', 'get list'),
  ...all('workflows.locations', 'get list'),
];
const runView = [
  ...all('run.jobs', 'get list getIamPolicy'),
  ...all('run.services', 'get list getIamPolicy'),
  ...all('run.executions', 'get list'),
  ...all('run.tasks', 'get list'),
  ...all('run.operations', 'get list'),
];
const runDevelop = [
  ...runView,
  ...all('run.jobs', 'create update delete run runWithOverrides'),
  ...all('run.services', 'create update delete'),
  ...all('run.executions', 'cancel delete'),
];

/** Permissions by role. `roles/owner` has them all. */
export const rolePermissions: Readonly<Record<string, readonly string[]>> = {
  'roles/artifactregistry.reader': registryRead,
  'roles/artifactregistry.writer': registryWrite,
  'roles/artifactregistry.repoAdmin': registryRepoAdmin,
  'roles/artifactregistry.admin': [
    ...registryRepoAdmin,
    ...all('artifactregistry.repositories', 'create update delete getIamPolicy setIamPolicy'),
  ],
  'roles/workflows.invoker': all('workflows.executions', 'create'),
  'roles/workflows.viewer': workflowsView,
  'roles/workflows.editor': [
    ...workflowsView,
    ...all('workflows.workflows', 'create update delete'),
    ...all('workflows.executions', 'create cancel'),
  ],
  'roles/logging.logWriter': ['logging.logEntries.create'],
  'roles/logging.viewer': ['logging.logEntries.list'],
  'roles/logging.configWriter': [
    ...all('logging.logMetrics', 'get list create update delete'),
    ...all('logging.notificationRules', 'get list create update delete'),
  ],
  'roles/monitoring.alertPolicyEditor': all('monitoring.alertPolicies', 'get list create update delete'),
  'roles/monitoring.dashboardEditor': all('monitoring.dashboards', 'get list create update delete'),
  'roles/monitoring.notificationChannelViewer': all('monitoring.notificationChannels', 'get list'),
  'roles/run.invoker': ['run.jobs.run', 'run.routes.invoke'],
  'roles/run.jobsExecutor': ['run.jobs.run', 'run.executions.cancel'],
  'roles/run.jobsExecutorWithOverrides': [
    'run.jobs.run',
    'run.jobs.runWithOverrides',
    'run.executions.cancel',
  ],
  'roles/run.viewer': runView,
  'roles/run.developer': runDevelop,
  'roles/run.admin': [
    ...runDevelop,
    ...all('run.jobs', 'setIamPolicy'),
    ...all('run.services', 'setIamPolicy'),
  ],
  'roles/cloudscheduler.viewer': all('cloudscheduler.jobs', 'get list'),
  'roles/cloudscheduler.admin': all('cloudscheduler.jobs', 'get list create update delete run enable pause'),
  'roles/iam.serviceAccountAdmin': all(
    'iam.serviceAccounts',
    'get list create update delete disable enable getIamPolicy setIamPolicy',
  ),
  'roles/iam.serviceAccountUser': all('iam.serviceAccounts', 'get list actAs'),
  'roles/resourcemanager.projectIamAdmin': all('resourcemanager.projects', 'get getIamPolicy setIamPolicy'),
  'roles/serviceusage.serviceUsageAdmin': all('serviceusage.services', 'get list enable disable use'),
  'roles/cloudkms.admin': [
    ...all('cloudkms.keyRings', 'create get list'),
    ...all('cloudkms.cryptoKeys', 'create get list getIamPolicy setIamPolicy'),
  ],
  'roles/cloudkms.cryptoKeyEncrypterDecrypter': all(
    'cloudkms.cryptoKeyVersions',
    'useToEncrypt useToDecrypt',
  ),
  'roles/pubsub.publisher': all('pubsub.topics', 'publish'),
  'roles/pubsub.admin': all('pubsub.topics', 'create get list delete publish getIamPolicy setIamPolicy'),
  'roles/browser': all('resourcemanager.projects', 'get'),
  'roles/cloudbuild.builds.editor': all('cloudbuild.builds', 'create get list update'),
  'roles/storage.admin': [
    ...all('storage.buckets', 'create get list'),
    ...all('storage.objects', 'create get list'),
  ],
};
