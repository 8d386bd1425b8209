/** Where a person looks further, in the Google Cloud console. A report is read anywhere, the emulator's pages are not: no links. */
import { consoleHost, logsPage } from '../../generator/monitoring/links.ts';
import { executionLink, type Target } from '../cloud/target.ts';
import { executionFilter } from '../watch/logs.ts';

/** Addresses of pages of the console; undefined where there is none. */
export interface Links {
  /** An execution of the workflow. */
  execution(name: string): string | undefined;
  /** The log entries of an execution. */
  logs(name: string): string | undefined;
  /** An execution of the Cloud Run job, `projects/P/locations/L/jobs/J/executions/E`. */
  job(name: string): string | undefined;
  /** The repositories of a project. */
  repositories(project: string): string | undefined;
}

const none = () => undefined;
const noLinks: Links = { execution: none, logs: none, job: none, repositories: none };

export function linksFor(target: Target): Links {
  if (target.emulator) return noLinks;
  return {
    execution: (name) => executionLink(target, name),
    logs: (name) =>
      logsPage(executionFilter(name), { project: encodeURIComponent(name.split('/')[1] ?? '') }),
    job(name) {
      const [, project, , location, , , kind, id] = name.split('/').map(encodeURIComponent);
      if (kind !== 'executions') return undefined;
      return `${consoleHost}/run/jobs/executions/details/${location}/${id}/tasks?project=${project}`;
    },
    repositories: (project) => `${consoleHost}/artifacts?project=${encodeURIComponent(project)}`,
  };
}
