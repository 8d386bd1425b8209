/** Resource Manager, as far as one looks at a project: every project is there, with a number made of its id. */
import type { Hono } from 'hono';
import { restRoute, restService } from '../rest.ts';
import { projectNumber } from './number.ts';

/** The REST API: `projects.get` of v1 and v3. Policies are answered by IAM. */
export function projectsService(): Hono {
  return restService([
    restRoute('GET /v1/projects/*', ({ ids: [project = ''] }) => ({
      projectNumber: projectNumber(project),
      projectId: project,
      lifecycleState: 'ACTIVE',
      name: project,
    })),
    restRoute('GET /v3/projects/*', ({ ids: [project = ''] }) => ({
      name: `projects/${projectNumber(project)}`,
      projectId: project,
      state: 'ACTIVE',
      displayName: project,
    })),
  ]);
}
