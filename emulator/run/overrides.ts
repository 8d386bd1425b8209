/** What an execution is asked to do otherwise than its job says. */
import { GoogleError } from '../errors.ts';
import type { Container, EnvVar, ExecutionTemplate } from './resource.ts';

/** `RunJobRequest.Overrides.ContainerOverride`. */
export interface ContainerOverride {
  readonly name?: string | undefined;
  readonly args?: readonly string[] | undefined;
  readonly env?: readonly { readonly name: string; readonly value?: string | undefined }[] | undefined;
  readonly clearArgs?: boolean | undefined;
}

/** `RunJobRequest.Overrides`. */
export interface Overrides {
  readonly containerOverrides?: readonly ContainerOverride[] | undefined;
  readonly taskCount?: number | undefined;
  readonly timeout?: string | undefined;
}

/**
 * The template of an execution: arguments are replaced, variables are merged by name.
 *
 * @throws GoogleError INVALID_ARGUMENT for a container that the job doesn't have
 */
export function override(
  template: ExecutionTemplate,
  { containerOverrides = [], taskCount, timeout }: Overrides,
): ExecutionTemplate {
  const containers = [...template.template.containers];
  for (const each of containerOverrides) {
    const index = containerIndex(containers, each.name);
    containers[index] = overridden(containers[index] as Container, each);
  }
  return {
    ...template,
    ...(taskCount ? { taskCount } : {}),
    template: { ...template.template, containers, ...(timeout !== undefined && { timeout }) },
  };
}

/** Without a name the one container is meant. */
function containerIndex(containers: readonly Container[], name: string | undefined): number {
  const index = name ? containers.findIndex((one) => one.name === name) : containers.length === 1 ? 0 : -1;
  if (index >= 0) return index;
  throw new GoogleError(
    'INVALID_ARGUMENT',
    name
      ? `Invalid container override: the job has no container named ${name}.`
      : 'Invalid container override: a name is needed for a job of several containers.',
  );
}

function overridden(container: Container, { args, env = [], clearArgs }: ContainerOverride): Container {
  const { args: before, env: variables = [], ...rest } = container;
  const merged = new Map<string, EnvVar>(variables.map((one) => [one.name, one]));
  for (const { name, value } of env) merged.set(name, { name, ...(value !== undefined && { value }) });
  // An empty list is no list in protobuf: that is what clearArgs is for.
  const given = args && args.length > 0 ? args : clearArgs ? undefined : before;
  return { ...rest, ...(given && { args: given }), ...(merged.size > 0 && { env: [...merged.values()] }) };
}
