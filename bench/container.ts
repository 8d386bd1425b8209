/** How large the job's image is, and how long it takes to start, beside bare Node from the same image. */
import { seed } from '../emulator/registry/seed.ts';
import { startEmulator } from '../emulator/server.ts';
import { buildImage, type Image, startOf } from '../test/container-image.ts';
import { compare, run } from './measure.ts';

const name = (location: string) => `projects/acme/locations/${location}/repositories/prod`;

/** Size in MB, and medians of whole processes, read-only and as the image's user. */
export async function benchContainer(): Promise<Record<string, unknown>> {
  const image = await buildImage();
  const emulator = await startEmulator();
  try {
    for (const location of ['europe-west1', 'us-central1']) seed(emulator.registry, name(location));
    const env = { REPLICATOR_EMULATOR_HOST: emulator.host };
    const start = (of: Image, args: readonly string[]) => () => {
      const { command, args: words } = startOf(of, args);
      return run([command, ...words], { env });
    };
    const bare: Image = {
      ...image,
      config: { ...image.config, Entrypoint: ['node', '-e', '0'] },
    };
    const sides = ['--source', name('europe-west1'), '--destination', name('us-central1')];
    const help = await compare(start(image, ['--help']), start(bare, []), 9);
    const plan = await compare(start(image, ['plan', ...sides]), start(bare, []), 9);
    return {
      ownMegabytes: image.size.own / 1e6,
      withLocalNodeMegabytes: image.size.whole / 1e6,
      nodeSeconds: help.floorSeconds,
      helpSeconds: help.seconds,
      helpToNode: help.ratio,
      planSeconds: plan.seconds,
      planToNode: plan.ratio,
      peakMegabytes: Math.max(...plan.runs.map(({ peakMegabytes = 0 }) => peakMegabytes)),
    };
  } finally {
    await emulator.close();
    image.remove();
  }
}
