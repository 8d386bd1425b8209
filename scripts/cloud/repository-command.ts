/** gcloud's commands about one repository. */
import type { RepositoryName } from '../../generator/plan.ts';

/** @param verb `create`, `add-iam-policy-binding` and the like */
export function repositoryCommand(
  verb: string,
  { project, location, repository }: RepositoryName,
  ...flags: readonly string[]
): string[] {
  return [
    ...['artifacts', 'repositories', verb, repository],
    ...[`--project=${project}`, `--location=${location}`, ...flags],
  ];
}
