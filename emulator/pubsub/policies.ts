/** IAM policies of Pub/Sub's topics; the topics themselves are where the connectors of workflows find them. */
import type { Hono } from 'hono';
import type { Policies } from '../iam/policies.ts';
import { restRoute, restService } from '../rest.ts';
import type { Topics } from './topics.ts';

/**
 * The REST API. A topic that is not there has no policy either.
 *
 * @param topics asked for with each call: they are made with the engine of workflows, which has options of its own
 */
export function topicPolicies(topics: () => Topics, policies: Policies): Hono {
  const topic = '/v1/projects/*/topics/*';
  const named = ([project, id]: readonly string[]) => {
    const name = `projects/${project}/topics/${id}`;
    topics().messages(name);
    return name;
  };
  return restService([
    restRoute(`GET ${topic}:getIamPolicy`, ({ ids }) => policies.get(named(ids))),
    restRoute(`POST ${topic}:setIamPolicy`, ({ ids, body }) => policies.set(named(ids), body)),
    restRoute(`POST ${topic}:testIamPermissions`, ({ ids, body: { permissions = [] } }) => {
      named(ids);
      return { permissions };
    }),
  ]);
}
