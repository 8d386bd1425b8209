/**
 * `npm run demo`: the whole job on the embedded emulator. A leader with real images, three followers, the
 * workflow that the generator writes for them, deployed and executed; then every digest and tag is compared.
 */
import { fileURLToPath } from 'node:url';
import { chalk } from 'zx';
import { realClock } from '../emulator/clock.ts';
import { type Emulator, startEmulator } from '../emulator/server.ts';
import { type RepositoryName, resourceName, type WorkflowPlan } from '../generator/plan.ts';
import { prepare } from '../generator/prepare.ts';
import { printFaults } from '../generator/print-faults.ts';
import { contentsOf, differences, tagCount } from './demo/compare.ts';
import { follow } from './demo/follow.ts';
import { demoImages, type Image } from './demo/images.ts';
import { push } from './demo/push.ts';
import { readFlags, runCommand } from './flags.ts';
import { rest } from './rest.ts';
import { megabytes, table } from './table.ts';

const help = `npm run demo [-- --keep]

Runs the whole job on the embedded emulator: a leader and three followers with real images, the generated
workflow, an execution. Exits 1 unless every follower is equal to the leader.

  --keep   leave the emulator running afterwards, and say how to look at it
  --help   this text`;

/** The emulator's time runs faster, so that nobody waits for the pauses between polls. */
const speed = 4;

async function demo(args: readonly string[]): Promise<number> {
  const { values } = readFlags(args, { keep: { type: 'boolean' }, help: { type: 'boolean' } });
  if (values.help) {
    console.log(help);
    return 0;
  }
  const config = fileURLToPath(new URL('demo/replicator.config.ts', import.meta.url));
  const { plans, files, faults } = await prepare(config, 'scripts/demo/replicator.config.ts');
  const [plan, file] = [plans[0], files[0]];
  if (!plan || !file) throw new Error(printFaults(faults));

  const emulator = await startEmulator({
    clock: realClock(speed),
    behavior: { copyVersionsPerSecond: 3, copyStartSeconds: 1 },
  });
  try {
    say('emulator', `${emulator.url}, its time ${speed} times as fast`);
    await fill(emulator, plan);
    say(
      'generate',
      `${file.name}: ${plan.destinations.length} destinations, ${Math.round(file.text.length / 1024)} KB of YAML`,
    );
    const parent = `projects/${plan.project}/locations/${plan.region}`;
    await rest(emulator.url, 'POST', `${parent}/workflows?workflowId=${plan.name}`, {
      sourceContents: file.text,
    });
    say('deploy', `${parent}/workflows/${plan.name}`);
    const state = await follow(emulator, `${parent}/workflows/${plan.name}`, say);
    const equal = await compare(emulator, plan);
    const good = state === 'SUCCEEDED' && equal;
    console.log(
      good ? chalk.green('\nEvery follower is equal to the leader.') : chalk.red('\nThe followers differ.'),
    );
    if (values.keep) await keep(emulator, plan);
    return good ? 0 : 1;
  } finally {
    await emulator.close();
  }
}

function say(what: string, text: string): void {
  console.log(`${chalk.bold(what.padEnd(10))} ${text}`);
}

/** Creates the repositories, and pushes the leader's images and a few of them to the last follower. */
async function fill(emulator: Emulator, { source, destinations }: WorkflowPlan): Promise<void> {
  for (const { project, location, repository } of [source, ...destinations.map((one) => one.repository)])
    await rest(
      emulator.url,
      'POST',
      `projects/${project}/locations/${location}/repositories?repositoryId=${repository}`,
      {
        format: 'DOCKER',
      },
    );
  const began = Date.now();
  const images = demoImages();
  for (const image of images) await push(pushUrl(emulator, source), image);
  const sizes = new Map(
    images
      .flatMap(({ manifest, blobs }) => [manifest, ...blobs])
      .map(({ digest, bytes }) => [digest, bytes.length]),
  );
  const bytes = [...sizes.values()].reduce((sum, size) => sum + size, 0);
  const seconds = ((Date.now() - began) / 1000).toFixed(1);
  say('leader', `${short(source)}: ${describe(images)}, ${megabytes(bytes)} pushed in ${seconds} s`);
  const partly = destinations.at(-1);
  const some = images.filter(({ tags }) => tags.length > 0).slice(0, 4);
  if (partly) for (const image of some) await push(pushUrl(emulator, partly.repository), image);
  for (const one of destinations)
    say(
      'follower',
      `${short(one.repository)}: ${one === partly ? `${describe(some)} already there` : 'empty'}`,
    );
}

function pushUrl({ url }: Emulator, { project, location, repository }: RepositoryName): string {
  return `${url}/v2/${location}/${project}/${repository}`;
}

function short({ project, location, repository }: RepositoryName): string {
  return `${location}/${project}/${repository}`;
}

function describe(images: readonly Image[]): string {
  const packages = new Set(images.map((image) => image.package)).size;
  const tags = images.reduce((sum, image) => sum + image.tags.length, 0);
  return `${images.length} images with ${tags} tags in ${packages} packages`;
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
  console.log(`\n${table(rows, [1, 2])}`);
  for (const text of found) console.log(text);
  return leader.size > 0 && found.length === 0;
}

/** Waits for Ctrl-C. */
async function keep(emulator: Emulator, plan: WorkflowPlan): Promise<void> {
  const follower = plan.destinations[0]?.repository ?? plan.source;
  const image = `${emulator.host}/${short(follower)}/web/hono`;
  console.log(`
The emulator goes on at ${emulator.url}; Ctrl-C stops it. To look:

  skopeo list-tags --tls-verify=false docker://${image}
  skopeo inspect --raw --tls-verify=false docker://${image}:multi
  curl ${emulator.url}/v1/${resourceName(follower)}/dockerImages

  export CLOUDSDK_AUTH_DISABLE_CREDENTIALS=true CLOUDSDK_CORE_PROJECT=${plan.project}
  export CLOUDSDK_API_ENDPOINT_OVERRIDES_ARTIFACTREGISTRY=${emulator.url}/
  export CLOUDSDK_API_ENDPOINT_OVERRIDES_WORKFLOWEXECUTIONS=${emulator.url}/
  gcloud artifacts repositories describe ${follower.repository} --project=${follower.project} --location=${follower.location}
  gcloud workflows executions list ${plan.name} --location=${plan.region}`);
  await new Promise<void>((resolve) => {
    process.once('SIGINT', resolve);
    process.once('SIGTERM', resolve);
  });
}

await runCommand('demo', () => demo(process.argv.slice(2)));
