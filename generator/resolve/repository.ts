/** Repositories as a config names them: by a string or by their parts. */
import { child } from '../config-path.ts';
import { type ConfigPath, type RepositoryName, resourceName } from '../plan.ts';
import { isRecord, quote } from './describe.ts';
import { checkLocation } from './location.ts';
import { refuseProject } from './project.ts';
import type { Report } from './report.ts';
import { readRepositoryName, refuseRepositoryId } from './repository-name.ts';

/**
 * Reads a repository and reports what is wrong with it; nothing where its parts can't be told.
 *
 * @param value a string, or an object with `name`, or with `project`, `location` and `repository`
 * @param extra locations beyond those known
 */
export function readRepository(
  value: unknown,
  extra: readonly string[],
  path: ConfigPath,
  report: Report,
): RepositoryName | undefined {
  if (typeof value === 'string') return fromString(value, extra, path, report);
  if (!isRecord(value)) return undefined;
  if (typeof value.name === 'string') return fromString(value.name, extra, child(path, 'name'), report);
  return fromParts(value, extra, path, report);
}

function fromString(
  text: string,
  extra: readonly string[],
  path: ConfigPath,
  report: Report,
): RepositoryName | undefined {
  const result = readRepositoryName(text);
  if (!('name' in result)) {
    report.problem('repository-name', path, result.message, result.hint);
    return undefined;
  }
  const { name, form } = result;
  if (form !== undefined) report.notice(path, `read ${quote(text)}, ${form}, as "${resourceName(name)}"`);
  checkLocation(name.location, name.repository, extra, path, report);
  return name;
}

function fromParts(
  { project, location, repository }: Record<string, unknown>,
  extra: readonly string[],
  path: ConfigPath,
  report: Report,
): RepositoryName | undefined {
  const isText = (value: unknown): value is string => typeof value === 'string';
  const badProject = isText(project) ? refuseProject(project) : undefined;
  const badRepository = isText(repository) ? refuseRepositoryId(repository) : undefined;
  if (badProject) report.problem('project', child(path, 'project'), badProject.message, badProject.hint);
  if (badRepository) {
    // The whole name in the place of its last part is the likeliest of mistakes.
    const whole = isText(repository) && repository.includes('/');
    const hint = whole
      ? 'only the last part; a whole name goes in without project and location'
      : badRepository.hint;
    report.problem('repository-name', child(path, 'repository'), badRepository.message, hint);
  }
  if (!isText(location)) return undefined;
  const lower = location.toLowerCase();
  checkLocation(lower, isText(repository) ? repository : undefined, extra, child(path, 'location'), report);
  if (!isText(project) || !isText(repository) || badProject || badRepository) return undefined;
  return { project, location: lower, repository };
}
