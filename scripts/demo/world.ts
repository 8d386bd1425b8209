/** The demo's world: an emulator with a leader full of real images, three followers, and the generated workflow deployed. */
import { fileURLToPath } from 'node:url';
import { type Clock, realClock } from '../../emulator/clock.ts';
import type { Fault } from '../../emulator/faults.ts';
import { type Emulator, startEmulator } from '../../emulator/server.ts';
import { type RepositoryName, repositoriesOf, type WorkflowPlan } from '../../generator/plan.ts';
import { prepare } from '../../generator/prepare.ts';
import { printFaults } from '../../generator/print-faults.ts';
import { size } from '../../job/print/quantity.ts';
import { placeOf, workflowName } from '../deploy/names.ts';
import { makeRepositories, rest } from '../rest.ts';
import { demoImages, type Image } from './images.ts';
import { push } from './push.ts';

/** Prints a line under a heading. */
export type Say = (what: string, text: string) => void;

/** What the demo runs in. */
export interface World {
  readonly emulator: Emulator;
  readonly plan: WorkflowPlan;
  /** `projects/P/locations/L/workflows/W` */
  readonly workflow: string;
}

/** The emulator's time runs faster, so that nobody waits for the pauses between polls. */
const speed = 4;

/**
 * Starts the emulator, fills the repositories, generates and deploys the workflow. Whoever calls it closes the
 * emulator.
 *
 * @param started called with the emulator as soon as it listens
 * @param faults answers that go wrong, copies that fail; none when absent
 * @param clock the emulator's time; the wall's, faster, when absent
 */
export async function makeWorld(
  say: Say,
  started: (emulator: Emulator) => void = () => {},
  faults: readonly Fault[] = [],
  clock?: Clock,
): Promise<World> {
  const config = fileURLToPath(new URL('replicator.config.ts', import.meta.url));
  const { plans, files, faults: problems } = await prepare(config, 'scripts/demo/replicator.config.ts');
  const [plan, file] = [plans[0], files[0]];
  if (!plan || !file) throw new Error(printFaults(problems));
  const emulator = await startEmulator({
    clock: clock ?? realClock(speed),
    behavior: { copyVersionsPerSecond: 3, copyStartSeconds: 1 },
    faults,
  });
  try {
    say('emulator', clock ? emulator.url : `${emulator.url}, its time ${speed} times as fast`);
    started(emulator);
    await fill(emulator, plan, say);
    const { length } = plan.destinations;
    say(
      'generate',
      `${file.name}: ${length} destinations, ${Math.round(file.text.length / 1024)} KB of YAML`,
    );
    await rest(emulator.url, 'POST', `${placeOf(plan)}/workflows?workflowId=${plan.name}`, {
      sourceContents: file.text,
      description: 'The demo: one leader, three followers',
    });
    const workflow = workflowName(plan);
    say('deploy', workflow);
    return { emulator, plan, workflow };
  } catch (error) {
    await emulator.close();
    throw error;
  }
}

/** Creates the repositories, and pushes the leader's images and a few of them to the last follower. */
async function fill(emulator: Emulator, plan: WorkflowPlan, say: Say): Promise<void> {
  const { source, destinations } = plan;
  await makeRepositories(emulator.url, repositoriesOf(plan));
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
  say('leader', `${short(source)}: ${describe(images)}, ${size(bytes)} pushed in ${seconds} s`);
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

/** `LOCATION/PROJECT/REPOSITORY`, as the path of an image has it. */
export function short({ project, location, repository }: RepositoryName): string {
  return `${location}/${project}/${repository}`;
}

function describe(images: readonly Image[]): string {
  const packages = new Set(images.map((image) => image.package)).size;
  const tags = images.reduce((sum, image) => sum + image.tags.length, 0);
  return `${images.length} images with ${tags} tags in ${packages} packages`;
}
