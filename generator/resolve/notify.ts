/** Where an execution tells how it ended. */
import { child } from '../config-path.ts';
import type { ConfigPath, NotifyPlan } from '../plan.ts';
import { isRecord, quote } from './describe.ts';
import { refuseProject } from './project.ts';
import type { Report } from './report.ts';

// https://cloud.google.com/pubsub/docs/pubsub-basics#resource_names
const ID = /^(?!goog)[A-Za-z][\w.~+%-]{2,254}$/;

/**
 * Reads `notify`; undefined where nothing is told.
 *
 * @param project of the config, where a topic of one word is
 */
export function readNotify(
  value: unknown,
  project: string,
  path: ConfigPath,
  report: Report,
): NotifyPlan | undefined {
  if (!isRecord(value)) return undefined;
  const { topic, on } = value;
  const name = typeof topic === 'string' ? topicName(topic, project, child(path, 'topic'), report) : '';
  return { topic: name, on: on === 'always' ? 'always' : 'failure' };
}

/** The full name of a topic, or `''` after a problem. */
function topicName(topic: string, project: string, path: ConfigPath, report: Report): string {
  const [, own = project, id = ''] = /^(?:projects\/([^/]+)\/topics\/)?([^/]+)$/.exec(topic) ?? [];
  if (id === '') {
    const hint = 'write "projects/PROJECT/topics/TOPIC", or the topic\'s id alone';
    report.problem('topic', path, `${quote(topic)} is no name of a topic`, hint);
    return '';
  }
  const refusal = own === project ? undefined : refuseProject(own);
  if (refusal) report.problem('project', path, refusal.message, refusal.hint);
  if (!ID.test(id)) {
    const hint = '3 to 255 letters, digits and any of "-._~+%"; starts with a letter, and not with "goog"';
    report.problem('topic', path, `malformed topic id ${quote(id)}`, hint);
  }
  return `projects/${own}/topics/${id}`;
}
