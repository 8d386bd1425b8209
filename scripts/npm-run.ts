/** Commands that a message names: about the same config as the one that prints it. */
import { shellWord } from './cloud/gcloud.ts';

/** Flags that say what a command is about. */
export interface About {
  readonly config?: string | undefined;
  readonly name?: string | undefined;
}

/**
 * `npm run status -- --config other.config.ts`.
 *
 * @param flags of the named command, before those that say what it is about
 */
export function npmRun(script: string, { config, name }: About, ...flags: string[]): string {
  const words = [
    ...flags,
    ...(config === undefined ? [] : ['--config', config]),
    ...(name === undefined ? [] : ['--name', name]),
  ];
  return [`npm run ${script}`, ...(words.length > 0 ? ['--', ...words.map(shellWord)] : [])].join(' ');
}
