/** The workflows of an emulator, with their revisions and what they compile to. */

import type { Context } from '../context.ts';
import { GoogleError } from '../errors.ts';
import type { Operation } from '../operations.ts';
import { projectNumber } from '../projects/number.ts';
import type { Definition } from './definition.ts';
import type { Limits } from './limits.ts';
import type { Store, StoredWorkflow } from './store.ts';
import {
  checkFields,
  checkWorkflowId,
  compiled,
  makesRevision,
  parts,
  revisionId,
  timestamp,
  type Workflow,
  type WorkflowFields,
} from './workflow.ts';

/** Fields that a workflow always has. */
type Kept = 'sourceContents' | 'serviceAccount';

/** Workflows. */
export class Catalog {
  readonly #context: Context;
  readonly #limits: Limits;
  readonly #store: Store;
  readonly #workflows = new Map<string, StoredWorkflow>();
  /** By workflow and revision. */
  readonly #definitions = new Map<string, Definition>();

  constructor(context: Context, limits: Limits, store: Store) {
    this.#context = context;
    this.#limits = limits;
    this.#store = store;
    for (const stored of store.workflows()) this.#workflows.set(stored.workflow.name, stored);
  }

  /** All workflows of a parent `projects/P/locations/L`, by name; a location `-` stands for all. */
  list(parent: string): Workflow[] {
    const { project, location } = parts(parent);
    return this.all().filter(({ name }) => {
      const one = parts(name);
      return one.project === project && (location === '-' || one.location === location);
    });
  }

  /** All workflows of all projects, by name. */
  all(): Workflow[] {
    return [...this.#workflows.values()]
      .map(({ workflow }) => workflow)
      .sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  /** A workflow, or an older revision of it. @throws GoogleError NOT_FOUND */
  get(name: string, revision?: string): Workflow {
    const { workflow, revisions } = this.#stored(name);
    if (revision === undefined || revision === '') return workflow;
    const found = revisions.find((one) => one.revisionId === revision);
    if (!found) throw new GoogleError('NOT_FOUND', `Revision ${revision} of ${name} was not found.`);
    return found;
  }

  /** All revisions of a workflow, newest first. @throws GoogleError NOT_FOUND */
  revisions(name: string): Workflow[] {
    return [...this.#stored(name).revisions].reverse();
  }

  /** What a workflow's latest revision compiles to. @throws GoogleError NOT_FOUND */
  definition(name: string): Definition {
    const { workflow } = this.#stored(name);
    const key = `${name}@${workflow.revisionId}`;
    let definition = this.#definitions.get(key);
    if (!definition) {
      definition = compiled(workflow.sourceContents, this.#limits);
      this.#definitions.set(key, definition);
    }
    return definition;
  }

  /** @throws GoogleError INVALID_ARGUMENT, ALREADY_EXISTS */
  create(parent: string, id: string, fields: WorkflowFields): Operation {
    checkWorkflowId(id);
    const name = `${parent}/workflows/${id}`;
    if (this.#workflows.has(name))
      throw new GoogleError('ALREADY_EXISTS', `Workflow ${name} already exists.`);
    const sourceContents = fields.sourceContents ?? '';
    checkFields(fields);
    const definition = compiled(sourceContents, this.#limits);
    const now = timestamp(this.#context.clock.now());
    const workflow: Workflow = {
      ...fields,
      name,
      state: 'ACTIVE',
      revisionId: revisionId(1, sourceContents),
      createTime: now,
      updateTime: now,
      revisionCreateTime: now,
      serviceAccount: account(parts(name).project, fields.serviceAccount),
      sourceContents,
    };
    this.#keep({ workflow, revisions: [workflow] }, definition);
    return this.#operation('create', name, workflow);
  }

  /** Changes the fields that a mask names; those not given are cleared. @throws GoogleError NOT_FOUND, INVALID_ARGUMENT */
  update(name: string, fields: WorkflowFields, mask: readonly (keyof WorkflowFields)[]): Operation {
    const { workflow: old, revisions } = this.#stored(name);
    const changed: Workflow = { ...old };
    for (const field of mask) {
      const value = fields[field];
      if (value !== undefined) Object.assign(changed, { [field]: value });
      else delete changed[field as Exclude<typeof field, Kept>];
    }
    changed.sourceContents ??= '';
    changed.serviceAccount = account(parts(name).project, changed.serviceAccount);
    checkFields(changed);
    const definition = compiled(changed.sourceContents, this.#limits);
    changed.updateTime = timestamp(this.#context.clock.now());
    const isNew = makesRevision(old, changed);
    if (isNew) {
      changed.revisionId = revisionId(revisions.length + 1, changed.sourceContents);
      changed.revisionCreateTime = changed.updateTime;
    }
    const kept = isNew ? revisions : revisions.slice(0, -1);
    this.#keep({ workflow: changed, revisions: [...kept, changed] }, definition);
    return this.#operation('update', name, changed);
  }

  /** Forgets a workflow. Its executions are not touched. @throws GoogleError NOT_FOUND */
  delete(name: string): Operation {
    this.#stored(name);
    this.#workflows.delete(name);
    this.#store.removeWorkflow(name);
    return this.#operation('delete', name, undefined);
  }

  #stored(name: string): StoredWorkflow {
    const stored = this.#workflows.get(name);
    if (!stored) throw new GoogleError('NOT_FOUND', `Workflow ${name} was not found.`);
    return stored;
  }

  #keep(stored: StoredWorkflow, definition: Definition): void {
    const { name, revisionId: id } = stored.workflow;
    this.#workflows.set(name, stored);
    this.#definitions.set(`${name}@${id}`, definition);
    this.#store.saveWorkflow(stored);
  }

  #operation(verb: string, target: string, workflow: Workflow | undefined): Operation {
    const now = timestamp(this.#context.clock.now());
    const { project, location } = parts(target);
    return this.#context.operations.finished(
      `projects/${project}/locations/${location}`,
      {
        '@type': 'type.googleapis.com/google.cloud.workflows.v1.OperationMetadata',
        createTime: now,
        endTime: now,
        target,
        verb,
        apiVersion: 'v1',
      },
      workflow
        ? { '@type': 'type.googleapis.com/google.cloud.workflows.v1.Workflow', ...workflow }
        : { '@type': 'type.googleapis.com/google.protobuf.Empty' },
    );
  }
}

/** The service account in full; the project's default one when none is given. */
function account(project: string, given: string | undefined): string {
  const email = given || `${projectNumber(project)}-compute@developer.gserviceaccount.com`;
  return email.includes('/') ? email : `projects/${project}/serviceAccounts/${email}`;
}
