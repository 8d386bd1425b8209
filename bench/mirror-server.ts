/** An emulator with a leader and a follower that is equal but for some versions, in a process of its own. */
import { bareImages, seed } from '../emulator/registry/seed.ts';
import { startEmulator } from '../emulator/server.ts';
import { claimLabel, claimOf } from '../job/difference/guards.ts';

const [packages = 20, images = 1000, different = 0] = process.argv.slice(2).map(Number);
const counts: Record<string, number> = {};
const emulator = await startEmulator({
  onRequest: ({ method }) => {
    counts[method] = (counts[method] ?? 0) + 1;
  },
});

const leader = { project: 'acme', location: 'us', repository: 'leader' };
const names = (count: number, label: string) =>
  Object.fromEntries(Array.from({ length: count }, (_, index) => [`team/app-${index}`, label]));
const contents = (extra: number) =>
  Object.fromEntries(
    Object.keys(names(packages, '')).map((name) => [
      name,
      [...bareImages(images, name, 1), ...bareImages(extra, `${name} extra`, 0)].map((one) => ({
        ...one,
        // Docker's own manifests: nothing about them has to be read from bytes that are not there.
        image: { ...one.image, mediaType: 'application/vnd.docker.distribution.manifest.v2+json' },
      })),
    ]),
  );
seed(emulator.registry, 'projects/acme/locations/us/repositories/leader', { packages: contents(0) });
seed(emulator.registry, 'projects/acme/locations/europe/repositories/follower', {
  resource: { labels: { [claimLabel]: claimOf(leader) } },
  packages: contents(different / packages),
});

process.on('message', () => {
  process.send?.(counts);
  for (const method of Object.keys(counts)) delete counts[method];
});
process.send?.(emulator.host);
