/** A plan in sentences: the picture for who does not see it. */
import { resourceName, type WorkflowPlan } from '../plan.ts';
import { cronInWords } from './cron-in-words.ts';
import { shortName } from './follower-boxes.ts';
import { count, settingsInWords } from './settings.ts';

export function describePlan(plan: WorkflowPlan): string {
  const { schedule, name, project, region, source, destinations, job, notify } = plan;
  const words = schedule && cronInWords(schedule.cron);
  const when = schedule
    ? `The schedule ${schedule.cron}${words === undefined ? '' : ` (${words})`}, time zone ${schedule.timeZone}, starts`
    : 'Only by hand is started';
  const followers = destinations.map((destination) => {
    const settings = settingsInWords(destination);
    return `${destination.id} (${shortName(destination.repository)}${settings.map((line) => `; ${line}`).join('')})`;
  });
  return [
    `${when} the workflow ${name} of project ${project} in ${region}.`,
    `It copies the leader ${resourceName(source)} to ${count(destinations.length, 'follower')}: ${followers.join(', ')}.`,
    ...(job ? ['A Cloud Run job does what goes beyond CopyRepository.'] : []),
    ...(notify
      ? [
          `The Pub/Sub topic ${notify.topic} is told of ${notify.on === 'always' ? 'every run' : 'runs that failed'}.`,
        ]
      : []),
  ].join(' ');
}
