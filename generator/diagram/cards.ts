/** The cards around the workflow but for the followers: what starts it, what it reads, what it uses, whom it tells. */
import { following } from '../compile/compile.ts';
import type { JobPlan, NotifyPlan, WorkflowPlan } from '../plan.ts';
import { type Box, card, type Line, widest } from './box.ts';
import { cronInWords } from './cron-in-words.ts';
import { shortName } from './follower-boxes.ts';
import { count } from './settings.ts';
import { wrap } from './text.ts';

export function scheduleCard({ schedule }: WorkflowPlan): Box {
  if (!schedule)
    return card('schedule', [
      { face: 'kind', text: 'NO SCHEDULE', isQuiet: true },
      { face: 'title', text: 'only by hand' },
      { face: 'name', text: 'npm run replicate', isQuiet: true },
    ]);
  const words = cronInWords(schedule.cron);
  return card('schedule', [
    { face: 'kind', text: 'SCHEDULE', isQuiet: true },
    ...(words === undefined ? [] : [{ face: 'title', text: words } as const]),
    ...lines('name', schedule.cron, words !== undefined),
    ...lines('note', schedule.timeZone, true),
  ]);
}

export function leaderCard({ source }: WorkflowPlan): Box {
  return card('leader', [
    { face: 'kind', text: 'LEADER', isQuiet: true },
    ...lines('title', source.repository, false),
    ...lines('name', shortName(source), true),
  ]);
}

export function jobCard(
  { name, destinations }: WorkflowPlan,
  { tasks, memory, cpu, image, service }: JobPlan,
): Box {
  const copies = destinations.some(({ copy }) => copy.engine === 'job');
  const does = [
    ...(copies ? [tasks > 1 ? `copies in ${tasks} tasks` : 'copies'] : []),
    ...following(destinations).map((command) => ({ mirror: 'mirrors', verify: 'verifies' })[command]),
    'plans dry runs',
  ];
  return card('job', [
    { face: 'kind', text: 'CLOUD RUN JOB', isQuiet: true },
    ...lines('title', name, false),
    ...lines('note', does.join(', '), false),
    { face: 'note', text: `${count(cpu, 'CPU')}, ${memory}`, isQuiet: true },
    {
      face: 'note',
      text: image === undefined ? 'image built by deploy' : 'image from the config',
      isQuiet: true,
    },
    ...(service ? [{ face: 'note', text: 'and a service: POST /copy', isQuiet: true } as const] : []),
  ]);
}

export function topicCard({ topic, on }: NotifyPlan): Box {
  const [, project = '', , name = topic] = topic.split('/');
  return card('topic', [
    { face: 'kind', text: 'PUB/SUB TOPIC', isQuiet: true },
    ...lines('title', name, false),
    ...lines('name', project, true),
    { face: 'note', text: on === 'always' ? 'told of every run' : 'told of runs that failed' },
  ]);
}

/** Text of any length in a card. */
function lines(face: Line['face'], text: string, isQuiet: boolean): Line[] {
  return wrap(text, face, widest * 0.75, 4).map((line) => ({ face, text: line, isQuiet }));
}
