/**
 * `npm run demo`: the whole job on the embedded emulator. A leader with real images, three followers, the
 * workflow that the generator writes for them, deployed and executed; then every digest and tag is compared.
 */

import type { Emulator } from '../emulator/server.ts';
import { resourceName, type WorkflowPlan } from '../generator/plan.ts';
import { widthOf } from '../job/print/screen.ts';
import { table } from '../job/print/table.ts';
import { chalk } from './colours.ts';
import { contentsOf, differences, tagCount } from './demo/compare.ts';
import { follow } from './demo/follow.ts';
import { makeWorld, short } from './demo/world.ts';
import { readFlags, runCommand } from './flags.ts';

const help = `npm run demo [-- --keep]

Runs the whole job on the embedded emulator: a leader and three followers with real images, the generated
workflow, an execution. Exits 1 unless every follower is equal to the leader.

  --keep   leave the emulator running afterwards, and say how to look at it
  --help   this text`;

async function demo(args: readonly string[]): Promise<number> {
  const { values } = readFlags(args, help, { keep: { type: 'boolean' } });
  // The emulator keeps its images in a folder that is to go with it.
  const interrupted = new Promise<void>((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve());
  });
  const { emulator, plan, workflow } = await makeWorld(say, ({ url }) =>
    say(
      'console',
      `${url}/ in a browser${values.keep ? '' : ', while the demo runs; with -- --keep it stays'}`,
    ),
  );
  try {
    const shown = await Promise.race([show(emulator, plan, workflow), interrupted]);
    if (!shown) return 130;
    if (values.keep) {
      tellHowToLook(emulator, plan, shown.execution);
      await interrupted;
    }
    return shown.good ? 0 : 1;
  } finally {
    await emulator.close();
  }
}

async function show(emulator: Emulator, plan: WorkflowPlan, workflow: string) {
  const { state, execution } = await follow(emulator, workflow, say);
  const equal = await compare(emulator, plan);
  const good = state === 'SUCCEEDED' && equal;
  console.log(
    good ? chalk.green('\nEvery follower is equal to the leader.') : chalk.red('\nThe followers differ.'),
  );
  return { execution, good };
}

function say(what: string, text: string): void {
  console.log(`${chalk.bold(what.padEnd(10))} ${text}`);
}

async function compare(emulator: Emulator, { source, destinations }: WorkflowPlan): Promise<boolean> {
  const leader = await contentsOf(emulator.url, resourceName(source));
  const rows = [
    ['repository', 'images', 'tags', 'equal'],
    [short(source), String(leader.size), String(tagCount(leader)), 'leader'],
  ];
  const found: string[] = [];
  for (const { repository } of destinations) {
    const follower = await contentsOf(emulator.url, resourceName(repository));
    const different = differences(leader, follower);
    found.push(...different.map((text) => `${short(repository)}: ${text}`));
    rows.push([
      short(repository),
      String(follower.size),
      String(tagCount(follower)),
      different.length === 0 ? 'yes' : 'NO',
    ]);
  }
  const columns = [{}, { right: true }, { right: true }, {}];
  console.log(`\n${table(rows, columns, { width: widthOf(process.stdout) }).join('\n')}`);
  for (const text of found) console.log(text);
  return leader.size > 0 && found.length === 0;
}

function tellHowToLook(emulator: Emulator, plan: WorkflowPlan, execution: string): void {
  const follower = plan.destinations[0]?.repository ?? plan.source;
  const image = `${emulator.host}/${short(follower)}/web/hono`;
  console.log(`
The emulator goes on at ${emulator.url}; Ctrl-C stops it. To look, in a browser:

  ${emulator.url}/#/execution?name=${execution}
  ${emulator.url}/#/repositories

With other programs:

  skopeo list-tags --tls-verify=false docker://${image}
  skopeo inspect --raw --tls-verify=false docker://${image}:multi
  curl ${emulator.url}/v1/${resourceName(follower)}/dockerImages

  export CLOUDSDK_AUTH_DISABLE_CREDENTIALS=true CLOUDSDK_CORE_PROJECT=${plan.project}
  export CLOUDSDK_API_ENDPOINT_OVERRIDES_ARTIFACTREGISTRY=${emulator.url}/
  export CLOUDSDK_API_ENDPOINT_OVERRIDES_WORKFLOWEXECUTIONS=${emulator.url}/
  gcloud artifacts repositories describe ${follower.repository} --project=${follower.project} --location=${follower.location}
  gcloud workflows executions list ${plan.name} --location=${plan.region}`);
}

await runCommand('demo', () => demo(process.argv.slice(2)));
