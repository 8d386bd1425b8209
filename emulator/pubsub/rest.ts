/** The Pub/Sub v1 REST API, as far as it is emulated. https://cloud.google.com/pubsub/docs/reference/rest */
import type { Hono, Context as HonoContext } from 'hono';
import { array, number, object, optional, record, safeParse, string } from 'valibot';
import { GoogleError } from '../errors.ts';
import { body } from '../workflows/rest/request.ts';
import { split } from '../workflows/rest/workflows.ts';
import type { Topics } from './topics.ts';

const published = array(
  object({
    data: optional(string()),
    attributes: optional(record(string(), string())),
    orderingKey: optional(string()),
  }),
);

/** Fields of a topic and a subscription that are taken and have no effect here. */
const ignored = [
  'labels',
  'messageStoragePolicy',
  'kmsKeyName',
  'schemaSettings',
  'messageRetentionDuration',
  'pushConfig',
  'ackDeadlineSeconds',
  'retainAckedMessages',
  'enableMessageOrdering',
  'expirationPolicy',
  'filter',
  'deadLetterPolicy',
  'retryPolicy',
  'enableExactlyOnceDelivery',
];

const invalid = (message: string) => new GoogleError('INVALID_ARGUMENT', message);

/** Mounts the API. */
export function mountPubsub(app: Hono, topics: Topics): void {
  const projectOf = (c: HonoContext) => `projects/${c.req.param('project')}`;
  const topicOf = (c: HonoContext) => `${projectOf(c)}/topics/${c.req.param('topic')}`;
  const subscriptionOf = (c: HonoContext) => `${projectOf(c)}/subscriptions/${c.req.param('subscription')}`;
  const topic = '/v1/projects/:project/topics/:topic';
  const subscription = '/v1/projects/:project/subscriptions/:subscription';

  app.put(topic, async (c) => {
    await body(c, ['name', ...ignored]);
    topics.create(topicOf(c));
    return c.json({ name: topicOf(c) });
  });
  app.get(topic, (c) => {
    topics.messages(topicOf(c));
    return c.json({ name: topicOf(c) });
  });
  app.get('/v1/projects/:project/topics', (c) =>
    c.json({ topics: topics.list(projectOf(c)).map((name) => ({ name })) }),
  );
  app.delete(topic, (c) => {
    topics.delete(topicOf(c));
    return c.json({});
  });
  app.post(topic, async (c) => {
    const [name, verb] = split(topicOf(c));
    if (verb !== 'publish') throw new GoogleError('NOT_FOUND', `There is no method ${verb} for topics.`);
    const read = safeParse(published, (await body(c, ['messages'])).messages ?? []);
    if (!read.success) throw invalid(`Invalid value at 'messages': ${read.issues[0].message}`);
    const messages = read.output.map(({ data, attributes, orderingKey }) => ({
      ...(data !== undefined && { data }),
      ...(attributes && { attributes }),
      ...(orderingKey !== undefined && { orderingKey }),
    }));
    return c.json({ messageIds: topics.publish(name, messages) });
  });

  const shown = (name: string) => ({ name, topic: topics.subscription(name).topic, state: 'ACTIVE' });
  app.put(subscription, async (c) => {
    const { topic: of } = await body(c, ['name', 'topic', ...ignored]);
    if (typeof of !== 'string') throw invalid('A subscription needs a topic.');
    topics.subscribe(subscriptionOf(c), of);
    return c.json(shown(subscriptionOf(c)));
  });
  app.get(subscription, (c) => c.json(shown(subscriptionOf(c))));
  app.get('/v1/projects/:project/subscriptions', (c) =>
    c.json({ subscriptions: topics.subscriptions(projectOf(c)).map(shown) }),
  );
  app.delete(subscription, (c) => {
    topics.unsubscribe(subscriptionOf(c));
    return c.json({});
  });
  app.post(subscription, async (c) => {
    const [name, verb] = split(subscriptionOf(c));
    const given = await body(c, ['maxMessages', 'returnImmediately', 'ackIds']);
    if (verb === 'acknowledge') {
      const ids = safeParse(array(string()), given.ackIds);
      if (!ids.success) throw invalid("Invalid value at 'ack_ids'.");
      topics.acknowledge(name, ids.output);
      return c.json({});
    }
    if (verb !== 'pull') throw new GoogleError('NOT_FOUND', `There is no method ${verb} for subscriptions.`);
    const most = safeParse(number(), given.maxMessages);
    if (!most.success || most.output < 1) throw invalid("'max_messages' must be positive.");
    const receivedMessages = topics.pull(name, most.output);
    return c.json(receivedMessages.length > 0 ? { receivedMessages } : {});
  });
}
