/** Notification channels that alert policies name: a policy with one that is not there is refused. */
import type { WorkflowPlan } from '../../generator/plan.ts';
import { type Api, ApiError, isDisabled } from '../cloud/api.ts';
import { type Finding, findings } from './finding.ts';

/** A channel, as far as it is looked at. */
interface Channel {
  readonly displayName?: string;
  readonly type?: string;
  readonly enabled?: boolean;
}

/** One finding for each channel; none where no alert tells anybody. */
export function checkChannels(api: Api, { monitoring }: WorkflowPlan): Promise<Finding[]> {
  return Promise.all((monitoring?.alerts?.channels ?? []).map((name) => checkChannel(api, name)));
}

async function checkChannel(api: Api, name: string): Promise<Finding> {
  const { ok, fail, note } = findings('channels');
  const [, project = ''] = name.split('/');
  const list = `gcloud beta monitoring channels list --project=${project}`;
  try {
    const channel = await api.find<Channel>('monitoring', `v3/${name}`);
    if (!channel) return fail(`there is no notification channel ${name}`, list);
    const { displayName = name, type = 'of an unknown type', enabled = true } = channel;
    if (!enabled)
      return note(`the notification channel ${displayName} (${type}) is disabled: nobody will be told`, list);
    return ok(`${displayName} (${type})`);
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    // Where the API is off there is no channel either.
    if (isDisabled(error)) return fail(`there is no notification channel ${name}`, list);
    return note(`${name}: could not be read (${error.message})`);
  }
}
