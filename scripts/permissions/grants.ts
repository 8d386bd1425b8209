/**
 * Who is given which role, on what and why. The deploy makes its bindings from this table and `docs/permissions.md` is
 * written from it, so that neither can say what the other does not do.
 */
import { always, type Role, withJob, withNotify } from './role.ts';

/** Whom a deploy makes a service account for. */
export type Who = 'scheduler' | 'workflow' | 'job';

/** What a role is given on. */
export type Where = 'project' | 'source' | 'destination' | 'job' | 'topic';

/** A role of one of our service accounts. */
export type Grant = Role<Who, Where>;

/** Every role of our own service accounts. */
export const grants: readonly Grant[] = [
  {
    who: 'scheduler',
    role: 'roles/workflows.invoker',
    on: 'project',
    when: 'with a `schedule`',
    applies: ({ schedule }) => schedule !== undefined,
    permissions: ['workflows.executions.create'],
    why: 'starts an execution when it is time; Workflows has no policies below the project',
  },
  {
    who: 'workflow',
    role: 'roles/logging.logWriter',
    on: 'project',
    ...always,
    permissions: ['logging.logEntries.create'],
    why: 'logs progress and results, which `replicate`, `logs` and alerts read',
  },
  {
    who: 'workflow',
    role: 'roles/workflows.viewer',
    on: 'project',
    when: "unless `overlap: 'allow'`",
    applies: ({ overlap }) => overlap === 'skip',
    permissions: ['workflows.executions.get', 'workflows.executions.list'],
    why: 'sees whether an older execution is still active, and gives way to it',
  },
  {
    who: 'workflow',
    role: 'roles/artifactregistry.reader',
    on: 'source',
    ...always,
    permissions: ['artifactregistry.repositories.get', 'artifactregistry.repositories.downloadArtifacts'],
    why: 'checks the leader before a copy, and is whom CopyRepository reads it as',
  },
  {
    who: 'workflow',
    role: 'roles/artifactregistry.writer',
    on: 'destination',
    when: "with `copy.engine: 'api'`",
    applies: (_, destination) => destination?.copy.engine === 'api',
    permissions: ['artifactregistry.repositories.get', 'artifactregistry.repositories.uploadArtifacts'],
    why: 'calls CopyRepository on the follower; it can delete nothing',
  },
  {
    who: 'workflow',
    role: 'roles/artifactregistry.reader',
    on: 'destination',
    when: "with `copy.engine: 'job'`",
    applies: (_, destination) => destination?.copy.engine === 'job',
    permissions: ['artifactregistry.repositories.get'],
    why: 'checks the follower before a copy',
  },
  {
    who: 'workflow',
    role: 'roles/run.jobsExecutorWithOverrides',
    on: 'job',
    ...withJob,
    permissions: ['run.jobs.run', 'run.jobs.runWithOverrides'],
    why: 'runs the job, and says with which command',
  },
  {
    who: 'workflow',
    role: 'roles/run.viewer',
    on: 'job',
    ...withJob,
    permissions: ['run.operations.get', 'run.tasks.list'],
    why: 'waits for the job, and reads how its tasks ended',
  },
  {
    who: 'workflow',
    role: 'roles/pubsub.publisher',
    on: 'topic',
    ...withNotify,
    permissions: ['pubsub.topics.publish'],
    why: 'publishes how a run ended; without it the run goes on and logs a warning',
  },
  {
    who: 'job',
    role: 'roles/artifactregistry.reader',
    on: 'source',
    ...withJob,
    permissions: [
      'artifactregistry.repositories.get',
      'artifactregistry.dockerimages.list',
      'artifactregistry.versions.list',
    ],
    why: 'compares the leader with its followers',
  },
  {
    who: 'job',
    role: 'roles/artifactregistry.repoAdmin',
    on: 'destination',
    when: 'with `mirror`',
    applies: (_, destination) => destination?.mirror !== undefined,
    permissions: ['artifactregistry.tags.delete', 'artifactregistry.versions.delete'],
    why: 'moves and removes tags, and deletes what the leader does not have, within the limits of `mirror`',
  },
  {
    who: 'job',
    role: 'roles/artifactregistry.writer',
    on: 'destination',
    when: "with `copy.engine: 'job'` or `job.service`, and without `mirror`",
    applies: ({ job }, destination) =>
      (destination?.copy.engine === 'job' || job?.service === true) && destination?.mirror === undefined,
    permissions: ['artifactregistry.repositories.uploadArtifacts'],
    why: 'copies to the follower; it can delete nothing',
  },
  {
    who: 'job',
    role: 'roles/artifactregistry.reader',
    on: 'destination',
    when: "with a `job`, `copy.engine: 'api'`, and without `job.service` and `mirror`",
    applies: ({ job }, destination) =>
      job?.service === false && destination?.copy.engine === 'api' && destination.mirror === undefined,
    permissions: ['artifactregistry.repositories.get', 'artifactregistry.versions.list'],
    why: 'compares the follower with the leader, for `verify` and for the plan of a dry run',
  },
];
