/** IAM policies of Pub/Sub's topics; the topics themselves are where the connectors of workflows find them. */
import type { Hono } from 'hono';
import type { Policies } from '../iam/policies.ts';
import { policyRoutes } from '../iam/policy-routes.ts';
import { restService } from '../rest.ts';
import type { Topics } from './topics.ts';

/**
 * The REST API. A topic that is not there has no policy either.
 *
 * @param topics asked for with each call: they are made with the engine of workflows, which has options of its own
 */
export function topicPolicies(topics: () => Topics, policies: Policies): Hono {
  const nameOf = ([project, id]: readonly string[]) => {
    const name = `projects/${project}/topics/${id}`;
    topics().messages(name);
    return name;
  };
  return restService(policyRoutes('/v1/projects/*/topics/*', policies, nameOf));
}
