/** The gcloud commands of a change. Pure: the same change gives the same commands. */
import { fileURLToPath } from 'node:url';
import { claimLabel } from '../../job/difference/guards.ts';
import { repositoryCommand } from '../cloud/repository-command.ts';
import { shownPath } from '../files.ts';
import {
  deployJob,
  deployService,
  deployWorkflow,
  type Labels,
  labelList,
  schedulerCommand,
} from './deploy-commands.ts';
import type { Change } from './difference.ts';
import { monitoringCommands } from './monitoring-commands.ts';
import {
  type Binding,
  isMonitoring,
  type MonitoringResource,
  policyName,
  type Resource,
} from './resource.ts';

/** A command of a change. */
export interface Command {
  readonly args: readonly string[];
  /** Commands with the same lock are run one after the other: they change one policy, or what must not change at once. */
  readonly lock?: string;
}

/** What has its commands here. */
type Deployed = Exclude<Resource, MonitoringResource>;

const root = fileURLToPath(new URL('../..', import.meta.url));

/** What makes a change; empty where there is nothing to do. */
export function commandsOf({ action, resource, fields, found }: Change): Command[] {
  if (action === 'unchanged' || action === 'taken') return [];
  if (isMonitoring(resource)) return monitoringCommands(action, resource, found);
  switch (action) {
    case 'remove':
      return [removal(resource)];
    case 'create':
      return [creation(resource, found?.labels)];
    case 'update':
      return [
        update(
          resource,
          fields.map(({ field }) => field),
          found?.labels,
        ),
      ];
  }
}

function creation(resource: Deployed, labels: Labels | undefined): Command {
  switch (resource.kind) {
    case 'apis':
      return enable(resource.project, Object.keys(resource.fields));
    case 'serviceAccount':
      return {
        args: [
          ...['iam', 'service-accounts', 'create', resource.account, `--project=${resource.project}`],
          `--display-name=${resource.fields.displayName}`,
          `--description=${resource.fields.description}`,
        ],
      };
    case 'binding':
      return bindingCommand(resource, 'add');
    case 'repository':
      return {
        args: [
          ...repositoryCommand('create', resource.repository),
          `--repository-format=${resource.format.toLowerCase()}`,
          `--description=${resource.description}`,
          `--labels=${labelList(resource.labels)}`,
          ...(resource.kmsKeyName === undefined ? [] : [`--kms-key=${resource.kmsKeyName}`]),
          ...(resource.immutableTags ? ['--immutable-tags'] : []),
        ],
      };
    case 'claim': {
      const label = `--update-labels=${claimLabel}=${resource.fields.leader}`;
      return { args: repositoryCommand('update', resource.repository, label) };
    }
    case 'image':
      return {
        args: [
          ...[
            'builds',
            'submit',
            shownPath(root),
            `--project=${resource.project}`,
            `--region=${resource.region}`,
          ],
          `--config=${shownPath(fileURLToPath(new URL('cloudbuild.yaml', import.meta.url)))}`,
          `--substitutions=_IMAGE=${resource.image}`,
        ],
      };
    case 'runJob':
      return deployJob(resource);
    case 'runService':
      return deployService(resource);
    case 'workflow':
      return deployWorkflow(resource, labels);
    case 'schedulerJob':
      return schedulerCommand(resource, 'create', Object.keys(resource.fields));
  }
}

/** Services' commands for deploying change what is there too; a few kinds have one of their own for that. */
function update(resource: Deployed, fields: readonly string[], labels: Labels | undefined): Command {
  switch (resource.kind) {
    case 'apis':
      return enable(resource.project, fields);
    case 'serviceAccount':
      return {
        args: [
          ...['iam', 'service-accounts', 'update', resource.email, `--project=${resource.project}`],
          `--display-name=${resource.fields.displayName}`,
          `--description=${resource.fields.description}`,
        ],
      };
    case 'repository': {
      const label = `--update-labels=${labelList(resource.labels)}`;
      return { args: repositoryCommand('update', resource.repository, label) };
    }
    case 'runJob':
      return deployJob(resource, fields);
    case 'runService':
      return deployService(resource, fields);
    case 'schedulerJob':
      return schedulerCommand(resource, 'update', fields);
    default:
      return creation(resource, labels);
  }
}

function removal(resource: Deployed): Command {
  const project = `--project=${resource.project}`;
  const quiet = '--quiet';
  switch (resource.kind) {
    case 'serviceAccount':
      return { args: ['iam', 'service-accounts', 'delete', resource.email, project, quiet] };
    case 'binding':
      return bindingCommand(resource, 'remove');
    case 'repository':
      return { args: repositoryCommand('delete', resource.repository, quiet) };
    case 'claim':
      return { args: repositoryCommand('update', resource.repository, `--remove-labels=${claimLabel}`) };
    case 'runJob':
      return { args: ['run', 'jobs', 'delete', resource.job, project, `--region=${resource.region}`, quiet] };
    case 'runService': {
      const { service, region } = resource;
      return { args: ['run', 'services', 'delete', service, project, `--region=${region}`, quiet] };
    }
    case 'workflow': {
      const { workflow, region } = resource;
      return { args: ['workflows', 'delete', workflow, project, `--location=${region}`, quiet] };
    }
    case 'schedulerJob': {
      const { job, region } = resource;
      return { args: ['scheduler', 'jobs', 'delete', job, project, `--location=${region}`, quiet] };
    }
    case 'apis':
    case 'image':
      throw new Error(`${resource.id} is never removed`);
  }
}

function enable(project: string, names: readonly string[]): Command {
  return { args: ['services', 'enable', ...names, `--project=${project}`] };
}

/** gcloud writes the policy with the etag that it read, so that nobody's binding is lost. */
function bindingCommand({ target, role, member }: Binding, verb: 'add' | 'remove'): Command {
  const command = `${verb}-iam-policy-binding`;
  const what = [`--member=${member}`, `--role=${role}`];
  // The whole policy would be printed.
  const silent = '--format=none';
  // Where somebody else's role has a condition gcloud asks for ours, or fails; policies of jobs have none.
  const unconditional = '--condition=None';
  const lock = policyName(target);
  switch (target.on) {
    case 'project':
      return { args: ['projects', command, target.project, ...what, unconditional, silent], lock };
    case 'repository':
      return { args: repositoryCommand(command, target.repository, ...what, unconditional, silent), lock };
    case 'job': {
      const where = [`--project=${target.project}`, `--region=${target.region}`];
      return { args: ['run', 'jobs', command, target.job, ...where, ...what, silent], lock };
    }
    case 'topic': {
      const [, project = '', , topic = ''] = target.topic.split('/');
      return { args: ['pubsub', 'topics', command, topic, `--project=${project}`, ...what, silent], lock };
    }
  }
}
