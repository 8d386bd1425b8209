/** The topic that executions tell their end on: that it is there. */
import type { WorkflowPlan } from '../../generator/plan.ts';
import { type Api, ApiError, isDisabled } from '../cloud/api.ts';
import { commandLine } from '../cloud/gcloud.ts';
import { type Finding, findings } from './finding.ts';

/** Nothing where the config asks for no topic. */
export async function checkTopic(api: Api, { notify }: WorkflowPlan): Promise<Finding[]> {
  if (!notify) return [];
  const { ok, fail, note } = findings('topic');
  const { topic } = notify;
  const [, project = '', , id = ''] = topic.split('/');
  const create = commandLine(['pubsub', 'topics', 'create', id, `--project=${project}`]);
  try {
    if (await api.find('pubsub', `v1/${topic}`)) return [ok(topic)];
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    // Where Pub/Sub is off there is no topic; gcloud offers to enable it.
    if (!isDisabled(error))
      return [note(`${topic} cannot be seen, or is not there (${error.message})`, create)];
  }
  return [fail(`there is no topic ${topic}, which notify names`, create)];
}
